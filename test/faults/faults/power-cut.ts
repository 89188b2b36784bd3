import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Chance } from '../yank/chance.ts';

/**
 * A folder as a disk has it: what was synced, and behind that what was written and not synced. Read from the journal of
 * `unsynced.c`. What a disk may do at a power cut is more than any one disk does: of the writes that were not synced any
 * may be there, whole or by sectors, in any order. Names (a file made, renamed, removed) come in their order, as file systems
 * with a journal of their own keep them, and last when their folder was synced; a file's own sync makes no name last.
 */
type Change = { at: number; data: Buffer } | { length: number };
type DiskFile = { content: Buffer; pending: Change[] };
type Naming = { folder: string; apply(names: Map<string, DiskFile>): void };

export type Disk = {
  /** Reads on in the journal, from its beginning. */
  follow(journal: Buffer): void;
  /** Everything that was written, synced or not. */
  written(): Map<string, Buffer>;
  /** What a power cut leaves now. */
  cut(chance: Chance): Map<string, Buffer>;
};

const kinds = { open: 1, write: 2, truncate: 3, sync: 4, rename: 5, unlink: 6, mkdir: 7, syncFolder: 8 } as const;
const headerBytes = 28;
const sectorBytes = 512;

/** What lies in `folder` now is taken as synced. */
export function readDisk(folder: string): Disk {
  const names = new Map<string, DiskFile>();
  const byInode = new Map<bigint, DiskFile>();
  const naming: Naming[] = [];
  for (const name of listFiles(folder)) {
    const file = { content: readFileSync(join(folder, name)), pending: [] };
    names.set(name, file);
    byInode.set(statSync(join(folder, name), { bigint: true }).ino, file);
  }

  function take({ kind, inode, at, name, data }: Entry): void {
    const file = byInode.get(inode);
    switch (kind) {
      case kinds.open: {
        const made: DiskFile = { content: Buffer.alloc(0), pending: [] };
        byInode.set(inode, made);
        naming.push({ folder: folderOf(name), apply: (known) => known.set(name, made) });
        return;
      }
      case kinds.write:
        file?.pending.push({ at, data });
        return;
      case kinds.truncate:
        file?.pending.push({ length: at });
        return;
      case kinds.sync:
        if (file) settle(file);
        return;
      case kinds.rename:
        naming.push({ folder: folderOf(data.toString()), apply: (known) => move(known, name, data.toString()) });
        return;
      case kinds.unlink:
        naming.push({ folder: folderOf(name), apply: (known) => known.delete(name) });
        return;
      case kinds.syncFolder: {
        const last = naming.findLastIndex((change) => change.folder === name);
        for (const change of naming.splice(0, last + 1)) change.apply(names);
        return;
      }
    }
  }

  const withNames = (count: number): Map<string, DiskFile> => {
    const known = new Map(names);
    for (const change of naming.slice(0, count)) change.apply(known);
    return known;
  };
  const contents = (known: Map<string, DiskFile>, read: (file: DiskFile) => Buffer) =>
    new Map([...known].filter(([name]) => !name.endsWith('-shm')).map(([name, file]) => [name, read(file)]));

  return {
    follow(journal) {
      for (const entry of readEntries(journal)) take(entry);
    },
    written: () => contents(withNames(naming.length), ({ content, pending }) => apply(content, pending)),
    cut(chance) {
      const named = chance.pick([0, naming.length, chance.int(0, naming.length)]);
      const survivors = chooseSurvivors(chance);
      return contents(withNames(named), ({ content, pending }) => apply(content, survivors(pending)));
    },
  };
}

/** Makes `folder` hold this and nothing else. */
export function writeDisk(folder: string, contents: ReadonlyMap<string, Buffer>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, content] of contents) {
    mkdirSync(dirname(join(folder, name)), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, name), content, { mode: 0o600 });
  }
}

type Survivors = (pending: readonly Change[]) => Change[];

function chooseSurvivors(chance: Chance): Survivors {
  const share = chance.next();
  switch (chance.weigh({ none: 3, all: 1, some: 4, first: 2, torn: 3 })) {
    case 'none':
      return () => [];
    case 'all':
      return (pending) => [...pending];
    case 'some':
      return (pending) => pending.filter(() => chance.next() < share);
    case 'first':
      return (pending) => pending.slice(0, chance.int(0, pending.length));
    case 'torn':
      return (pending) => pending.flatMap(inSectors).filter(() => chance.next() < share);
  }
}

function inSectors(change: Change): Change[] {
  if ('length' in change) return [change];
  const pieces: Change[] = [];
  for (let from = 0; from < change.data.length; ) {
    const at = change.at + from;
    const length = Math.min(sectorBytes - (at % sectorBytes), change.data.length - from);
    pieces.push({ at, data: change.data.subarray(from, from + length) });
    from += length;
  }
  return pieces;
}

function settle(file: DiskFile): void {
  file.content = apply(file.content, file.pending);
  file.pending = [];
}

function apply(content: Buffer, changes: readonly Change[]): Buffer {
  let length = content.length;
  let end = length;
  for (const change of changes) {
    length = 'length' in change ? change.length : Math.max(length, change.at + change.data.length);
    end = Math.max(end, length);
  }
  if (changes.length === 0) return content;
  const bytes = Buffer.alloc(end);
  content.copy(bytes);
  let now = content.length;
  for (const change of changes) {
    if ('length' in change) {
      // What is cut off and comes back is zeros.
      if (change.length < now) bytes.fill(0, change.length, now);
      now = change.length;
    } else {
      change.data.copy(bytes, change.at);
      now = Math.max(now, change.at + change.data.length);
    }
  }
  return bytes.subarray(0, now);
}

function move(known: Map<string, DiskFile>, from: string, onto: string): void {
  const file = known.get(from);
  if (!file) return;
  known.delete(from);
  known.set(onto, file);
}

const folderOf = (name: string): string => (dirname(name) === '.' ? '' : dirname(name));

type Entry = { kind: number; inode: bigint; at: number; name: string; data: Buffer };

function* readEntries(journal: Buffer): Generator<Entry> {
  for (let from = 0; from + headerBytes <= journal.length; ) {
    const nameBytes = journal.readUInt32LE(from + 4);
    const dataBytes = journal.readUInt32LE(from + 8);
    const name = from + headerBytes;
    const data = name + nameBytes;
    // The last one of a process that was killed while it wrote it.
    if (data + dataBytes > journal.length) return;
    yield {
      kind: journal.readUInt32LE(from),
      inode: journal.readBigUInt64LE(from + 12),
      at: Number(journal.readBigUInt64LE(from + 20)),
      name: journal.toString('utf8', name, data),
      data: journal.subarray(data, data + dataBytes),
    };
    from = data + dataBytes;
  }
}

function listFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
