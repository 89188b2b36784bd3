import * as z from 'zod';
import { Hash } from './ids.ts';

/**
 * Photos and scanned papers travel beside the record, by tus 1.0, as AES-256-GCM chunks. The key is inside the sealed
 * record. Nonce: 4 zero bytes and the chunk's number (64 bit, big endian); AAD: `attachmentContext`.
 */
export const attachmentLimits = { chunkBytes: 256 * 1024, tagBytes: 16, bytes: 20 * 1024 * 1024, perRecord: 10 } as const;

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
