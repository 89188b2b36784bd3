import type { TownMap } from '../../contract/map.ts';

export type MapPush = {
  /** A new document holds nothing. */
  pageReady(): void;
  /** Sends the map, unless the page has it. */
  show(): void;
};

/** The map goes to the page when somebody opens it, and once: it is larger than everything else that the page gets. */
export function createMapPush({ map, send }: { map: () => TownMap | null; send: (map: TownMap) => void }): MapPush {
  let shown: TownMap | null = null;
  return {
    pageReady() {
      shown = null;
    },
    show() {
      const newest = map();
      if (newest === null || newest === shown) return;
      shown = newest;
      send(newest);
    },
  };
}
