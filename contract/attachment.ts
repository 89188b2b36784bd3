import * as z from 'zod';
import { Hash } from './ids.ts';

/**
 * Photos and scanned papers travel beside the record, by tus 1.0, as AES-256-GCM chunks. The key is inside the sealed
 * record. Nonce: 4 zero bytes and the chunk's number (64 bit, big endian); AAD: `attachmentContext`.
 */
export const attachmentLimits = { chunkBytes: 256 * 1024, tagBytes: 16, bytes: 20 * 1024 * 1024, perRecord: 10 } as const;

/** What a kiosk's own camera takes: enough to read a page of small print. */
export const photoLimits = { bytes: 8 * 1024 * 1024, longestSidePx: 2560 } as const;

export const AttachmentId = z.uuidv7();

export const Attachment = z.object({
  id: AttachmentId,
  /** As the person's device called it. */
  name: z.string().min(1).max(200),
  mediaType: z.enum(['image/jpeg', 'image/png', 'application/pdf']),
  /** In the clear. */
  bytes: z.int().positive().max(attachmentLimits.bytes),
  /** Of all ciphertext chunks with their tags, one after the other. */
  sha256: Hash,
  /** AES-256, base64url. */
  key: Hash,
});
export type Attachment = z.infer<typeof Attachment>;

/** Bound to each chunk: no chunk can change places, and a short file cannot pass for the whole. */
export function attachmentContext(id: string, chunk: number, last: boolean): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(['loket/attachment/1', id, chunk, last]));
}

/** In ciphertext: a tag for each chunk. */
export function sealedBytes(bytes: number): number {
  return bytes + Math.ceil(bytes / attachmentLimits.chunkBytes) * attachmentLimits.tagBytes;
}

export function attachmentNonce(chunk: number): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, BigInt(chunk));
  return nonce;
}

/** tus 1.0.0 (tus.io/protocols/resumable-upload) with its extensions creation and termination. Header names in small letters. */
export const tus = {
  version: '1.0.0',
  extensions: 'creation,termination',
  piece: 'application/offset+octet-stream',
  /** Of one PATCH: a chunk with its tag. A line that is too slow for that sends less at once. */
  pieceBytes: attachmentLimits.chunkBytes + attachmentLimits.tagBytes,
  largest: sealedBytes(attachmentLimits.bytes),
  headers: {
    resumable: 'tus-resumable',
    length: 'upload-length',
    offset: 'upload-offset',
    metadata: 'upload-metadata',
    /** `?1` (RFC 8941, 3.3.6) once a backup of the middleware has the whole: then nobody else needs to keep it. */
    backedUp: 'loket-backed-up',
    /** Milliseconds until the next piece may come. */
    slot: 'loket-slot',
  },
} as const;

/** `Upload-Metadata` of a creation: the terminal names the upload, so that a creation whose answer got lost is said again without harm. */
export function writeUploadMetadata({ id, sha256 }: Pick<Attachment, 'id' | 'sha256'>): string {
  return `id ${btoa(id)},sha256 ${btoa(sha256)}`;
}

export function readUploadMetadata(header: string): Pick<Attachment, 'id' | 'sha256'> | null {
  const pairs = header.split(',').map((pair) => pair.trim().split(' '));
  try {
    const read = Attachment.pick({ id: true, sha256: true }).safeParse(
      Object.fromEntries(pairs.map(([key = '', value = '']) => [key, atob(value)])),
    );
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
