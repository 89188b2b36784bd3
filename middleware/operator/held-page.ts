import * as z from 'zod';
import { reaches, writeAct } from '../operators/accounts.ts';
import type { Database, Queries } from '../store/database.ts';
import { listTerminals } from '../terminals/manage.ts';
import type { Call, Door, Next } from './door.ts';
import { drawPage, drawSaying, type Html, html, nothing, sayMoment } from './layout.ts';
import { type HeldDelivery, listHeld, listUnopened, rejections, type Unopened } from './list-held.ts';
import type { Word } from './words.ts';

const path = '/operator/held';

export type HeldPageParts = {
  database: Database;
  now: () => Date;
  /** @returns how many of them the worker may now carry out */
  release(queries: Queries, txIds: readonly string[], by: string): Promise<number>;
  /** They are not carried out, and nothing of them is deleted. @returns how many */
  reject(queries: Queries, txIds: readonly string[], decision: { by: string; why: string; at: Date }): Promise<number>;
  /** Something may be carried out: look now. */
  released(): void;
};

const Which = z.union([z.object({ delivery: z.string().regex(/^[1-9]\d{0,14}$/) }), z.object({ record: z.uuid() })]);
const Decision = z.object({ why: z.enum(rejections) });

/** What came from terminals whose standing is in doubt, and what did not open: a person says what becomes of it. */
export function addHeldPage(door: Door, { database, now, release, reject, released }: HeldPageParts): void {
  const refuse = (call: Call): Next => ({ page: drawSaying(call, 'notUnderstood', call.session), status: 422 });

  door.page(path, 'viewer', async (call) => {
    const terminals = await listTerminals(database, now());
    const names = new Map(terminals.map(({ id, name }) => [id, name]));
    return { page: drawHeld(call, await listHeld(database, terminals), await listUnopened(database), names) };
  });

  door.act(path, 'operator', async (call, form) => {
    const which = Which.safeParse(form);
    if (!which.success) return refuse(call);
    const { name } = call.session;
    const left = await database.transaction(async (queries) => {
      const found = await find(queries, which.data);
      await writeAct(queries, { at: now(), operator: name, act: 'release_held', subject: found.subject });
      return found.txIds.length - (await release(queries, found.txIds, name));
    });
    released();
    return left === 0 ? { to: path } : { page: drawSaying(call, 'releaseLeft', call.session) };
  });

  door.act(`${path}/reject`, 'operator', async (call, form) => {
    const [which, decision] = [Which.safeParse(form), Decision.safeParse(form)];
    if (!which.success || !decision.success) return refuse(call);
    const { name: by } = call.session;
    const { why } = decision.data;
    await database.transaction(async (queries) => {
      const found = await find(queries, which.data);
      await writeAct(queries, { at: now(), operator: by, act: `reject_${why}`, subject: found.subject });
      await reject(queries, found.txIds, { by, why, at: now() });
    });
    // What came after it in its case goes on.
    released();
    return { to: path };
  });
}

/** Locked: of two operators who decide at once, the second finds nothing left. */
async function find(queries: Queries, which: z.infer<typeof Which>): Promise<{ txIds: string[]; subject: string }> {
  const isDelivery = 'delivery' in which;
  const rows = await queries.query(
    isDelivery
      ? `SELECT tx_id::text FROM inbox WHERE delivery = $1::bigint AND state = 'held' ORDER BY sequence FOR UPDATE`
      : `SELECT tx_id::text FROM inbox WHERE tx_id = $1::uuid AND state = 'quarantined' FOR UPDATE`,
    [isDelivery ? which.delivery : which.record],
  );
  return { txIds: rows.map((row) => String(row.tx_id)), subject: isDelivery ? `delivery ${which.delivery}` : `record ${which.record}` };
}

