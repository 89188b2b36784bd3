import { type Degrees, type Point, toDegrees } from '../../contract/lambert.ts';
import { TownMap } from '../../contract/map.ts';
import type { Log } from '../log.ts';

/** The drawing of this municipality out of a bundle, from as many files as it has; null: none that can be used. */
export function readTownMap(files: ReadonlyMap<string, Uint8Array>, municipality: string, log: Log): TownMap | null {
  const isOurs = new RegExp(`^map/${municipality}(-\\d+)?\\.json$`);
  const parts = [...files].filter(([name]) => isOurs.test(name)).map(([, bytes]) => TownMap.safeParse(parse(bytes)));
  const good = parts.flatMap(({ success, data }) => (success && data.municipality === municipality ? [data] : []));
  // A map with a hole in it would send people to the wrong street: all of it, or none.
  if (good.length < parts.length) log('map_refused', { parts: parts.length - good.length });
  const [first] = good;
  return first && good.length === parts.length ? good.reduce(join, { ...first, names: [], tiles: [] }) : null;
}

/** A street that goes on in another file is one street, with one name. */
function join(whole: TownMap, part: TownMap): TownMap {
  const names = [...whole.names];
  const places = new Map(names.map(({ nl }, place) => [nl, place]));
  const moved = part.names.map((name) => {
    const place = places.get(name.nl) ?? names.push(name) - 1;
    places.set(name.nl, place);
    return place;
  });
  const tiles = part.tiles.map((tile) => ({
    ...tile,
    lines: tile.lines.map((line) => ({ ...line, name: line.name === null ? null : (moved[line.name] ?? null) })),
  }));
  const asOf = [part.asOf, whole.asOf].toSorted()[0] ?? whole.asOf;
  return { ...whole, asOf, names, tiles: [...whole.tiles, ...tiles] };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

/** Whole metres, inside what the map shows; null for anything else. */
export function readPoint(map: TownMap | null, x: string, y: string): (Point & Degrees) | null {
  if (map === null || !/^\d{1,7}$/.test(x) || !/^\d{1,7}$/.test(y)) return null;
  const point = { x: Number(x), y: Number(y) };
  const edge = (side: 0 | 1 | 2 | 3) => map.tiles.map(({ box }) => box[side]);
  const inside =
    point.x >= Math.min(...edge(0)) &&
    point.y >= Math.min(...edge(1)) &&
    point.x <= Math.max(...edge(2)) &&
    point.y <= Math.max(...edge(3));
  return inside ? { ...point, ...toDegrees(point) } : null;
}
