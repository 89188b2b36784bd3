import { TerminalId } from '../../contract/ids.ts';
import { issueEnrolmentCode } from '../enrolment/codes.ts';
import { reaches, writeAct } from '../operators/accounts.ts';
import type { Database } from '../store/database.ts';
import { type ListedTerminal, listTerminals, readOperatorSalt, revokeTerminal, TerminalName } from '../terminals/manage.ts';
import { operatorCodeAt, operatorSecretOf } from '../terminals/operator-secret.ts';
import type { Call, Door } from './door.ts';
import { drawPage, drawSaying, drawSecret, field, type Html, html, nothing, sayMoment } from './layout.ts';

export type TerminalPageParts = {
  database: Database;
  now: () => Date;
  rootSha256: Uint8Array;
  operatorKey: Uint8Array;
  /** ISO 8601: when the next key set is due. */
  nextKeySet: () => string;
};

const path = '/operator/terminals';

export function addTerminalPages(door: Door, parts: TerminalPageParts): void {
  const { database, now, rootSha256, operatorKey } = parts;
  const refuse = (call: Call) => ({ page: drawSaying(call, 'notUnderstood', call.session), status: 422 });

  door.page(path, 'viewer', async (call) => {
    const terminals = await listTerminals(database, now());
    const late = Date.parse(parts.nextKeySet()) < now().getTime();
    return { page: drawTerminals(call, terminals, late) };
  });

  door.act(`${path}/operator-code`, 'operator', async (call, { terminal = '' }) => {
    const salt = await readOperatorSalt(database, terminal);
    if (salt === null) return refuse(call);
    const { words, session } = call;
    await writeAct(database, { at: now(), operator: session.name, act: 'show_operator_code', subject: terminal });
    const { code, seconds } = operatorCodeAt(operatorSecretOf(operatorKey, terminal, salt), now());
    const title = `${words('operatorCode')}, ${terminal}`;
    return { page: drawSecret(call, { place: 'terminals', title, secret: code, how: words('codeHolds', { n: seconds }) }) };
  });

  door.act(`${path}/enrolment-code`, 'admin', async (call, { terminal = '', name = '' }) => {
    const id = TerminalId.safeParse(terminal.trim());
    const named = TerminalName.safeParse(name.trim());
    if (!id.success || !named.success) return refuse(call);
    const { words, session, tongue } = call;
    await writeAct(database, { at: now(), operator: session.name, act: 'issue_enrolment_code', subject: id.data });
    const order = { terminal: id.data, name: named.data, by: session.name, rootSha256, now: now() };
    const { code, expiresAt } = await database.transaction((queries) => issueEnrolmentCode(queries, order));
    const how = words('enrolmentCodeHow', { terminal: id.data, until: sayMoment(tongue, expiresAt) });
    return { page: drawSecret(call, { place: 'terminals', title: words('enrolmentCode'), secret: code, how }) };
  });

  door.act(`${path}/revoke`, 'admin', async (call, { terminal = '' }) => {
    await writeAct(database, { at: now(), operator: call.session.name, act: 'revoke_terminal', subject: terminal.slice(0, 64) });
    return (await revokeTerminal(database, terminal, now())) ? { to: path } : refuse(call);
  });
}

function drawTerminals(call: Call, terminals: readonly ListedTerminal[], late: boolean): string {
  const { tongue, words, session } = call;
  const table = html`<div class="op__scroll"><table>
<caption>${words('terminalsCaption')}</caption>
<thead><tr><th scope="col">${words('terminal')}</th><th scope="col">${words('standing')}</th><th scope="col">${words('until')}</th><td></td></tr></thead>
<tbody>
${terminals.map((terminal) => drawRow(call, terminal))}
</tbody>
</table></div>`;
  const body = html`${late ? html`<p class="care">${words('keysLate')}</p>` : nothing}
${terminals.length === 0 ? html`<p class="op__none">${words('noTerminals')}</p>` : table}
${reaches(session.role, 'admin') ? drawEnrolForm(call) : nothing}`;
  return drawPage({ tongue, words, title: 'terminals', session, body });
}

function drawRow({ tongue, words, session }: Call, { id, name, standing, until }: ListedTerminal): Html {
  const code = html`<form method="post" action="${path}/operator-code"><input type="hidden" name="terminal" value="${id}"><button>${words('showCode')}</button></form>`;
  // Two steps: what it does is read before it is done.
  const revoke = html`<details><summary>${words('revoke')}</summary><p>${words('sureRevoke', { terminal: id })}</p>
<form method="post" action="${path}/revoke"><input type="hidden" name="terminal" value="${id}"><button>${words('revoke')}</button></form></details>`;
  const acts = [
    ...(reaches(session.role, 'operator') ? [code] : []),
    ...(reaches(session.role, 'admin') && standing !== 'held_revoked' ? [revoke] : []),
  ];
  return html`<tr class="${standing === 'active' ? 'is-active' : 'is-quarantined'}"><th scope="row">${name} <span class="soft">${id}</span></th><td class="state" data-head="${words('standing')}">${words(standing)}</td><td data-head="${words('until')}">${sayMoment(tongue, until)}</td><td class="op__acts">${acts}</td></tr>`;
}

function drawEnrolForm({ words }: Call): Html {
  return html`<h2>${words('enrol')}</h2>
<form method="post" action="${path}/enrolment-code" class="op__form">
${field(words('terminalId'), 'terminal', 'required pattern="[a-z0-9\\-]{1,64}" autocapitalize="none" spellcheck="false"')}
${field(words('terminalName'), 'name', 'required maxlength="40"')}
<button>${words('makeCode')}</button>
</form>`;
}
