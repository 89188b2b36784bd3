import * as z from 'zod';
import { SilentWhy, SourceId } from '../../contract/file.ts';
import { readSourceText } from '../../contract/source-text.ts';
import { Control } from '../back-offices/control.ts';
import { reaches, writeAct } from '../operators/accounts.ts';
import { type ListedSource, listSources } from '../sources/list-sources.ts';
import type { FileSource } from '../sources/sources.ts';
import { switchSource } from '../sources/switches.ts';
import type { Tally } from '../sources/tally.ts';
import type { Database } from '../store/database.ts';
import type { Call, Door, Next } from './door.ts';
import { drawPage, drawSaying, type Html, html, nothing, sayMoment } from './layout.ts';

const path = '/operator/sources';

export type SourcesPageParts = {
  database: Database;
  now: () => Date;
  sources: readonly FileSource[];
  tally: Pick<Tally, 'flush'>;
  /** Makes an invented source fail or wait. Null: these are nobody's inventions. Resolves to false when they are gone. */
  spoil: ((order: z.infer<typeof Control>) => Promise<boolean>) | null;
};

const Switch = z.object({ source: SourceId, off: z.enum(['yes', 'no']) });

export function addSourcesPage(door: Door, { database, now, sources, tally, spoil }: SourcesPageParts): void {
  const refuse = (call: Call): Next => ({ page: drawSaying(call, 'notUnderstood', call.session), status: 422 });
  const isKnown = (id: string) => sources.some(({ info }) => info.id === id);

  door.page(path, 'viewer', async (call) => {
    await tally.flush();
    return { page: drawSources(call, await listSources(database, sources), spoil !== null) };
  });

  door.act(`${path}/switch`, 'operator', async (call, form) => {
    const read = Switch.safeParse(form);
    if (!read.success || !isKnown(read.data.source)) return refuse(call);
    const { source, off } = read.data;
    const isOff = off === 'yes';
    await database.transaction(async (queries) => {
      await writeAct(queries, {
        at: now(),
        operator: call.session.name,
        act: isOff ? 'switch_source_off' : 'switch_source_on',
        subject: source,
      });
      await switchSource(queries, { source, off: isOff });
    });
    return { to: path };
  });

  if (spoil === null) return;
  door.act(`${path}/spoil`, 'operator', async (call, { latency = '', ...form }) => {
    const read = Control.safeParse({ ...form, ...(latency !== '' && { latencyMs: Number(latency) }) });
    if (!read.success || !isKnown(read.data.source)) return refuse(call);
    await writeAct(database, { at: now(), operator: call.session.name, act: 'spoil_source', subject: read.data.source });
    return (await spoil(read.data)) ? { to: path } : { page: drawSaying(call, 'demoFaultGone', call.session), status: 503 };
  });
}

function drawSources(call: Call, listed: readonly ListedSource[], isDemo: boolean): string {
  const { tongue, words, session } = call;
  const heads = (['source', 'standing', 'lastAnswer', 'howSilent'] as const).map((word) => html`<th scope="col">${words(word)}</th>`);
  const body = html`${isDemo && reaches(session.role, 'operator') ? drawSpoilForm(call, listed) : nothing}
<div class="op__scroll"><table>
<caption>${words('sourcesCaption')}</caption>
<thead><tr>${heads}<td></td></tr></thead>
<tbody>
${listed.map((source) => drawRow(call, source))}
</tbody>
</table></div>`;
  return drawPage({ tongue, words, title: 'sources', session, body });
}

function drawRow(call: Call, { info, state, answeredAt, asked, silent, repeats, alarms, alarmAt }: ListedSource): Html {
  const { tongue, words, session } = call;
  const name = readSourceText(info.name, tongue).words;
  const isCare = alarms > 0 || SilentWhy.safeParse(state).success;
  const alarm =
    alarms === 0
      ? nothing
      : html`<p class="care" role="alert">${words('alarm', { n: alarms, at: alarmAt === null ? '' : sayMoment(tongue, alarmAt) })}</p>`;
  const double = repeats === 0 ? nothing : html`<p class="soft">${words('repeats', { n: repeats })}</p>`;
  const mayAct = reaches(session.role, 'operator') && state !== 'not_connected';
  const last = answeredAt === null ? words('neverAnswered') : sayMoment(tongue, answeredAt);
  const often = asked === 0 ? words('notAsked') : words('timesOf', { n: silent, m: asked });
  return html`<tr class="${isCare ? 'is-quarantined' : ''}"><th scope="row">${name} <span class="soft">${info.id}</span></th><td class="state">${words(`is_${state}`)}${alarm}${double}</td><td>${last}</td><td>${often}</td><td class="op__acts">${mayAct ? drawSwitch(call, info.id, state === 'switched_off') : nothing}</td></tr>`;
}

/** Off in two steps: what it does is read before it is done. */
function drawSwitch({ words }: Call, source: string, isOff: boolean): Html {
  const form = html`<form method="post" action="${path}/switch"><input type="hidden" name="source" value="${source}"><input type="hidden" name="off" value="${isOff ? 'no' : 'yes'}"><button>${words(isOff ? 'switchOn' : 'switchOff')}</button></form>`;
  return isOff ? form : html`<details><summary>${words('switchOff')}</summary><p>${words('switchOffHow')}</p>${form}</details>`;
}

function drawSpoilForm({ tongue, words }: Call, listed: readonly ListedSource[]): Html {
  const sources = listed
    .filter(({ state }) => state !== 'not_connected')
    .map(({ info }) => ({ id: info.id, name: readSourceText(info.name, tongue).words }))
    .toSorted((one, other) => one.name.localeCompare(other.name, tongue))
    .map(({ id, name }) => html`<option value="${id}">${name}</option>`);
  const faults = Control.shape.fault.unwrap().options.map((fault) => html`<option value="${fault}">${words(`fault_${fault}`)}</option>`);
  return html`<details><summary>${words('demoFault')}</summary>
<form method="post" action="${path}/spoil" class="op__form">
<label class="op__field"><span>${words('source')}</span><select name="source" required><option value=""></option>${sources}</select></label>
<label class="op__field"><span>${words('fault')}</span><select name="fault">${faults}</select></label>
<label class="op__field"><span>${words('latency')}</span><input name="latency" inputmode="numeric" pattern="[0-9]{0,5}" autocomplete="off"></label>
<button>${words('change')}</button>
</form></details>`;
}
