import type { StreetFinder } from '../../contract/address.ts';
import type { TownMap } from '../../contract/map.ts';
import { type Prepared, readOrLeave } from '../terminal/prepare-start.ts';
import type { Pages } from './open-pages.ts';
import { preload } from './places.ts';

/** The dock: in the product build this is nothing, and the bundler leaves out all it would need. */
export async function openDemo(
  { args }: Prepared,
  { sessions: [session], doors }: Pages,
  parts: { countWaiting: () => number; operatorSecret: () => string | null },
): Promise<(() => void) | null> {
  if (__LOKET_BUILD__ === 'demo') {
    if (!args.demoEdges) return null;
    const { openDock } = await import('../demo/open-dock.ts');
    const { readEdges } = await import('../demo/edges.ts');
    const edges = readOrLeave(args.demoEdges, '--demo-edges', readEdges);
    const { door, stop } = openDock({ edges, session, preload, ...parts });
    doors.push(door);
    return stop;
  }
  return null;
}

/** In a demo there is no bundle with a copy of the register and a map; the product never has these. */
export function openInventedPlaces(): { streets: StreetFinder | null; map: TownMap | null } {
  const invented: ReturnType<typeof openInventedPlaces> = { streets: null, map: null };
  if (__LOKET_BUILD__ === 'demo') {
    void import('../demo/demo-streets.ts').then(({ demoStreets }) => {
      invented.streets = demoStreets;
    });
    void import('../demo/demo-map.ts').then(({ demoMap }) => {
      invented.map = demoMap;
    });
  }
  return invented;
}
