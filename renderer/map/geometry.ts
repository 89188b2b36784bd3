import type { Point } from '../../contract/lambert.ts';
import type { MapTile, TownMap } from '../../contract/map.ts';

/** The part of the map that is in sight: its middle, and how many metres wide and high it is. */
export type Sight = { middle: Point; width: number; height: number };

/** As `MapLine.at` holds them. */
export function pointsOf(path: readonly number[]): Point[] {
  const points: Point[] = [];
  let [x, y] = [0, 0];
  for (let at = 0; at + 1 < path.length; at += 2) {
    x += path[at] ?? 0;
    y += path[at + 1] ?? 0;
    points.push({ x, y });
  }
  return points;
}

/** For `d` of an SVG path. North is up: the page counts downwards. */
export function drawPath(path: readonly number[]): string {
  return `M${pointsOf(path)
    .map(({ x, y }) => `${x} ${-y}`)
    .join('L')}`;
}

export function tilesInSight(tiles: readonly MapTile[], { middle, width, height }: Sight): MapTile[] {
  return tiles.filter(
    ({ box: [west, south, east, north] }) =>
      west <= middle.x + width / 2 && east >= middle.x - width / 2 && south <= middle.y + height / 2 && north >= middle.y - height / 2,
  );
}

/** Of the whole map: west, south, east, north. */
export function edgesOf({ tiles }: TownMap): MapTile['box'] {
  const of = (side: 0 | 1 | 2 | 3) => tiles.map(({ box }) => box[side]);
  return [Math.min(...of(0)), Math.min(...of(1)), Math.max(...of(2)), Math.max(...of(3))];
}

/** Whole metres, on the map. */
export function keepOnMap(map: TownMap, { x, y }: Point): Point {
  const [west, south, east, north] = edgesOf(map);
  return { x: Math.round(Math.min(east, Math.max(west, x))), y: Math.round(Math.min(north, Math.max(south, y))) };
}

/** Further than this from a street, a place is in a field. */
const nearMetres = 150;

/** The place in `names` of the nearest street with a name; null: none is near. */
export function nearestName({ tiles }: TownMap, point: Point): number | null {
  let best: { name: number; far: number } | null = null;
  for (const { lines } of tilesInSight(tiles, { middle: point, width: 2 * nearMetres, height: 2 * nearMetres })) {
    for (const { name, at } of lines) {
      if (name === null) continue;
      const far = distanceTo(pointsOf(at), point);
      if (far <= nearMetres && far < (best?.far ?? Number.POSITIVE_INFINITY)) best = { name, far };
    }
  }
  return best?.name ?? null;
}

/** In the middle of the street with this place in `names`; null: it is not drawn. */
export function middleOf({ tiles }: TownMap, name: number): Point | null {
  const [longest] = tiles
    .flatMap(({ lines }) => lines.filter((line) => line.name === name).map(({ at }) => pointsOf(at)))
    .toSorted((one, other) => other.length - one.length);
  return longest?.[Math.floor(longest.length / 2)] ?? null;
}

function distanceTo(line: readonly Point[], point: Point): number {
  return line.reduce((nearest, to, at) => {
    const from = line[at - 1];
    return from ? Math.min(nearest, distanceToPiece(from, to, point)) : nearest;
  }, Number.POSITIVE_INFINITY);
}

function distanceToPiece(from: Point, to: Point, { x, y }: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / square));
  return Math.hypot(from.x + along * dx - x, from.y + along * dy - y);
}
