import * as z from 'zod';
import {
  type Account,
  addOperator,
  changeOperator,
  listOperators,
  OperatorName,
  Role,
  resetPassword,
  writeAct,
} from '../operators/accounts.ts';
import type { Act } from '../operators/acts.ts';
import type { Database } from '../store/database.ts';
import { sayAct } from './act-words.ts';
import type { Call, Door } from './door.ts';
import { drawPage, drawSaying, drawSecret, field, type Html, html, sayMoment } from './layout.ts';

const path = '/operator/operators';
const Change = z.object({ name: z.string(), role: Role, enter: z.literal('on').optional() });
const Added = z.object({ name: OperatorName, role: Role });

export function addOperatorsPages(door: Door, { database, now }: { database: Database; now: () => Date }): void {
  const refuse = (call: Call) => ({ page: drawSaying(call, 'notUnderstood', call.session), status: 422 });
  const write = (call: Call, act: Act, subject: string) => writeAct(database, { at: now(), operator: call.session.name, act, subject });

  door.page(path, 'admin', async (call) => ({ page: drawOperators(call, await listOperators(database)) }));

  door.act(path, 'admin', async (call, form) => {
    const read = Added.safeParse({ ...form, name: form.name?.trim().toLowerCase() });
    if (!read.success) return refuse(call);
    await write(call, `add_${read.data.role}`, read.data.name);
    const added = await addOperator(database, read.data);
    if (!added.ok) return { page: drawSaying(call, 'operatorTaken', call.session), status: 422 };
    return { page: drawFirstPassword(call, read.data.name, added.value) };
  });

  door.act(`${path}/change`, 'admin', async (call, form) => {
    const read = Change.safeParse(form);
    // Not oneself: the last admin would lock everybody out.
    if (!read.success || read.data.name === call.session.name) return refuse(call);
    const { name, role, enter } = read.data;
    await write(call, enter === 'on' ? `make_${role}` : 'disable', name.slice(0, 40));
    return (await changeOperator(database, { name, role, disabled: enter !== 'on' })) ? { to: path } : refuse(call);
  });

  door.act(`${path}/password`, 'admin', async (call, { name = '' }) => {
    if (name === call.session.name) return refuse(call);
    await write(call, 'reset_password', name.slice(0, 40));
    const reset = await resetPassword(database, name);
    return reset.ok ? { page: drawFirstPassword(call, name, reset.value) } : refuse(call);
  });

  door.page('/operator/acts', 'admin', async (call) => {
    const rows = await database.query('SELECT at, operator, act, subject FROM operator_act ORDER BY place DESC LIMIT 200');
    return { page: drawActs(call, z.array(ActRow).parse(rows)) };
  });
}

function drawFirstPassword(call: Call, name: string, secret: string): string {
  const { words } = call;
  return drawSecret(call, {
    place: 'operators',
    title: words('firstPassword', { name }),
    secret,
    how: words('firstPasswordHow', { name }),
  });
}

function drawOperators(call: Call, accounts: readonly Account[]): string {
  const { tongue, words, session } = call;
  const body = html`<div class="op__scroll"><table>
<thead><tr><th scope="col">${words('name')}</th><th scope="col">${words('role')}</th><td></td></tr></thead>
<tbody>
${accounts.map((account) => drawAccount(call, account))}
</tbody>
</table></div>
<h2>${words('addOperator')}</h2>
<form method="post" action="${path}" class="op__form">
${field(words('operatorName'), 'name', 'required maxlength="40" autocapitalize="none" spellcheck="false" autocomplete="off"')}
${drawRoles(call, 'viewer')}
<button>${words('add')}</button>
</form>`;
  return drawPage({ tongue, words, title: 'operators', session, body });
}

function drawAccount(call: Call, { name, role, disabled }: Account): Html {
  const { words, session } = call;
  const state = html`${words(role)}, ${words(disabled ? 'disabled' : 'enabled').toLowerCase()}`;
  if (name === session.name) return html`<tr><th scope="row">${name}</th><td>${state}</td><td>${words('yourself')}</td></tr>`;
  const hidden = html`<input type="hidden" name="name" value="${name}">`;
  const change = html`<form method="post" action="${path}/change" class="op__row">${hidden}${drawRoles(call, role)}
<label><input type="checkbox" name="enter"${{ html: disabled ? '' : ' checked' }}> ${words('mayEnter')}</label> <button>${words('change')}</button></form>`;
  const reset = html`<form method="post" action="${path}/password">${hidden}<button>${words('newFirstPassword')}</button></form>`;
  return html`<tr><th scope="row">${name}</th><td>${state}</td><td class="op__acts">${change}${reset}</td></tr>`;
}

function drawRoles({ words }: Call, chosen: Role): Html {
  const options = Role.options.map(
    (role) => html`<option value="${role}"${{ html: role === chosen ? ' selected' : '' }}>${words(role)}</option>`,
  );
  return html`<label class="op__field"><span>${words('role')}</span><select name="role">${options}</select></label>`;
}

const ActRow = z.object({ at: z.date(), operator: z.string(), act: z.string(), subject: z.string() });

function drawActs({ tongue, words, session }: Call, acts: readonly z.infer<typeof ActRow>[]): string {
  const rows = acts.map(
    ({ at, operator, act, subject }) =>
      html`<tr><td>${sayMoment(tongue, at)}</td><td data-head="${words('who')}">${operator}</td><td data-head="${words('act')}">${sayAct(tongue, act)}</td><td data-head="${words('subject')}">${subject}</td></tr>`,
  );
  const body = html`<div class="op__scroll"><table>
<caption>${words('actsCaption')}</caption>
<thead><tr><th scope="col">${words('when')}</th><th scope="col">${words('who')}</th><th scope="col">${words('act')}</th><th scope="col">${words('subject')}</th></tr></thead>
<tbody>
${rows}
</tbody>
</table></div>`;
  return drawPage({ tongue, words, title: 'acts', session, body });
}
