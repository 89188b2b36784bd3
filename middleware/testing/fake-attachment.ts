import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import {
  type Attachment,
  attachmentContext,
  attachmentLimits,
  attachmentNonce,
  tus,
  writeUploadMetadata,
} from '../../contract/attachment.ts';
import { makeTxId } from './fake-terminal.ts';
import type { AskOptions, TestMiddleware } from './harness.ts';

export type FakeAttachment = { attachment: Attachment; sealed: Buffer };

/** As a terminal seals a picture. `damage` changes its chunks after they were sealed and before they are hashed. */
export function sealAttachment(bytes: number, damage: (chunks: Buffer[]) => Buffer[] = (chunks) => chunks): FakeAttachment {
  const { chunkBytes } = attachmentLimits;
  const id = makeTxId();
  const key = randomBytes(32);
  const plain = randomBytes(bytes);
  const count = Math.ceil(bytes / chunkBytes);
  const chunks = Array.from({ length: count }, (_, at) => {
    const cipher = createCipheriv('aes-256-gcm', key, attachmentNonce(at));
    cipher.setAAD(attachmentContext(id, at, at === count - 1));
    const part = plain.subarray(at * chunkBytes, (at + 1) * chunkBytes);
    return Buffer.concat([cipher.update(part), cipher.final(), cipher.getAuthTag()]);
  });
  const sealed = Buffer.concat(damage(chunks));
  const sha256 = createHash('sha256').update(sealed).digest('base64url');
  return { sealed, attachment: { id, name: 'foto.jpg', mediaType: 'image/jpeg', bytes, sha256, key: key.toString('base64url') } };
}

/** The requests of tus, one by one. */
export function createUploader(middleware: TestMiddleware, as?: AskOptions['as']) {
  const who = as === undefined ? {} : { as };
  const version = { 'tus-resumable': tus.version };
  const pathOf = (id: string) => `/v1/attachments/${id}`;
  return {
    begin: ({ attachment, sealed }: FakeAttachment, headers: Record<string, string> = {}) =>
      middleware.ask('/v1/attachments', {
        method: 'POST',
        headers: { ...version, 'upload-length': String(sealed.length), 'upload-metadata': writeUploadMetadata(attachment), ...headers },
        ...who,
      }),
    look: (id: string) => middleware.ask(pathOf(id), { method: 'HEAD', headers: version, ...who }),
    bring: (id: string, offset: number, body: Uint8Array, headers: Record<string, string> = {}) =>
      middleware.ask(pathOf(id), {
        method: 'PATCH',
        headers: { ...version, 'content-type': tus.piece, 'upload-offset': String(offset), ...headers },
        body,
        ...who,
      }),
    end: (id: string) => middleware.ask(pathOf(id), { method: 'DELETE', headers: version, ...who }),
  };
}

/** The whole, piece by piece. Answers the last status. */
export async function upload(
  uploader: ReturnType<typeof createUploader>,
  fake: FakeAttachment,
  size: number = tus.pieceBytes,
): Promise<number> {
  await uploader.begin(fake);
  let status = 0;
  for (let at = 0; at < fake.sealed.length; at += size)
    ({ status } = await uploader.bring(fake.attachment.id, at, fake.sealed.subarray(at, at + size)));
  return status;
}
