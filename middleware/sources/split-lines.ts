import { type FileLine, itemLimits } from '../../contract/file.ts';
import type { ItemProofs } from './item-proof.ts';
import type { Judged } from './judge-answer.ts';

/** What stands around the items of a line. */
const frame = 1024;

/**
 * An answer as lines of the stream, each within `itemLimits`. JSON text without its line end.
 * @returns null: one item alone is too large for a line
 */
export function splitLines(source: string, { state, asOf, items }: Judged, prove: ItemProofs['prove']): string[] | null {
  const groups: string[][] = [[]];
  let bytes = frame;
  for (const item of items) {
    const text = JSON.stringify({ ...item, proof: prove(source, item) });
    const length = Buffer.byteLength(text) + 1;
    if (frame + length > itemLimits.line) return null;
    const last = groups.at(-1);
    if (last === undefined || last.length === itemLimits.perLine || bytes + length > itemLimits.line) {
      groups.push([text]);
      bytes = frame + length;
    } else {
      last.push(text);
      bytes += length;
    }
  }
  const head = JSON.stringify({ source, state, asOf }).slice(0, -1);
  return groups.map((group, at) => `{"line":"answer","answer":${head},"items":[${group.join(',')}],"more":${at < groups.length - 1}}}`);
}

export function writeLine(line: FileLine): string {
  return JSON.stringify(line);
}
