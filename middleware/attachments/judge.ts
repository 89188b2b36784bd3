import { createDecipheriv, createHash } from 'node:crypto';
import * as z from 'zod';
import { type Attachment, attachmentContext, attachmentLimits, attachmentNonce, sealedBytes, tus } from '../../contract/attachment.ts';
import type { Queries } from '../store/database.ts';
import type { AttachmentsState, JudgeAttachments } from '../worker/attachments.ts';
import { readPieces, regroup } from './pieces.ts';

const Row = z.object({ id: z.string(), state: z.enum(['coming', 'whole', 'ended']) });

/**
 * What came of the attachments that a record names, and that it names them. Whole means: each opens with the key that the
 * record brought, chunk by chunk, and is as long as it says.
 */
export const judgeAttachments: JudgeAttachments = async (queries, attachments): Promise<AttachmentsState> => {
  const ids = [...new Set(attachments.map(({ id }) => id))];
  await queries.query('UPDATE attachment SET claimed = true WHERE id = ANY($1::uuid[]) AND NOT claimed', [ids]);
  const rows = await queries.query('SELECT id::text, state FROM attachment WHERE id = ANY($1::uuid[])', [ids]);
  const states = rows.map((row) => Row.parse(row).state);
  if (states.includes('ended')) return 'broken';
  if (states.filter((state) => state === 'whole').length < ids.length) return 'waiting';
  for (const attachment of attachments) if (!(await isWhole(queries, attachment))) return 'broken';
  return 'whole';
};

async function isWhole(queries: Queries, attachment: Attachment): Promise<boolean> {
  const { id, bytes } = attachment;
  const key = Buffer.from(attachment.key, 'base64url');
  const chunks = Math.ceil(bytes / attachmentLimits.chunkBytes);
  const hash = createHash('sha256');
  let [at, length] = [0, 0];
  for await (const sealed of regroup(readPieces(queries, id), tus.pieceBytes)) {
    hash.update(sealed);
    length += sealed.length;
    if (!opens(sealed, { key, id, chunk: at, last: at === chunks - 1 })) return false;
    at += 1;
  }
  return length === sealedBytes(bytes) && hash.digest('base64url') === attachment.sha256;
}

function opens(sealed: Buffer, { key, id, chunk, last }: { key: Buffer; id: string; chunk: number; last: boolean }): boolean {
  if (sealed.length <= attachmentLimits.tagBytes) return false;
  const end = sealed.length - attachmentLimits.tagBytes;
  const decipher = createDecipheriv('aes-256-gcm', key, attachmentNonce(chunk), { authTagLength: attachmentLimits.tagBytes });
  decipher.setAAD(attachmentContext(id, chunk, last));
  decipher.setAuthTag(sealed.subarray(end));
  try {
    decipher.update(sealed.subarray(0, end));
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
