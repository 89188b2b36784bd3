import { createCipheriv, createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { attachmentContext, attachmentLimits, attachmentNonce } from '../../../contract/attachment.ts';
import { ok, type Result, refuse } from '../../../contract/result.ts';
import { isOfType, type MediaType } from './file-type.ts';

export type SealRefusal = 'empty' | 'wrong_type' | 'too_large' | 'disk_full' | 'stopped';
export type SealedFile = { bytes: number; length: number; sha256: string };

export type Source = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export type SealOptions = {
  file: string;
  id: string;
  key: Uint8Array;
  mediaType: MediaType;
  /** Asked before each chunk. */
  hasRoom(): boolean;
  isStopped(): boolean;
};

const { chunkBytes, bytes: largest } = attachmentLimits;

/**
 * Encrypts while it writes: at no moment does a chunk lie on the disk in the clear. The file is synced when it answers ok;
 * after a refusal it is for the caller to remove. Throws what the disk or the source throws.
 */
export async function sealFile(source: Source, options: SealOptions): Promise<Result<SealedFile, SealRefusal>> {
  const file = await open(options.file, 'wx', 0o600);
  try {
    const sealed = await sealInto(file, source, options);
    if (sealed.ok) await file.sync();
    return sealed;
  } finally {
    await file.close();
  }
}

async function sealInto(file: FileHandle, source: Source, options: SealOptions): Promise<Result<SealedFile, SealRefusal>> {
  const { id, key, hasRoom, isStopped, mediaType } = options;
  const hash = createHash('sha256');
  // One chunk behind, because the last one is sealed as the last.
  const chunk = Buffer.alloc(chunkBytes);
  let [filled, count, bytes, length] = [0, 0, 0, 0];

  async function writeChunk(last: boolean): Promise<SealRefusal | null> {
    if (isStopped()) return 'stopped';
    const plain = chunk.subarray(0, filled);
    if (count === 0 && !isOfType(plain, mediaType)) return 'wrong_type';
    if (!hasRoom()) return 'disk_full';
    const cipher = createCipheriv('aes-256-gcm', key, attachmentNonce(count));
    cipher.setAAD(attachmentContext(id, count, last));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    hash.update(sealed);
    await file.writeFile(sealed);
    count += 1;
    length += sealed.length;
    filled = 0;
    return null;
  }

  try {
    for await (const part of source) {
      bytes += part.length;
      if (bytes > largest) return refuse('too_large');
      for (let at = 0; at < part.length; ) {
        const refused = filled === chunkBytes ? await writeChunk(false) : null;
        if (refused !== null) return refuse(refused);
        const taken = part.subarray(at, at + chunkBytes - filled);
        chunk.set(taken, filled);
        filled += taken.length;
        at += taken.length;
      }
    }
    if (bytes === 0) return refuse('empty');
    const refused = await writeChunk(true);
    return refused === null ? ok({ bytes, length, sha256: hash.digest('base64url') }) : refuse(refused);
  } finally {
    chunk.fill(0);
  }
}
