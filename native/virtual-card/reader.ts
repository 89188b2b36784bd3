import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { DemoFault } from '../../contract/dock.ts';
import { type Keys, keyOf, readKeys, readMoves, sweep, writeKeys } from './control-folder.ts';
import { readFault } from './faults.ts';
import { isAlive } from './holdings.ts';
import { allPersonas } from './personas.ts';

export { type Fault, type FaultKind, faultKinds, type Keypress, keypresses, pressKeys, readFault, setFault } from './faults.ts';
export { type Counters, readCounters, readJournal } from './holdings.ts';

/**
 * How long things take. `measured`: the real library's own delays with an infinitely fast 1.8 card (200 ms after
 * connecting, 3 ms before each command, 28 ms at the end of a file and 50 more on applet 1.8, 40 ms to change between the
 * card's two folders; 230 ms for each look at a foreign card). `instant`: none of them, for tests that look at something else.
 */
export type Pace = 'measured' | 'instant';

const paces: Record<Pace, Record<string, number>> = {
  measured: {
    connect_us: 211_000,
    foreign_us: 230_000,
    latency_us: 3_000,
    file_end_us: 28_000,
    v18_end_us: 50_000,
    folder_us: 40_000,
    ghost_us: 400_000,
    dialog_us: 20_000_000,
  },
  instant: {
    connect_us: 0,
    foreign_us: 0,
    latency_us: 0,
    file_end_us: 0,
    v18_end_us: 0,
    folder_us: 0,
    ghost_us: 0,
    dialog_us: 0,
  },
};

/** A person's time at a pinpad, and pcscd's with a card that nobody uses: no delays of a call. */
const patience = { pinpad_us: 30_000_000, power_down_us: 1_000_000 };

/**
 * `none`: a library built without its own PIN dialogs; where it would open one, it fails. `unanswered`: built with them,
 * as distributions ship it, and cancelled after a while. `answered`: waits until `pressKeys` answers.
 */
export type Dialogs = 'none' | 'unanswered' | 'answered';
const dockWords = { hang: 'hang', crash: 'crash', device_error: 'device_error', remove: 'pulled', swap: 'swapped' } as const;

export const dialogKinds: readonly Dialogs[] = ['none', 'unanswered', 'answered'];

export type ReaderState = {
  /** Whether any reader is plugged in, and how many are. */
  plugged: boolean;
  readers: number;
  /** The persona whose card is in the first reader. */
  card: string | null;
  /** The same of the second one, and of every reader that is plugged in. */
  second: string | null;
  cards: (string | null)[];
  /** Grows by one with each insertion in the first reader, so that a quick pull-and-put is another insertion. */
  insertion: number;
  pinpad: boolean;
  dialogs: Dialogs;
  /** What waits for its call, in the dock's words. */
  fault: Exclude<DemoFault, 'none'> | null;
  /** Every key of the file, as written. */
  keys: Record<string, string>;
};

function change(dir: string, changes: Record<string, string | number>): void {
  const keys = readKeys(dir);
  for (const [key, value] of Object.entries(changes)) keys.set(key, String(value));
  writeKeys(dir, keys);
}

function countUp(keys: Keys, name: string, reader: number): Record<string, number> {
  const key = keyOf(name, reader);
  return { [key]: Number(keys.get(key) ?? 0) + 1 };
}

/** From here on this reader's card is what `state` says, whatever a fault had moved. */
function changeCard(dir: string, reader: number, changes: Record<string, string | number>): void {
  change(dir, { ...changes, ...countUp(readKeys(dir), 'revision', reader) });
}

/** One reader, no card, no fault, all PINs fresh (1234, three tries). `dir` is made, or set back when it was a reader before. */
export function makeReader(dir: string, options: { pace?: Pace; cards?: string } = {}): void {
  const cards = options.cards ?? path.resolve(import.meta.dirname, '../../.cache/virtual-card/cards');
  mkdirSync(dir, { recursive: true });
  sweep(dir, isAlive);
  const pace = paces[options.pace ?? 'measured'];
  const keys = { reader: 1, card: '-', insertion: 0, dialogs: 1, pinpad: 0, ...patience, ...pace, cards };
  writeKeys(dir, new Map(Object.entries(keys).map(([key, value]) => [key, String(value)])));
}

export function readState(dir: string): ReaderState {
  const keys = readKeys(dir);
  const moves = readMoves(dir, keys);
  const readers = Number(keys.get('reader') ?? 0);
  const fault = readFault(dir);
  const cardIn = (reader: number) => {
    const written = keys.get(keyOf('card', reader)) ?? '-';
    return moves.has(reader) ? (moves.get(reader) ?? null) : written === '-' ? null : written;
  };
  return {
    plugged: readers > 0,
    readers,
    card: cardIn(0),
    second: readers > 1 ? cardIn(1) : null,
    cards: Array.from({ length: readers }, (_, reader) => cardIn(reader)),
    insertion: Number(keys.get('insertion') ?? 0),
    pinpad: keys.get('pinpad') === '1',
    dialogs: dialogKinds[Number(keys.get('dialogs') ?? 1)] ?? 'unanswered',
    fault: fault === null ? null : dockWords[fault.kind],
    keys: Object.fromEntries(keys),
  };
}

export function isPersona(name: string): boolean {
  return allPersonas.some(({ id }) => id === name);
}

/** Puts a card in, in place of the one that may be there. */
export function insertCard(dir: string, persona: string, reader = 0): void {
  const keys = readKeys(dir);
  // A reader may have been given a folder of other people's cards.
  if (!isPersona(persona) && !existsSync(path.join(keys.get('cards') ?? '', persona, 'card')))
    throw new Error(`no such persona: ${persona}`);
  changeCard(dir, reader, { [keyOf('card', reader)]: persona, ...countUp(keys, 'insertion', reader) });
}

export function removeCard(dir: string, reader = 0): void {
  changeCard(dir, reader, { [keyOf('card', reader)]: '-' });
}

/** Another card in one step: no look at the reader ever finds it empty. */
export function swapCard(dir: string, persona: string, reader = 0): void {
  insertCard(dir, persona, reader);
}

/** This many readers from now on. A card that stays in a reader that comes back has then been inserted anew. */
export function plugReaders(dir: string, count: number): void {
  const before = readState(dir).readers;
  const keys = readKeys(dir);
  const back = Array.from({ length: Math.max(0, count - before) }, (_, more) => countUp(keys, 'insertion', before + more));
  change(dir, Object.assign({ reader: count }, ...back));
}

/** Unplugs all readers, or plugs one in. */
export function plugReader(dir: string, plugged: boolean): void {
  plugReaders(dir, plugged ? 1 : 0);
}

/** Readers with keys of their own: C_Login without a PIN, and each signature that needs one, waits for `pressKeys`. */
export function setPinpad(dir: string, pinpad: boolean): void {
  change(dir, { pinpad: pinpad ? 1 : 0 });
}

export function setDialogs(dir: string, kind: Dialogs): void {
  change(dir, { dialogs: dialogKinds.indexOf(kind) });
}

/** Sets any key of the state, for what has no function of its own: `latency_us`, `journal`, `mute_error`, ... */
export function setState(dir: string, changes: Record<string, string | number>): void {
  change(dir, changes);
}
