import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExportHead, type ExportPart, exportFile, nameExported } from '../../contract/operator.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { StoredAttachment } from '../outbox/attachments/attachments.ts';
import { isFull } from '../outbox/space.ts';

/** All that is written, each read when it is its turn. */
export type Carried = {
  head: ExportHead;
  losses: readonly Extract<ExportPart, { part: 'loss' }>[];
  deliveries: Iterable<Extract<ExportPart, { part: 'delivery' }>>;
  attachments: readonly StoredAttachment[];
  /** More of them, of which nothing but that is known. */
  unreadable: number;
  /** Up to `bytes` of a sealed file. */
  read(id: string, offset: number, bytes: number): Promise<Uint8Array>;
};
/** `unreadable`: attachments that this disk changed, lost or did not let be read; nothing of them was written. */
export type Written = { records: number; attachments: number; unreadable: number; bytes: number };
export type WriteProblem = 'no_folder' | 'disk_full' | 'not_written';

export type WriteParts = {
  folder: string;
  name: string;
  carried: Carried;
  signal: AbortSignal;
  /** After each piece: the stick still takes them. */
  onPiece?: () => void;
  /** Reads a file back. */
  readBack?: (file: string) => AsyncIterable<Uint8Array>;
};

const pieceBytes = 256 * 1024;

/**
 * Writes an export piece by piece, whole or not at all: beside, on disk, then under its name; then reads it back and
 * compares. (What comes back may be the system's memory of a stick; that the stick has it, `sync` said.)
 */
export async function writeExport({ folder, name, ...parts }: WriteParts): Promise<Result<Written, WriteProblem>> {
  const isFolder = await stat(folder)
    .then((found) => found.isDirectory())
    .catch(() => false);
  if (!isFolder) return refuse('no_folder');
  const whole = join(folder, name);
  const beside = `${whole}.new`;
  const ours = [beside];
  try {
    await mkdir(beside);
    const { hashes, ...written } = await writeInto(beside, parts);
    await syncFolder(beside);
    await rename(beside, whole);
    ours.push(whole);
    await syncFolder(folder);
    await compare(whole, hashes, parts);
    return ok(written);
  } catch (error) {
    for (const leftover of ours) await rm(leftover, { recursive: true, force: true }).catch(() => undefined);
    return refuse(isFull(error) ? 'disk_full' : 'not_written');
  }
}

type Into = Omit<WriteParts, 'folder' | 'name'>;
type Hashes = Map<string, string>;

async function writeInto(folder: string, { carried, ...parts }: Into): Promise<Written & { hashes: Hashes }> {
  const counted = { records: 0, attachments: 0, unreadable: carried.unreadable, bytes: 0 };
  const hashes: Hashes = new Map();

  async function* lines(): AsyncGenerator<Uint8Array> {
    yield toLine(carried.head);
    for (const loss of carried.losses) yield toLine(loss);
    for (const delivery of carried.deliveries) {
      yield toLine(delivery);
      counted.records += delivery.items.length;
    }
    for (const { id, length, sha256 } of carried.attachments) {
      if (!(await copyAttachment({ id, length, sha256 }))) {
        counted.unreadable += 1;
        continue;
      }
      yield toLine({ part: 'attachment', terminal: carried.head.terminal, id, length, sha256 });
      counted.attachments += 1;
    }
    yield toLine({ part: 'end', records: counted.records, attachments: counted.attachments });
  }

  /** What this disk changed, or has no more, nobody could open. */
  async function copyAttachment({ id, length, sha256 }: Pick<StoredAttachment, 'id' | 'length' | 'sha256'>): Promise<boolean> {
    const file = nameExported(id);
    const written = await writeFile(join(folder, file), piecesOf(carried, { id, length }), parts);
    if (written.hash !== sha256) {
      await rm(join(folder, file));
      return false;
    }
    counted.bytes += written.bytes;
    hashes.set(file, written.hash);
    return true;
  }

  const queue = await writeFile(join(folder, exportFile), lines(), parts);
  hashes.set(exportFile, queue.hash);
  return { ...counted, bytes: counted.bytes + queue.bytes, hashes };
}

const toLine = (value: ExportHead | ExportPart): Uint8Array => Buffer.from(`${JSON.stringify(value)}\n`, 'utf8');

async function* piecesOf({ read }: Carried, { id, length }: Pick<StoredAttachment, 'id' | 'length'>): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += pieceBytes) {
    const piece = await read(id, at, Math.min(pieceBytes, length - at)).catch(() => null);
    if (piece === null) return;
    yield piece;
  }
}

async function writeFile(
  file: string,
  pieces: AsyncIterable<Uint8Array>,
  { signal, onPiece }: Pick<WriteParts, 'signal' | 'onPiece'>,
): Promise<{ bytes: number; hash: string }> {
  const handle = await open(file, 'wx', 0o600);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      signal.throwIfAborted();
      hash.update(piece);
      bytes += piece.length;
      // On a handle, `writeFile` goes on where the last one ended.
      await handle.writeFile(piece);
      onPiece?.();
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, hash: hash.digest('base64url') };
}

async function compare(folder: string, hashes: Hashes, { signal, onPiece, readBack = createReadStream }: Into): Promise<void> {
  for (const [file, written] of hashes) {
    const hash = createHash('sha256');
    for await (const piece of readBack(join(folder, file))) {
      signal.throwIfAborted();
      hash.update(piece);
      onPiece?.();
    }
    if (hash.digest('base64url') !== written) throw new Error('read back as something else');
  }
}

/** Makes the new names last. Where the system has no such thing (Windows, some sticks), names last with their files. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
