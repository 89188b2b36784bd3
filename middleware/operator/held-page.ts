import * as z from 'zod';
import { reaches, writeAct } from '../operators/accounts.ts';
import type { Database, Queries } from '../store/database.ts';
import { readTerminalNames } from '../terminals/manage.ts';
import type { Call, Door } from './door.ts';
import { drawPage, drawSaying, type Html, html, nothing, sayMoment } from './layout.ts';

const path = '/operator/held';
const shown = 200;

export type HeldPageParts = {
  database: Database;
  now: () => Date;
  /** @returns how many of them the worker may now carry out; a place that another record has already cannot be released */
  release(queries: Queries, txIds: readonly string[], by: string): Promise<number>;
  /** Something may be carried out: look now. */
  released(): void;
};

const HeldRow = z.object({ delivery: z.number(), terminal: z.string(), received_at: z.date(), records: z.number() });
type HeldRow = z.infer<typeof HeldRow>;
const Form = z.object({ delivery: z.string().regex(/^[1-9]\d{0,15}$/) });

/** What came from terminals whose standing is in doubt, by delivery: a person says whether it may be carried out. */
export function addHeldPage(door: Door, { database, now, release, released }: HeldPageParts): void {
  door.page(path, 'viewer', async (call) => {
    const rows = await database.query(
      `SELECT i.delivery::float8 AS delivery, i.terminal, d.received_at, count(*)::int AS records
       FROM inbox i JOIN delivery d ON d.log_sequence = i.delivery WHERE i.state = 'held'
       GROUP BY i.delivery, i.terminal, d.received_at ORDER BY i.delivery LIMIT $1::int`,
      [shown],
    );
    return { page: drawHeld(call, z.array(HeldRow).parse(rows), await readTerminalNames(database)) };
  });

  door.act(path, 'operator', async (call, form) => {
    const read = Form.safeParse(form);
    if (!read.success) return { page: drawSaying(call, 'notUnderstood', call.session), status: 422 };
    const { delivery } = read.data;
    const { name } = call.session;
    const left = await database.transaction(async (queries) => {
      const rows = await queries.query(`SELECT tx_id::text FROM inbox WHERE delivery = $1::bigint AND state = 'held' ORDER BY sequence`, [
        delivery,
      ]);
      const txIds = rows.map((row) => String(row.tx_id));
      await writeAct(queries, { at: now(), operator: name, act: 'release_held', subject: `delivery ${delivery}` });
      return txIds.length - (await release(queries, txIds, name));
    });
    released();
    return left === 0 ? { to: path } : { page: drawSaying(call, 'releaseLeft', call.session) };
  });
}

function drawHeld(call: Call, held: readonly HeldRow[], names: ReadonlyMap<string, string>): string {
  const { tongue, words, session } = call;
  const mayRelease = reaches(session.role, 'operator');
  const table = html`${mayRelease ? html`<p>${words('releaseHow')}</p>` : nothing}
<div class="op__scroll"><table>
<caption>${words('heldCaption')}</caption>
<thead><tr><th scope="col">${words('delivery')}</th><th scope="col">${words('terminal')}</th><th scope="col" class="num">${words('records')}</th><th scope="col">${words('received')}</th><td></td></tr></thead>
<tbody>
${held.map((row) => drawRow(call, row, names, mayRelease))}
</tbody>
</table></div>`;
  const body = held.length === 0 ? html`<p class="op__none">${words('heldNone')}</p>` : table;
  return drawPage({ tongue, words, title: 'held', session, body });
}

function drawRow({ tongue, words }: Call, row: HeldRow, names: ReadonlyMap<string, string>, mayRelease: boolean): Html {
  const { delivery, terminal, received_at, records } = row;
  const form = html`<form method="post" action="${path}"><input type="hidden" name="delivery" value="${delivery}"><button>${words('release')}</button></form>`;
  return html`<tr><th scope="row">${delivery}</th><td>${names.get(terminal) ?? terminal} <span class="soft">${terminal}</span></td><td class="num">${records}</td><td>${sayMoment(tongue, received_at)}</td><td class="op__acts">${mayRelease ? form : nothing}</td></tr>`;
}
