import * as z from 'zod';
import { TerminalId } from '../../contract/ids.ts';
import { Refusal } from '../http/problem.ts';
import type { Carried } from '../ingest/carried.ts';
import { writeAct } from '../operators/accounts.ts';
import type { Database } from '../store/database.ts';
import type { Door } from './door.ts';
import { drawPage, html } from './layout.ts';

const path = '/operator/exports';
/** A batch as over the line (http/app.ts), with the terminal's name around it. */
const deliveryLimit = 410 * 1024;

export type CarriedParts = Carried & { database: Database; now: () => Date };

const Begun = z.object({ terminal: TerminalId, deliveries: z.int().nonnegative(), losses: z.int().nonnegative() });
const Piece = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('delivery'), terminal: TerminalId, items: z.unknown() }),
  z.object({ kind: z.literal('loss'), terminal: TerminalId, statement: z.string().max(400_000) }),
]);

/** What an operator carried here. exports.js reads the file (contract/operator.ts, QueueExport) and brings it piece by piece: it may be large. */
export function addExportsPage(door: Door, { database, now, takeDelivery, takeLoss }: CarriedParts): void {
  door.page(path, 'operator', async ({ tongue, words, session }) => {
    const said = ['exportNotOne', 'exportProgress', 'exportDone', 'exportStopped'] as const;
    const sayings = JSON.stringify(Object.fromEntries(said.map((word) => [word, words(word, { n: '{n}', m: '{m}', h: '{h}', r: '{r}' })])));
    const body = html`<p>${words('exportHow')}</p>
<noscript><p class="care">${words('exportNoScript')}</p></noscript>
<form id="export" class="op__form" data-words="${sayings}">
<label class="op__field"><span>${words('exportFile')}</span><input id="file" type="file" accept="application/json,.json" required></label>
<button>${words('exportSend')}</button>
</form>
<p id="said" role="status"></p>`;
    return { page: drawPage({ tongue, words, title: 'exports', session, body, script: 'exports.js' }) };
  });

  door.take(`${path}/begun`, 'operator', 1024, async ({ session }, raw) => {
    const read = Begun.safeParse(raw);
    if (!read.success) throw new Refusal('badRequest', 400);
    await writeAct(database, { at: now(), operator: session.name, act: 'deliver_export', subject: read.data.terminal });
    return {};
  });

  door.take(`${path}/parts`, 'operator', deliveryLimit, async (_call, raw) => {
    const read = Piece.safeParse(raw);
    if (!read.success) throw new Refusal('badRequest', 400);
    if (read.data.kind === 'loss') {
      if (!(await takeLoss(read.data.terminal, read.data.statement))) throw new Refusal('notADelivery', 422);
      return { results: [] };
    }
    const results = await takeDelivery(read.data.terminal, read.data.items);
    if (results === null) throw new Refusal('notADelivery', 422);
    return { results };
  });
}
