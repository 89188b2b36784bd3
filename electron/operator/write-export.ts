import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { QueueExport } from '../../contract/operator.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';

export type Carried = Pick<QueueExport, 'terminal' | 'writtenAt' | 'losses'> & { deliveries: Iterable<readonly unknown[]> };
export type Written = { records: number; bytes: number };
export type WriteProblem = 'no_folder' | 'disk_full' | 'not_written';

export type WriteParts = {
  folder: string;
  name: string;
  carried: Carried;
  signal: AbortSignal;
  /** Reads a file back. */
  read?: (file: string) => AsyncIterable<Uint8Array>;
};

/**
 * Writes a `QueueExport` delivery by delivery, whole or not at all: beside, on disk, then under its name; then reads it
 * back and compares. (What comes back may be the system's memory of a stick; that the stick has it, `sync` said.)
 */
export async function writeExport({
  folder,
  name,
  carried,
  signal,
  read = createReadStream,
}: WriteParts): Promise<Result<Written, WriteProblem>> {
  const isFolder = await stat(folder)
    .then((found) => found.isDirectory())
    .catch(() => false);
  if (!isFolder) return refuse('no_folder');
  const file = join(folder, name);
  const beside = `${file}.new`;
  try {
    const written = await writeBeside(beside, carried, signal);
    await rename(beside, file);
    await syncFolder(folder);
    const same = await hashOf(read(file), signal);
    if (same !== written.hash) throw new Error('read back as something else');
    return ok({ records: written.records, bytes: written.bytes });
  } catch (error) {
    for (const leftover of [beside, file]) await rm(leftover, { force: true }).catch(() => undefined);
    return refuse(isFull(error) ? 'disk_full' : 'not_written');
  }
}

async function writeBeside(beside: string, carried: Carried, signal: AbortSignal): Promise<Written & { hash: string }> {
  const handle = await open(beside, 'wx', 0o600);
  const hash = createHash('sha256');
  const counted = { records: 0, bytes: 0 };
  try {
    for (const { text, records } of piecesOf(carried)) {
      signal.throwIfAborted();
      counted.bytes += await writePiece(handle, hash, text);
      counted.records += records;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { ...counted, hash: hash.digest('hex') };
}

async function writePiece(handle: FileHandle, hash: Hash, text: string): Promise<number> {
  const bytes = Buffer.from(text, 'utf8');
  hash.update(bytes);
  // On a handle, `writeFile` goes on where the last one ended.
  await handle.writeFile(bytes);
  return bytes.length;
}

/** The JSON of a `QueueExport`, in pieces: a week without a line is more than one string should hold. */
function* piecesOf({ terminal, writtenAt, losses, deliveries }: Carried): Generator<{ text: string; records: number }> {
  const head = { kind: 'loket/export/1' satisfies QueueExport['kind'], terminal, writtenAt, losses };
  yield { text: `${JSON.stringify(head).slice(0, -1)},"deliveries":[`, records: 0 };
  let separator = '\n';
  for (const delivery of deliveries) {
    yield { text: separator + JSON.stringify(delivery), records: delivery.length };
    separator = ',\n';
  }
  yield { text: '\n]}\n', records: 0 };
}

async function hashOf(content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest('hex');
}

/** Makes the new name last. Where the system has no such thing (Windows, some sticks), names last with their files. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
