import type { PathCommand } from 'fontkit';

export type Outline = { bytes: Buffer; points: number; contours: number; box: [number, number, number, number] };

type Point = { x: number; y: number; onCurve: boolean };

/** A glyph's outline as a simple glyph of TrueType's `glyf` table (OpenType 1.9, glyf: simple glyph description). */
export function encodeOutline(commands: readonly PathCommand[]): Outline {
  const contours = toContours(commands);
  const points = contours.flat();
  const box = boundingBox(points);
  if (points.length === 0) return { bytes: Buffer.alloc(0), points: 0, contours: 0, box };
  const head = Buffer.alloc(10 + 2 * contours.length + 2);
  for (const [index, value] of [contours.length, ...box].entries()) head.writeInt16BE(value, 2 * index);
  let last = -1;
  for (const [index, contour] of contours.entries()) {
    last += contour.length;
    head.writeUInt16BE(last, 10 + 2 * index);
  }
  const flags = Buffer.from(points.map((point) => (point.onCurve ? 1 : 0)));
  const bytes = Buffer.concat([head, flags, encodeSteps(points.map(({ x }) => x)), encodeSteps(points.map(({ y }) => y))]);
  return { bytes: padTo4(bytes), points: points.length, contours: contours.length, box };
}

export function padTo4(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

/** Closing a contour is implied; a last point on the first one would be there twice. */
function toContours(commands: readonly PathCommand[]): Point[][] {
  const contours: Point[][] = [];
  let current: Point[] = [];
  for (const { command, args } of commands) {
    if (command === 'bezierCurveTo') throw new Error('a TrueType outline has quadratic curves alone');
    if (command === 'closePath') {
      const [first, last] = [current.at(0), current.at(-1)];
      if (current.length > 1 && last?.onCurve === true && first?.x === last.x && first.y === last.y) current.pop();
      contours.push(current);
      current = [];
      continue;
    }
    for (let at = 0; at < args.length; at += 2) {
      const onCurve = !(command === 'quadraticCurveTo' && at === 0);
      current.push({ x: Math.round(args[at] ?? 0), y: Math.round(args[at + 1] ?? 0), onCurve });
    }
  }
  return contours.filter((contour) => contour.length > 0);
}

/** Every coordinate is the step from the one before it, in 16 bits. */
function encodeSteps(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeInt16BE(value - (values[index - 1] ?? 0), 2 * index);
  return bytes;
}

function boundingBox(points: readonly Point[]): Outline['box'] {
  if (points.length === 0) return [0, 0, 0, 0];
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
