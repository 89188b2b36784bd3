import type { Point } from '../../contract/lambert.ts';
import type { MapArea, MapLine, MapTile } from '../../contract/map.ts';

export type DrawnLine = { kind: MapLine['kind']; name: number | null; points: readonly Point[] };
export type DrawnArea = { kind: MapArea['kind']; points: readonly Point[] };

const tileMetres = 500;
/** As the contract has it: so many points in one line. A longer one goes on in the next. */
const mostPoints = 2_000;

/** Puts every line and area into the square in which it begins. Points that fall on the one before are left out. */
export function cutTiles(lines: readonly DrawnLine[], areas: readonly DrawnArea[]): MapTile[] {
  const tiles = new Map<string, MapTile>();
  const tileOf = (points: readonly Point[]): MapTile => {
    const [{ x, y } = { x: 0, y: 0 }] = points;
    const key = `${Math.floor(x / tileMetres)},${Math.floor(y / tileMetres)}`;
    const tile: MapTile = tiles.get(key) ?? { box: [1_000_000, 1_000_000, 0, 0], lines: [], areas: [] };
    tiles.set(key, tile);
    tile.box = grow(tile.box, points);
    return tile;
  };
  for (const { kind, name, points } of lines) {
    const whole = wholeMetres(points);
    for (let from = 0; from < whole.length - 1; from += mostPoints - 1) {
      const part = whole.slice(from, from + mostPoints);
      tileOf(part).lines.push({ kind, name, at: toPath(part) });
    }
  }
  for (const { kind, points } of areas) {
    const whole = wholeMetres(points).slice(0, mostPoints);
    if (whole.length > 2) tileOf(whole).areas.push({ kind, at: toPath(whole) });
  }
  return [...tiles.values()];
}

function wholeMetres(points: readonly Point[]): Point[] {
  const whole = points.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }));
  return whole.filter(({ x, y }, at) => at === 0 || x !== whole[at - 1]?.x || y !== whole[at - 1]?.y);
}

function toPath(points: readonly Point[]): number[] {
  let before = { x: 0, y: 0 };
  return points.flatMap((point) => {
    const step = [point.x - before.x, point.y - before.y];
    before = point;
    return step;
  });
}

function grow([west, south, east, north]: MapTile['box'], points: readonly Point[]): MapTile['box'] {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return [Math.min(west, ...xs), Math.min(south, ...ys), Math.max(east, ...xs), Math.max(north, ...ys)];
}
