import { TownMap } from '../../contract/map.ts';
import map from './map.json' with { type: 'json' };

/** An invented town with the invented streets (build/map/invent-town.ts), in place of the map that a bundle brings. */
export const demoMap = TownMap.parse(map);
