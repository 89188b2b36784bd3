import type { Point } from '../../contract/lambert.ts';
import type { MapTile } from '../../contract/map.ts';
import { pointsOf, type Sight } from './geometry.ts';

export type StreetLabel = { name: number; at: Point; angle: number };

type Box = { left: number; right: number; top: number; bottom: number };

/** About as wide as a letter of this font is, in heights of a line. */
const letterWidth = 0.52;

type Writing = {
  words: (name: number) => string;
  /** How high a line of text is, in metres of this map. The pin is three lines high. */
  lineMetres: number;
  pin: Point | null;
};

/**
 * Which names are written, and where: each once, along the longest straight piece of its street that is in sight, the wide
 * streets first, none over another or under the pin.
 */
export function placeLabels(tiles: readonly MapTile[], sight: Sight, { words, lineMetres, pin }: Writing): StreetLabel[] {
  const pieces = tiles.flatMap(({ lines }) =>
    lines.flatMap(({ name, at, kind }) => (name === null ? [] : piecesOf(at).map((piece) => ({ name, main: kind === 'main', ...piece })))),
  );
  const inSight = pieces.filter(({ middle }) => isInside(middle, sight, lineMetres * 2));
  const best = inSight.toSorted((one, other) => Number(other.main) - Number(one.main) || other.length - one.length);
  const taken: Box[] = pin === null ? [] : [boxOf({ x: pin.x, y: pin.y + 1.6 * lineMetres }, 0, 2.4 * lineMetres, 3.4 * lineMetres)];
  const labels: StreetLabel[] = [];
  for (const { name, middle, angle } of best) {
    if (labels.some((label) => label.name === name)) continue;
    const box = boxOf(middle, angle, words(name).length * lineMetres * letterWidth, lineMetres);
    if (!isWhole(box, sight) || taken.some((other) => touches(box, other))) continue;
    taken.push(box);
    labels.push({ name, at: middle, angle });
  }
  return labels;
}

type Piece = { middle: Point; length: number; angle: number };

function piecesOf(path: readonly number[]): Piece[] {
  const points = pointsOf(path);
  return points.slice(1).map((to, at) => {
    const from = points[at] ?? to;
    const turned = (Math.atan2(-(to.y - from.y), to.x - from.x) * 180) / Math.PI;
    // Never upside down.
    const angle = turned > 90 ? turned - 180 : turned < -90 ? turned + 180 : turned;
    return { middle: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }, length: Math.hypot(to.x - from.x, to.y - from.y), angle };
  });
}

function isInside({ x, y }: Point, { middle, width, height }: Sight, margin: number): boolean {
  return Math.abs(x - middle.x) < width / 2 - margin && Math.abs(y - middle.y) < height / 2 - margin;
}

/** The upright box around words that lie at an angle. */
function boxOf({ x, y }: Point, angle: number, width: number, height: number): Box {
  const turn = (Math.abs(angle) * Math.PI) / 180;
  const halfWide = (width * Math.cos(turn) + height * Math.sin(turn)) / 2;
  const halfHigh = (width * Math.sin(turn) + height * Math.cos(turn)) / 2;
  return { left: x - halfWide, right: x + halfWide, top: y + halfHigh, bottom: y - halfHigh };
}

function isWhole({ left, right, top, bottom }: Box, { middle, width, height }: Sight): boolean {
  return left > middle.x - width / 2 && right < middle.x + width / 2 && bottom > middle.y - height / 2 && top < middle.y + height / 2;
}

function touches(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.bottom < other.top && other.bottom < one.top;
}
