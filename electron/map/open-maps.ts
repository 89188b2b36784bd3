import type { TownMap } from '../../contract/map.ts';
import type { Log } from '../log.ts';
import { readTownMap } from './town-map.ts';

type Files = { files: ReadonlyMap<string, Uint8Array> };

/** Reads the map of a bundle when it is first asked for, and not again until there is another bundle. */
export function openTownMaps({ municipality, log }: { municipality: string; log: Log }): { of(bundle: Files | null): TownMap | null } {
  let read: { bundle: Files; map: TownMap | null } | null = null;
  return {
    of(bundle) {
      if (bundle === null) return null;
      if (read?.bundle !== bundle) read = { bundle, map: readTownMap(bundle.files, municipality, log) };
      return read.map;
    },
  };
}
