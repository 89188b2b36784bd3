import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

/**
 * The pages of a SQLite file and of its log as they lie on disk, whatever SQLite thinks of them (file format, 1.2 and 4.1).
 * It gives up at the first frame whose checksum is wrong, although most of what follows is whole.
 */
export const pageBytes = 4096;
const frames = { from: 32, header: 24, bytes: 24 + pageBytes } as const;
const chunkPages = 64;

export type PageSource = {
  /** Oldest first: those of the file, then those of the log in the order of writing. The buffer is used again. */
  pages(): Generator<Buffer>;
  /** All versions of a page: newest first, the file's own last. */
  versions(page: number): Buffer[];
  close(): void;
};

export function readPages(database: string, log: string): PageSource {
  const file = openFile(database);
  const wal = openFile(log);
  const written = wal ? indexLog(wal) : new Map<number, number[]>();

  function* pages(): Generator<Buffer> {
    if (file) yield* inChunks(file, 0, pageBytes, 0);
    if (wal) yield* inChunks(wal, frames.from, frames.bytes, frames.header);
  }

  return {
    pages,
    versions(page) {
      const places = (written.get(page) ?? []).toReversed();
      const found = wal ? places.map((at) => readAt(wal, at)) : [];
      if (file && page > 0) found.push(readAt(file, (page - 1) * pageBytes));
      return found.filter((bytes) => bytes.length === pageBytes);
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
function indexLog(wal: OpenFile): Map<number, number[]> {
  const places = new Map<number, number[]>();
  const header = Buffer.alloc(4);
  for (let at = frames.from; at + frames.bytes <= wal.bytes; at += frames.bytes) {
    readSync(wal.descriptor, header, 0, 4, at);
    const page = header.readUInt32BE(0);
    places.set(page, [...(places.get(page) ?? []), at + frames.header]);
  }
  return places;
}

function* inChunks({ descriptor, bytes }: OpenFile, from: number, step: number, header: number): Generator<Buffer> {
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
    for (let within = 0; within + pageBytes <= chunk.length; within += pageBytes) {
      try {
        readSync(descriptor, chunk, within, pageBytes, at + within);
      } catch {
        chunk.fill(0, within, within + pageBytes);
      }
    }
    return chunk.length;
  }
}

function readAt({ descriptor }: OpenFile, at: number): Buffer {
  const page = Buffer.alloc(pageBytes);
  try {
    return page.subarray(0, readSync(descriptor, page, 0, pageBytes, at));
  } catch {
    return page.subarray(0, 0);
  }
}
