import { closeSync, fdatasyncSync, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import * as z from 'zod';
import { Generation, Hash, Reference, TerminalId, TerminalSignature } from '../../contract/ids.ts';
import { PublicJwk } from '../../contract/key-set.ts';
import { sha256 } from './chain.ts';
import { Ordinal, Sequence } from './schema.ts';

/**
 * How far the queue had come, in a file of its own: SQLite opens a damaged log as if nothing were missing, and only
 * somebody else can say that there was more.
 */
const Owner = z.object({ terminal: TerminalId, jwk: PublicJwk });
export const HeadQueue = z.object({
  ordinal: Ordinal,
  generation: Generation,
  sequence: Sequence,
  /** After that record. */
  chain: Hash,
  owner: Owner,
});
export type HeadQueue = z.infer<typeof HeadQueue>;

export const Head = HeadQueue.extend({
  /** What the terminal signed when it kept the last record: the signed head of the queue. Null at sequence 0. */
  kept: z.object({ reference: Reference, record: Hash, signature: TerminalSignature }).nullable(),
  /** Earlier queues that still have records on this disk, oldest first. */
  earlier: z.array(HeadQueue).max(8),
});
export type Head = z.infer<typeof Head>;

/** How far everything had a receipt, and was let go. Lags behind; only ever makes a loss look larger than it was. */
const Hint = z.object({ generation: Generation, settled: Sequence, floor: Sequence });
export type Hint = z.infer<typeof Hint>;

const slotBytes = 8192;
const slots = { heads: [0, slotBytes], hint: 2 * slotBytes } as const;
const Turn = z.object({ turn: z.int().nonnegative(), head: Head });

export type HeadFile = {
  /** What was last read or written. */
  read(): Head | null;
  /** What lies on disk under its name now: null when somebody damaged or removed it meanwhile. */
  reread(): Head | null;
  readHint(): Hint | null;
  /** On disk when it returns; throws when the disk does not take it, and then the head before it is still there. */
  write(head: Head): void;
  /** Written when there is time, and not waited for. */
  writeHint(hint: Hint): void;
  close(): void;
};

/** Opens or makes it. Two slots are written in turn, each with its checksum, so that a torn write loses nothing. */
export function openHeadFile(file: string): HeadFile {
  let descriptor = openOrMake(file);
  let last = readNewest(descriptor);
  let written: { at: number; bytes: Buffer } | null = null;
  let hinted: string | null = null;

  return {
    read: () => last?.head ?? null,
    reread() {
      if (statSync(file, { throwIfNoEntry: false })?.ino !== fstatSync(descriptor).ino) {
        // The other first: where there is none to be had, the number of a closed one may soon be another file's.
        const made = openOrMake(file);
        closeSync(descriptor);
        descriptor = made;
        hinted = null;
      }
      // Byte for byte what was written last needs no reading.
      if (last && written && isThere(descriptor, written)) return last.head;
      return readNewest(descriptor)?.head ?? null;
    },
    readHint: () => parse(Hint, readSlot(descriptor, slots.hint)),
    write(head) {
      const turn = (last?.turn ?? -1) + 1;
      const at = slots.heads[turn % 2] ?? 0;
      written = null;
      const bytes = writeSlot(descriptor, at, { turn, head });
      fdatasyncSync(descriptor);
      last = { turn, head };
      written = { at, bytes };
    },
    writeHint(hint) {
      const text = JSON.stringify(hint);
      if (text === hinted) return;
      try {
        writeSlot(descriptor, slots.hint, hint);
        hinted = text;
      } catch {
        // An older one is there; without any, a loss looks larger than it was.
      }
    },
    close: () => closeSync(descriptor),
  };
}

function readNewest(descriptor: number): z.infer<typeof Turn> | null {
  const found = slots.heads.map((at) => parse(Turn, readSlot(descriptor, at)));
  const newest = Math.max(-1, ...found.map((slot) => slot?.turn ?? -1));
  return found.find((slot) => slot?.turn === newest) ?? null;
}

function openOrMake(file: string): number {
  try {
    const found = openSync(file, 'r+');
    // A process that was killed before its sync left a head that was never on the disk; from here on somebody relies on it.
    fdatasyncSync(found);
    return found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const made = openSync(file, 'wx+', 0o600);
    // At its full length from the start: later writes change no length, and a full disk has no say in them.
    writeSync(made, Buffer.alloc(3 * slotBytes), 0, 3 * slotBytes, 0);
    return made;
  }
}

function isThere(descriptor: number, { at, bytes }: { at: number; bytes: Buffer }): boolean {
  const there = Buffer.alloc(bytes.length);
  return readSync(descriptor, there, 0, there.length, at) === there.length && there.equals(bytes);
}

/** Checksum, length, JSON. @returns what was written */
function writeSlot(descriptor: number, at: number, value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(value));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  const bytes = Buffer.concat([sha256(length, json), length, json]);
  if (bytes.length > slotBytes) throw new Error('head too large for its slot');
  if (writeSync(descriptor, bytes, 0, bytes.length, at) !== bytes.length) throw new Error('head written in part');
  return bytes;
}

function readSlot(descriptor: number, at: number): unknown {
  const bytes = Buffer.alloc(slotBytes);
  const read = readOrNothing(descriptor, bytes, at);
  if (read < 36) return null;
  const length = bytes.readUInt32BE(32);
  if (36 + length > read || !sha256(bytes.subarray(32, 36 + length)).equals(bytes.subarray(0, 32))) return null;
  return JSON.parse(bytes.toString('utf8', 36, 36 + length));
}

/** A sector that cannot be read any more is a slot that was damaged. */
function readOrNothing(descriptor: number, bytes: Buffer, at: number): number {
  try {
    return readSync(descriptor, bytes, 0, bytes.length, at);
  } catch {
    return 0;
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T | null {
  const read = schema.safeParse(value);
  return read.success ? read.data : null;
}
