import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

/** Half of what SQLite takes by itself: to keep a record is a few small changes, each writes its whole page, and somebody waits for it. */
export const pageBytes = 2048;
/** What files of earlier versions have, too. */
const knownSizes = [pageBytes, 4096];

const frames = { from: 32, header: 24 } as const;
const chunkPages = 64;
/** What a disk reads at once. */
const sector = 4096;

/**
 * The pages of a SQLite file and of its log as they lie on disk, whatever SQLite thinks of them (file format, 1.2 and 4.1).
 * It gives up at the first frame whose checksum is wrong, although most of what follows is whole.
 */
export type PageSource = {
  /** Oldest first: those of the file, then those of the log in the order of writing. The buffer is used again. */
  pages(): Generator<Buffer>;
  /** All versions of a page: newest first, the file's own last. */
  versions(page: number): Buffer[];
  close(): void;
};

/** One for each size that their pages may have: more than one where neither file says it any more. */
export function readPages(database: string, log: string): PageSource[] {
  const said = [readSize(database, 16, 2), readSize(log, 8, 4)];
  const sizes = knownSizes.filter((size) => said.includes(size));
  return (sizes.length > 0 ? sizes : knownSizes).map((size) => readPagesOf(size, database, log));
}

/** File format, 1.3.2 and 4.1. */
function readSize(path: string, at: number, bytes: number): number | null {
  const file = openFile(path);
  if (!file) return null;
  const head = readAt(file, at, bytes);
  closeSync(file.descriptor);
  return head.length === bytes ? head.readUIntBE(0, bytes) : null;
}

function readPagesOf(size: number, database: string, log: string): PageSource {
  const file = openFile(database);
  const wal = openFile(log);
  const written = wal ? indexLog(wal, size) : new Map<number, number[]>();

  function* pages(): Generator<Buffer> {
    if (file) yield* inChunks(file, { from: 0, step: size, header: 0 });
    if (wal) yield* inChunks(wal, { ...frames, step: frames.header + size });
  }

  return {
    pages,
    versions(page) {
      const places = (written.get(page) ?? []).toReversed();
      const found = wal ? places.map((at) => readAt(wal, at, size)) : [];
      if (file && page > 0) found.push(readAt(file, (page - 1) * size, size));
      return found.filter((bytes) => bytes.length === size);
    },
    close() {
      for (const open of [file, wal]) if (open) closeSync(open.descriptor);
    },
  };
}

type OpenFile = { descriptor: number; bytes: number };

function openFile(path: string): OpenFile | null {
  if (!existsSync(path) || !statSync(path).isFile()) return null;
  return { descriptor: openSync(path, 'r'), bytes: statSync(path).size };
}

/** Where each page was written in the log. */
function indexLog(wal: OpenFile, size: number): Map<number, number[]> {
  const places = new Map<number, number[]>();
  const header = Buffer.alloc(4);
  const frame = frames.header + size;
  for (let at = frames.from; at + frame <= wal.bytes; at += frame) {
    readSync(wal.descriptor, header, 0, 4, at);
    const page = header.readUInt32BE(0);
    places.set(page, [...(places.get(page) ?? []), at + frames.header]);
  }
  return places;
}

type Steps = { from: number; step: number; header: number };

function* inChunks({ descriptor, bytes }: OpenFile, { from, step, header }: Steps): Generator<Buffer> {
  const chunk = Buffer.alloc(chunkPages * step);
  for (let at = from; at < bytes; at += chunk.length) {
    const read = readFully(descriptor, chunk, at);
    for (let within = 0; within + step <= read; within += step) yield chunk.subarray(within + header, within + step);
  }
}

/** A sector that cannot be read any more is as good as zeros: the pages around it can. */
function readFully(descriptor: number, chunk: Buffer, at: number): number {
  try {
    return readSync(descriptor, chunk, 0, chunk.length, at);
  } catch {
    chunk.fill(0);
    for (let within = 0; within < chunk.length; within += sector) {
      const part = Math.min(sector, chunk.length - within);
      try {
        readSync(descriptor, chunk, within, part, at + within);
      } catch {
        chunk.fill(0, within, within + part);
      }
    }
    return chunk.length;
  }
}

function readAt({ descriptor }: OpenFile, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, at));
  } catch {
    return bytes.subarray(0, 0);
  }
}
