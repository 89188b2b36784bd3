import * as z from 'zod';
import { AttachmentId, tus } from '../../contract/attachment.ts';
import { Hash, TerminalId } from '../../contract/ids.ts';
import { largestBatchText } from '../../contract/wire.ts';
import type { CarriedAttachments } from '../attachments/carried.ts';
import { Refusal } from '../http/problem.ts';
import type { Carried } from '../ingest/carried.ts';
import { writeActOnce } from '../operators/accounts.ts';
import type { Database } from '../store/database.ts';
import type { Door } from './door.ts';
import { drawPage, html } from './layout.ts';

const path = '/operator/exports';
/** A batch as over the line, with the terminal's name around it. */
const deliveryLimit = largestBatchText + 1024;

export type CarriedParts = Carried & CarriedAttachments & { database: Database; now: () => Date };

const Piece = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('delivery'), terminal: TerminalId, items: z.unknown() }),
  z.object({ kind: z.literal('loss'), terminal: TerminalId, statement: z.string().max(400_000) }),
  z.object({
    kind: z.literal('attachment'),
    terminal: TerminalId,
    id: AttachmentId,
    length: z.int().positive(),
    sha256: Hash,
  }),
  z.object({
    kind: z.literal('piece'),
    terminal: TerminalId,
    id: AttachmentId,
    offset: z.int().nonnegative(),
    content: z
      .base64()
      .min(4)
      .max(Math.ceil(tus.pieceBytes / 3) * 4),
  }),
]);
type Piece = z.infer<typeof Piece>;

/** What an operator carried here. exports.js reads the folder (contract/operator.ts, ExportPart) and brings it piece by piece: it may be large. */
export function addExportsPage(door: Door, parts: CarriedParts): void {
  const { database, now } = parts;

  door.page(path, 'operator', async ({ tongue, words, session }) => {
    const said = ['exportNotOne', 'exportCut', 'exportProgress', 'exportDone', 'exportStopped'] as const;
    const sayings = JSON.stringify(
      Object.fromEntries(said.map((word) => [word, words(word, { n: '{n}', m: '{m}', h: '{h}', r: '{r}', a: '{a}', b: '{b}' })])),
    );
    const body = html`<p>${words('exportHow')}</p>
<noscript><p class="care">${words('exportNoScript')}</p></noscript>
<form id="export" class="op__form" data-words="${sayings}">
<label class="op__field"><span>${words('exportFile')}</span><input id="folder" type="file" webkitdirectory required></label>
<button>${words('exportSend')}</button>
</form>
<p id="said" role="status"></p>`;
    return { page: drawPage({ tongue, words, title: 'exports', session, body, script: 'exports.js' }) };
  });

  door.take(`${path}/parts`, 'operator', deliveryLimit, async ({ session }, raw) => {
    const read = Piece.safeParse(raw);
    if (!read.success) throw new Refusal('badRequest', 400);
    // Of whom it is, each piece says, and not what the folder says of itself: a terminal may bring what it kept as another.
    await writeActOnce(database, { at: now(), operator: session.name, act: 'deliver_export', subject: read.data.terminal });
    const taken = await take(read.data, parts);
    if (taken === null) throw new Refusal('notADelivery', 422);
    return taken;
  });
}

/** Null: nobody vouches for it, or it is not what it says. */
async function take(piece: Piece, parts: CarriedParts): Promise<object | null> {
  switch (piece.kind) {
    case 'loss':
      return (await parts.takeLoss(piece.terminal, piece.statement)) ? {} : null;
    case 'delivery': {
      const results = await parts.takeDelivery(piece.terminal, piece.items);
      return results && { results };
    }
    case 'attachment': {
      const offset = await parts.beginAttachment({ ...piece, sha256: Buffer.from(piece.sha256, 'base64url') });
      return offset === null ? null : { offset };
    }
    case 'piece': {
      const offset = await parts.takeAttachmentPiece({ ...piece, content: Buffer.from(piece.content, 'base64') });
      return offset === null ? null : { offset };
    }
  }
}
