import { create } from 'zustand';
import type { TownMap } from '../../contract/map.ts';

/** The map as main sent it, for as long as this document lives: it says nothing about anybody. */
export const useTownMap = create<{ map: TownMap | null; takeMap(map: TownMap): void }>()((set) => ({
  map: null,
  takeMap: (map) => set({ map }),
}));
