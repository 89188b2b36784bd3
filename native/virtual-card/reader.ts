import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { allPersonas } from './personas.ts';

/**
 * A virtual reader is a folder whose file `state` the module reads anew at each call: lines of `key value`. It is
 * replaced by renaming, so that the module never sees half of it.
 */

/**
 * How long things take. `measured`: the real library's own delays with an infinitely fast 1.8 card (200 ms after
 * connecting, 3 ms before each command, 78 ms at the end of a file; 230 ms for each look at a foreign card).
 * `instant`: none of them, for tests that look at something else.
 */
export type Pace = 'measured' | 'instant';

const paces: Record<Pace, Record<string, number>> = {
  measured: { connect_us: 211_000, foreign_us: 230_000, latency_us: 3_000, file_end_us: 78_000, ghost_us: 400_000 },
  instant: { connect_us: 0, foreign_us: 0, latency_us: 0, file_end_us: 0, ghost_us: 0 },
};

export type ReaderState = {
  plugged: boolean;
  /** The persona whose card is in the reader. */
  card: string | null;
  /** Grows by one with each insertion, so that a quick pull-and-put is another insertion. */
  insertion: number;
  /** Every key of the file, as written. */
  keys: Record<string, string>;
};

function readKeys(dir: string): Map<string, string> {
  const lines = readFileSync(path.join(dir, 'state'), 'utf8').split('\n');
  return new Map(
    lines.flatMap((line) => (line.includes(' ') ? [[line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]] : [])),
  );
}

function writeKeys(dir: string, keys: Map<string, string>): void {
  const next = path.join(dir, `state.${randomUUID()}`);
  writeFileSync(next, [...keys].map(([key, value]) => `${key} ${value}\n`).join(''));
  renameSync(next, path.join(dir, 'state'));
}

function change(dir: string, changes: Record<string, string | number>): void {
  const keys = readKeys(dir);
  for (const [key, value] of Object.entries(changes)) keys.set(key, String(value));
  writeKeys(dir, keys);
}

/** One reader, no card, all PINs fresh (1234, three tries). `dir` is made, or set back when it was a reader before. */
export function makeReader(dir: string, options: { pace?: Pace; cards?: string } = {}): void {
  const cards = options.cards ?? path.resolve(import.meta.dirname, '../../.cache/virtual-card/cards');
  mkdirSync(dir, { recursive: true });
  rmSync(path.join(dir, 'pins'), { recursive: true, force: true });
  const keys = { reader: 1, card: '-', insertion: 0, dialogs: 1, ...paces[options.pace ?? 'measured'], cards };
  writeKeys(dir, new Map(Object.entries(keys).map(([key, value]) => [key, String(value)])));
}

export function readState(dir: string): ReaderState {
  const keys = readKeys(dir);
  const card = keys.get('card') ?? '-';
  return {
    plugged: keys.get('reader') !== '0',
    card: card === '-' ? null : card,
    insertion: Number(keys.get('insertion') ?? 0),
    keys: Object.fromEntries(keys),
  };
}

/** Puts a card in, in place of the one that may be there. */
export function insertCard(dir: string, persona: string): void {
  if (!allPersonas.some(({ id }) => id === persona)) throw new Error(`no such persona: ${persona}`);
  change(dir, { card: persona, insertion: readState(dir).insertion + 1 });
}

export function removeCard(dir: string): void {
  change(dir, { card: '-' });
}

/** Unplugs the reader or plugs it in again; a card that stays in it has then been inserted anew. */
export function plugReader(dir: string, plugged: boolean): void {
  const { insertion } = readState(dir);
  change(dir, plugged ? { reader: 1, insertion: insertion + 1 } : { reader: 0 });
}

/** Sets any key of the state, for what has no function of its own: `latency_us`, `dialogs`, `card.1`, ... */
export function setState(dir: string, changes: Record<string, string | number>): void {
  change(dir, changes);
}