function drawHeld(call: Call, held: readonly HeldDelivery[], unopened: readonly Unopened[], names: ReadonlyMap<string, string>): string {
  const { tongue, words, session } = call;
  const rows = held.map((row) => drawDelivery(call, row, names));
  const others = unopened.map((row) => drawUnopened(call, row, names));
  const heads: readonly Word[] = ['delivery', 'terminal', 'whyHeld', 'records', 'received'];
  const body = html`${held.length === 0 ? nothing : drawTable(call, 'heldCaption', heads, rows)}
${unopened.length === 0 ? nothing : html`<h2>${words('unopened')}</h2>${drawTable(call, 'unopenedCaption', ['reference', 'terminal', 'whyHeld', 'received'], others)}`}
${held.length + unopened.length === 0 ? html`<p class="op__none">${words('heldNone')}</p>` : nothing}`;
  return drawPage({ tongue, words, title: 'held', session, body });
}

function drawTable({ words }: Call, caption: Word, heads: readonly Word[], rows: readonly Html[]): Html {
  const columns = heads.map((word) => html`<th scope="col"${word === 'records' ? { html: ' class="num"' } : nothing}>${words(word)}</th>`);
  return html`<div class="op__scroll"><table>
<caption>${words(caption)}</caption>
<thead><tr>${columns}<td></td></tr></thead>
<tbody>
${rows}
</tbody>
</table></div>`;
}

function drawDelivery(call: Call, row: HeldDelivery, names: ReadonlyMap<string, string>): Html {
  const { tongue, words } = call;
  const { delivery, terminal, why, records, receivedAt } = row;
  // While the terminal is in doubt, whoever releases knows better than the middleware: it is said before it is done.
  const release = drawAct(call, path, { delivery }, 'release', why === 'wasInDoubt' ? 'releaseHow' : 'releaseInDoubt');
  return html`<tr class="is-quarantined"><th scope="row" data-head="${words('delivery')}">${delivery}</th><td>${names.get(terminal) ?? terminal} <span class="soft">${terminal}</span></td><td data-head="${words('whyHeld')}">${words(why)}</td><td class="num" data-head="${words('records')}">${records}</td><td data-head="${words('received')}">${sayMoment(tongue, receivedAt)}</td><td class="op__acts">${mayDecide(call) ? [release, drawReject(call, { delivery })] : nothing}</td></tr>`;
}

function drawUnopened(call: Call, row: Unopened, names: ReadonlyMap<string, string>): Html {
  const { tongue, words } = call;
  const { txId: record, reference, terminal, why, receivedAt } = row;
  const again = drawAct(call, path, { record }, 'tryAgain', 'tryAgainHow');
  return html`<tr class="is-quarantined"><th scope="row" class="reference">${reference}</th><td>${names.get(terminal) ?? terminal} <span class="soft">${terminal}</span></td><td data-head="${words('whyHeld')}">${words(why)}</td><td data-head="${words('received')}">${sayMoment(tongue, receivedAt)}</td><td class="op__acts">${mayDecide(call) ? [again, drawReject(call, { record })] : nothing}</td></tr>`;
}

const mayDecide = ({ session }: Call): boolean => reaches(session.role, 'operator');

/** Two steps: what it does is read before it is done. */
function drawAct({ words }: Call, action: string, which: Record<string, string | number>, act: Word, how: Word): Html {
  return html`<details><summary>${words(act)}</summary><p>${words(how)}</p>
<form method="post" action="${action}">${drawHidden(which)}<button>${words(act)}</button></form></details>`;
}

function drawReject({ words }: Call, which: Record<string, string | number>): Html {
  const choices = rejections.map((why) => html`<option value="${why}">${words(`reject_${why}`)}</option>`);
  return html`<details><summary>${words('reject')}</summary><p>${words('rejectHow')}</p>
<form method="post" action="${path}/reject">${drawHidden(which)}<label class="op__field"><span>${words('rejectWhy')}</span><select name="why" required><option value=""></option>${choices}</select></label>
<button>${words('reject')}</button></form></details>`;
}

function drawHidden(which: Record<string, string | number>): Html[] {
  return Object.entries(which).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
}
