import type { Queries } from '../store/database.ts';
import { readTerminalNames } from '../terminals/manage.ts';
import type { Call, Door } from './door.ts';
import { drawPage, type Html, html, nothing } from './layout.ts';
import { countArrivals, listArrivals } from './list-arrivals.ts';
import type { Word } from './words.ts';

const shown = 100;

/** What operator.js says, in the page's language. */
const said = [
  'stillSealed',
  'isReceived',
  'isHeld',
  'isExecuted',
  'isAwaiting',
  'isDoubted',
  'isQuarantined',
  'isPostponed',
  'isRejected',
  'isRefused',
  'reject_copied_terminal',
  'reject_stolen_terminal',
  'reject_sent_twice',
  'reject_trial',
  'signature_revoked',
  'mandate_ended',
  'cannot_open',
  'not_json',
  'wrong_shape',
  'not_this_envelope',
  'not_storable',
  'reasonUnknown',
] as const satisfies readonly Word[];

/** Transactions as they arrive: the page has no data, operator.js asks for it every second. */
export function addArrivalsPage(door: Door, { database, now, demo }: { database: Queries; now: () => Date; demo: boolean }): void {
  door.page('/operator', 'viewer', async (call) => ({ page: drawArrivals(call, demo) }));

  door.data('/operator/arrivals', 'viewer', async () => {
    const names = await readTerminalNames(database);
    const [totals, arrivals] = [await countArrivals(database), await listArrivals(database, shown)];
    const named = arrivals.map((arrival) => ({ ...arrival, terminal: names.get(arrival.terminal) ?? arrival.terminal }));
    return { at: now().toISOString(), totals, arrivals: named };
  });
}

function drawArrivals({ tongue, words, session }: Call, demo: boolean): string {
  const sayings = JSON.stringify(Object.fromEntries(said.map((word) => [word, words(word, { reason: '{reason}' })])));
  const total = (name: string, word: Word): Html => html`<div id="${name}"><dt>${words(word)}</dt><dd id="total-${name}">0</dd></div>`;
  const band = html`<dl class="op__totals">
${total('received', 'totalReceived')}
${total('executed', 'totalExecuted')}
${total('held', 'totalHeld')}
${total('quarantined', 'totalQuarantined')}
<div class="op__at"><dt>${words('asOf')}</dt><dd id="at">${words('moment')}</dd></div>
</dl>
${demo ? html`<p class="op__demo"><strong>Demo</strong> ${words('demo')}</p>` : nothing}`;
  const body = html`${icons}
<p id="silent" class="care" role="status" hidden>${words('silent')}</p>
<p id="none" class="op__none">${words('arrivalsNone')}</p>
<div class="op__scroll" id="some" data-words="${sayings}" hidden>
<table>
<caption>${words('arrivalsCaption')}</caption>
<thead><tr><th scope="col">${words('reference')}</th><th scope="col">${words('terminal')}</th><th scope="col">${words('product')}</th><th scope="col">${words('outcome')}</th><th scope="col" class="num">${words('times')}</th><th scope="col">${words('received')}</th></tr></thead>
<tbody id="rows"></tbody>
</table>
</div>`;
  return drawPage({ tongue, words, title: 'arrivals', session, body, band, script: 'operator.js' });
}

/** Drawn here, so that nothing is fetched from elsewhere. */
const icons = html`<svg class="sprite" aria-hidden="true">
<symbol id="sealed" viewBox="0 0 24 24"><rect x="5" y="10.5" width="14" height="9.5" rx="1.5"/><path d="M8 10.5V7.8a4 4 0 0 1 8 0v2.7"/></symbol>
<symbol id="wait" viewBox="0 0 24 24"><circle cx="12" cy="12" r="9"/><path d="M12 7v5.3l3.2 2"/></symbol>
<symbol id="done" viewBox="0 0 24 24"><circle cx="12" cy="12" r="9"/><path d="M7.8 12.4l2.9 2.9 5.6-6"/></symbol>
<symbol id="care" viewBox="0 0 24 24"><path d="M12 3.5L21.5 20h-19z"/><path d="M12 9.5v5M12 17v.4"/></symbol>
</svg>`;
