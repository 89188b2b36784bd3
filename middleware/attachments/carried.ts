import { tus } from '../../contract/attachment.ts';
import type { Database } from '../store/database.ts';
import { findKeys } from '../terminals/terminals.ts';
import { type Announced, beginUpload, readUpload, takePiece } from './uploads.ts';

/** Attachments that an operator carried here: as over the line, and for the terminal that is named. What they are, the sealed record says. */
export type CarriedAttachments = {
  /** Up to where it is here, in bytes. Null: not of an enrolled terminal, another of that name, or it will not come. */
  beginAttachment(announced: Announced): Promise<number | null>;
  /** Up to where it is here now. Null: not at that place, or the whole is not what was announced. */
  takeAttachmentPiece(piece: { id: string; terminal: string; offset: number; content: Uint8Array }): Promise<number | null>;
};

export function takeCarriedAttachments(parts: { database: Database; now: () => Date; whole(): void }): CarriedAttachments {
  const { database, now } = parts;
  return {
    async beginAttachment(announced) {
      if (announced.length > tus.largest || (await findKeys(database, announced.terminal, now())).length === 0) return null;
      if (!(await beginUpload(database, announced, now())).ok) return null;
      const upload = await readUpload(database, announced.id, announced.terminal);
      return upload.ok ? upload.value.received : null;
    },
    async takeAttachmentPiece(piece) {
      const taken = await takePiece(database, piece, now());
      if (!taken.ok) return null;
      if (taken.value.whole) parts.whole();
      return taken.value.received;
    },
  };
}
