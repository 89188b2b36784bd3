import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { tus } from '../../contract/attachment.ts';
import { readCode } from '../../contract/enrolment.ts';
import { addOperator, changePassword, mostChecking, type Role } from '../operators/accounts.ts';
import { readOperatorSalt, revokeTerminal } from '../terminals/manage.ts';
import { operatorCodeAt, operatorSecretOf } from '../terminals/operator-secret.ts';
import { sealAttachment } from '../testing/fake-attachment.ts';
import { createFakeBrowser, type FakeBrowser } from '../testing/fake-browser.ts';
import { createFakeTerminal } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';

let bench: TestBench;
const clock = { now: new Date() };
const now = () => clock.now;
const password = 'brug over de Leie';

beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterEach(async () => {
  clock.now = new Date();
  await bench.empty();
});
afterAll(() => bench.close());

async function someone(middleware: TestMiddleware, role: Role, name: string = role): Promise<FakeBrowser> {
  const added = await addOperator(bench.database, { name: `the-${name}`, role });
  if (!added.ok) throw new Error(added.error);
  await changePassword(bench.database, `the-${name}`, password);
  const browser = createFakeBrowser(middleware);
  expect((await browser.signIn(`the-${name}`, password)).status).toBe(303);
  return browser;
}

const start = () => bench.start({ demo: false }, { now, uptime: () => 0 });
const textOf = async (reply: { text(): Promise<string> }) => await reply.text();

const pages: [string, Role][] = [
  ['/operator', 'viewer'],
  ['/operator/password', 'viewer'],
  ['/operator/terminals', 'viewer'],
  ['/operator/held', 'viewer'],
  ['/operator/sources', 'viewer'],
  ['/operator/exports', 'operator'],
  ['/operator/operators', 'admin'],
  ['/operator/acts', 'admin'],
];
const acts: [string, Role][] = [
  ['/operator/held', 'operator'],
  ['/operator/held/reject', 'operator'],
  ['/operator/sources/switch', 'operator'],
  ['/operator/terminals/operator-code', 'operator'],
  ['/operator/terminals/enrolment-code', 'admin'],
  ['/operator/terminals/revoke', 'admin'],
  ['/operator/operators', 'admin'],
  ['/operator/operators/change', 'admin'],
  ['/operator/operators/password', 'admin'],
];
const scripts: [string, Role][] = [['/operator/exports/parts', 'operator']];

test('a rush of sign-ins is bounded: who comes beyond that hears when to come again, and then gets in', async () => {
  const middleware = await bench.start({ demo: false, trustedProxies: ['127.0.0.1', '::1'] }, { now, uptime: () => 0 });
  await someone(middleware, 'viewer');
  const signIn = (at: number, name = `stranger-${at}`) =>
    middleware.ask('/operator/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ name, password }).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: middleware.url,
        'x-forwarded-for': `198.51.100.${at}`,
      },
      redirect: 'manual',
      as: null,
      undocumented: true,
    });
  const replies = await Promise.all(Array.from({ length: mostChecking + 12 }, (_, at) => signIn(at)));
  const busy = replies.filter(({ status }) => status === 503);
  expect([busy.length, replies.filter(({ status }) => status === 403).length]).toEqual([12, mostChecking]);
  expect(busy[0]?.headers.get('retry-after')).toBe('10');
  expect(await busy[0]?.text()).toContain('bezig');
  expect((await signIn(250, 'the-viewer')).status).toBe(303);
});

test('nobody gets anywhere without signing in', async () => {
  const browser = createFakeBrowser(await start());
  for (const [path] of pages) {
    const reply = await browser.get(path);
    expect([path, reply.status, reply.headers.get('location')]).toEqual([path, 303, '/operator/sign-in']);
  }
  for (const [path] of acts) expect([path, (await browser.submit(path, {})).headers.get('location')]).toEqual([path, '/operator/sign-in']);
  for (const [path] of scripts) expect([path, (await browser.postJson(path, {})).status]).toEqual([path, 401]);
  expect((await browser.get('/operator/arrivals')).status).toBe(401);
  expect(await textOf(await browser.get('/operator/sign-in'))).toContain('autocomplete="current-password"');
});

test('who has not signed in hears so before what he sends is read', async () => {
  const middleware = await start();
  const headers = { 'content-type': 'application/json', origin: middleware.url };
  for (const [path] of scripts)
    for (const body of ['{', `"${'x'.repeat(5_000_000)}"`]) {
      const reply = await middleware.ask(path, { method: 'POST', body, headers, as: null, undocumented: true });
      expect([path, reply.status]).toEqual([path, 401]);
    }
});

test('each role reaches its pages and acts, and no further', async () => {
  const middleware = await start();
  for (const [at, role] of (['viewer', 'operator', 'admin'] as const).entries()) {
    const browser = await someone(middleware, role);
    const reach = (needed: Role) => (['viewer', 'operator', 'admin'].indexOf(needed) <= at ? 'in' : 'out');
    for (const [path, needs] of pages)
      expect([role, path, (await browser.get(path)).status === 200 ? 'in' : 'out']).toEqual([role, path, reach(needs)]);
    // Forms without what they need: 422 says that the door was open, 403 that it was not.
    for (const [path, needs] of acts)
      expect([role, path, (await browser.submit(path, {})).status]).toEqual([role, path, reach(needs) === 'in' ? 422 : 403]);
    for (const [path, needs] of scripts)
      expect([role, path, (await browser.postJson(path, {})).status]).toEqual([role, path, reach(needs) === 'in' ? 400 : 403]);
  }
});

test('a form from elsewhere does nothing, also with the session', async () => {
  const middleware = await start();
  const browser = await someone(middleware, 'admin');
  const port = Number(new URL(middleware.url).port);
  const order = { name: 'planted', role: 'admin' };
  for (const origin of [
    null,
    'null',
    'https://evil.example',
    `https://localhost:${port + 1}`,
    `http://localhost:${port}`,
    `https://localhost:${port}.evil.example`,
  ]) {
    expect([origin, (await browser.submit('/operator/operators', order, origin)).status]).toEqual([origin, 403]);
    expect((await browser.submit('/operator/sign-out', {}, origin)).status).toBe(403);
    expect((await browser.postJson('/operator/exports/parts', { terminal: 'kiosk-1' }, origin)).status).toBe(403);
    expect((await createFakeBrowser(middleware).submit('/operator/sign-in', { name: 'the-admin', password }, origin)).status).toBe(403);
  }
  expect(await bench.database.query(`SELECT 1 FROM operator WHERE name = 'planted'`)).toEqual([]);
  expect((await browser.get('/operator')).status).toBe(200);
});

test('a wrong name and a wrong password are one answer, and who guesses is slowed down', async () => {
  const middleware = await start();
  await someone(middleware, 'viewer');
  const wrong = createFakeBrowser(middleware);
  const [one, other] = [await wrong.signIn('the-viewer', 'something else'), await wrong.signIn('nobody', 'something else')];
  expect([one.status, other.status]).toEqual([403, 403]);
  expect(await textOf(one)).toBe(await textOf(other));
  expect(wrong.cookies.size).toBe(0);
  const more = [];
  for (let i = 0; i < 10; i++) more.push((await wrong.signIn('nobody', 'x')).status);
  expect(more).toContain(429);
  const waiting = await wrong.signIn('the-viewer', password);
  expect([waiting.status, waiting.headers.has('retry-after')]).toEqual([429, true]);
});

test('whoever guesses from one place does not keep an operator out who comes from another', async () => {
  let uptime = 0;
  const middleware = await bench.start({ demo: false, trustedProxies: ['127.0.0.1', '::1'] }, { now, uptime: () => uptime });
  await someone(middleware, 'viewer');
  const from = async (address: string, typed: string) => {
    const form = new URLSearchParams({ name: 'the-viewer', password: typed }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: middleware.url, 'x-forwarded-for': address };
    return (await middleware.ask('/operator/sign-in', { method: 'POST', body: form, headers, redirect: 'manual', as: null })).status;
  };
  for (let i = 0; i < 12; i++) {
    uptime += 5_000;
    await Promise.all(Array.from({ length: 10 }, () => from('192.0.2.1', '')));
  }
  expect(await from('192.0.2.1', password)).toBe(429);
  const elsewhere = [await from('192.0.2.2', 'mistyped'), await from('192.0.2.2', 'again'), await from('192.0.2.2', password)];
  expect(elsewhere).toEqual([403, 403, 303]);
});

test('what no database takes as text is a form that nobody understands', async () => {
  const middleware = await start();
  expect((await createFakeBrowser(middleware).signIn('the\0viewer', 'something else')).status).toBe(403);
  const admin = await someone(middleware, 'admin');
  for (const path of ['/operator/terminals/operator-code', '/operator/terminals/revoke'])
    expect([path, (await admin.submit(path, { terminal: 'kiosk\0' })).status]).toEqual([path, 422]);
});

test('a session of before, a planted one too, is not gone on with', async () => {
  const middleware = await start();
  const browser = await someone(middleware, 'viewer');
  const before = browser.cookies.get('__Host-loket-operator') ?? '';
  await browser.signIn('the-viewer', password);
  expect(browser.cookies.get('__Host-loket-operator')).not.toBe(before);
  const thief = createFakeBrowser(middleware);
  thief.cookies.set('__Host-loket-operator', before);
  expect((await thief.get('/operator')).status).toBe(303);
  thief.cookies.set('__Host-loket-operator', 'A'.repeat(43));
  expect((await thief.get('/operator')).status).toBe(303);
});

test('signing out and eight hours both end it', async () => {
  const middleware = await start();
  const browser = await someone(middleware, 'viewer');
  const copy = createFakeBrowser(middleware);
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
  expect((await browser.submit('/operator/sign-out', {})).headers.get('location')).toBe('/operator/sign-in');
  expect((await copy.get('/operator')).status).toBe(303);
  await browser.signIn('the-viewer', password);
  clock.now = new Date(clock.now.getTime() + 8 * 3_600_000 + 1000);
  expect((await browser.get('/operator')).status).toBe(303);
});

test('a first password leads to one page, where it is changed', async () => {
  const middleware = await start();
  const admin = await someone(middleware, 'admin');
  const added = await textOf(await admin.submit('/operator/operators', { name: 'An ', role: 'operator' }));
  const first = /<output>([^<]+)<\/output>/.exec(added)?.[1] ?? '';
  const browser = createFakeBrowser(middleware);
  expect((await browser.signIn('an', first)).headers.get('location')).toBe('/operator/password');
  for (const path of ['/operator', '/operator/terminals', '/operator/exports'])
    expect((await browser.get(path)).headers.get('location')).toBe('/operator/password');
  expect((await browser.get('/operator/arrivals')).status).toBe(401);
  const change = (current: string, fresh: string, again = fresh) => browser.submit('/operator/password', { current, fresh, again });
  for (const [current, fresh, again] of [
    [first, 'short'],
    [first, first],
    [first, 'long enough to be taken', 'and another one here'],
    ['wrong', 'long enough to be taken'],
    [first, 'x'.repeat(201)],
  ] as const)
    expect((await change(current, fresh, again)).status).toBe(422);
  expect((await change(first, 'long enough to be taken')).headers.get('location')).toBe('/operator');
  expect((await browser.get('/operator/exports')).status).toBe(200);
  expect((await createFakeBrowser(middleware).signIn('an', first)).status).toBe(403);
});

test('what cannot be written down is not done', async () => {
  const { database } = bench;
  const unwritten: typeof database = {
    ...database,
    query: async (sql, values) => {
      if (sql.includes('operator_act') && values?.includes('change_password')) throw new Error('the disk is full');
      return await database.query(sql, values);
    },
  };
  const middleware = await bench.start({ demo: false }, { now, uptime: () => 0, database: unwritten, log: { write: () => undefined } });
  const browser = await someone(middleware, 'viewer');
  const fresh = 'another bridge here';
  expect((await browser.submit('/operator/password', { current: password, fresh, again: fresh })).status).toBe(500);
  expect((await createFakeBrowser(middleware).signIn('the-viewer', password)).status).toBe(303);
});

test('an admin cannot lock everybody out, and a disabled operator is out at once', async () => {
  const middleware = await start();
  const admin = await someone(middleware, 'admin');
  const viewer = await someone(middleware, 'viewer');
  expect((await admin.submit('/operator/operators/change', { name: 'the-admin', role: 'viewer' })).status).toBe(422);
  expect((await admin.submit('/operator/operators/password', { name: 'the-admin' })).status).toBe(422);
  expect((await admin.submit('/operator/operators/change', { name: 'the-viewer', role: 'viewer' })).status).toBe(303);
  expect((await viewer.get('/operator')).status).toBe(303);
  expect((await viewer.signIn('the-viewer', password)).status).toBe(403);
});

test('an admin’s code enrols a terminal, whose operator’s code is the one that is shown', async () => {
  const middleware = await start();
  const admin = await someone(middleware, 'admin');
  const shown = await textOf(await admin.submit('/operator/terminals/enrolment-code', { terminal: 'kiosk-9', name: 'Onthaal <1>' }));
  const code = /<output>([^<]+)<\/output>/.exec(shown)?.[1] ?? '';
  expect(readCode(code)?.secret).toHaveLength(8);
  await bench.enrol(createFakeTerminal('kiosk-4', bench.keys.sealKey));
  const salt = await readOperatorSalt(bench.database, 'kiosk-4');
  const secret = operatorSecretOf(Buffer.from(bench.keys.keys.operatorKey, 'base64url'), 'kiosk-4', salt ?? new Uint8Array());
  const page = await textOf(await admin.submit('/operator/terminals/operator-code', { terminal: 'kiosk-4' }));
  expect(page).toContain(`<output>${operatorCodeAt(secret, clock.now).code}</output>`);
  expect((await admin.submit('/operator/terminals/operator-code', { terminal: 'nobody' })).status).toBe(422);
  for (const wrong of [
    { terminal: 'Kiosk 9', name: 'x' },
    { terminal: 'kiosk-9', name: '' },
    { terminal: 'kiosk-9', name: 'x'.repeat(41) },
  ])
    expect((await admin.submit('/operator/terminals/enrolment-code', wrong)).status).toBe(422);
  const written = await textOf(await admin.get('/operator/acts'));
  for (const act of ['maakte een inschrijfcode', 'bekeek de bedienercode', 'meldde zich aan']) expect(written).toContain(act);
  expect(written).not.toMatch(/issue_enrolment_code|show_operator_code|sign_in</);
  expect(written).not.toContain(code);
});

test('the operator’s secret comes of a key that the database does not have', () => {
  const salt = new Uint8Array(16);
  const [one, other] = [new Uint8Array(32), new Uint8Array(32).fill(1)];
  expect(operatorSecretOf(one, 'kiosk-1', salt)).not.toBe(operatorSecretOf(other, 'kiosk-1', salt));
  expect(operatorSecretOf(one, 'kiosk-1', salt)).not.toBe(operatorSecretOf(one, 'kiosk-2', salt));
  expect(operatorSecretOf(one, 'kiosk-1', salt)).not.toBe(operatorSecretOf(one, 'kiosk-1', new Uint8Array(16).fill(1)));
  // RFC 6238, appendix B, SHA-1, the last six of its eight digits; its secret is the ASCII of 12345678901234567890.
  expect(operatorCodeAt('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', new Date(59_000)).code).toBe('287082');
  expect(operatorCodeAt('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', new Date(1_111_111_109_000)).code).toBe('081804');
});

test('a terminal is revoked on its page', async () => {
  const middleware = await start();
  const admin = await someone(middleware, 'admin');
  const kiosk = createFakeTerminal('kiosk-4', bench.keys.sealKey);
  await bench.enrol(kiosk);
  expect((await middleware.ask('/v1/changes', { as: kiosk })).status).toBe(200);
  expect((await admin.submit('/operator/terminals/revoke', { terminal: 'kiosk-4' })).status).toBe(303);
  expect((await middleware.ask('/v1/changes', { as: kiosk })).status).toBe(403);
  expect(await textOf(await admin.get('/operator/terminals'))).toContain('Ingetrokken');
  expect((await admin.submit('/operator/terminals/revoke', { terminal: 'nobody' })).status).toBe(422);
});

test('what is held is told with its reason, and an operator rejects it with one: it is kept, and the case goes on', async () => {
  const middleware = await start();
  const terminal = createFakeTerminal('kiosk-6', bench.keys.sealKey);
  await bench.enrol(terminal);
  await revokeTerminal(bench.database, 'kiosk-6', now());
  const [lane, first, behind] = ['L'.repeat(22), terminal.makeContent(), terminal.makeContent()];
  await middleware.deliver([await terminal.seal(first, { lane })], terminal);
  const anew = createFakeTerminal('kiosk-6', bench.keys.sealKey);
  const operator = await someone(middleware, 'operator');
  const said = await textOf(await operator.get('/operator/held'));
  expect([said.includes('Ingetrokken: wat het brengt'), said.includes('Er is nog twijfel')]).toEqual([true, true]);
  await bench.enrol(anew);
  await middleware.deliver([await anew.seal(behind, { lane })], anew);
  await middleware.worker.drain();
  const stateOf = async (txId: string) => {
    const [row] = await bench.database.query('SELECT state, rejected_why, rejected_by FROM inbox WHERE tx_id = $1::uuid', [txId]);
    return row;
  };
  expect((await stateOf(behind.txId))?.state).toBe('received');
  const now2 = await textOf(await operator.get('/operator/held'));
  expect([now2.includes('Nu is hij weer in dienst'), now2.includes('Er is nog twijfel')]).toEqual([true, false]);
  const delivery = /name="delivery" value="(\d+)"/.exec(now2)?.[1] ?? '';
  for (const why of ['', 'because', 'Frieda Zwaluwnest'])
    expect((await operator.submit('/operator/held/reject', { delivery, why })).status).toBe(422);
  expect((await operator.submit('/operator/held/reject', { delivery, why: 'stolen_terminal' })).status).toBe(303);
  await middleware.worker.drain();
  expect(await stateOf(first.txId)).toEqual({ state: 'rejected', rejected_why: 'stolen_terminal', rejected_by: 'the-operator' });
  expect((await stateOf(behind.txId))?.state).toBe('executed');
  // Decided is decided: the form of before finds nothing to release.
  expect((await operator.submit('/operator/held', { delivery })).status).toBe(303);
  expect((await stateOf(first.txId))?.state).toBe('rejected');
  const arrivals = (await (await operator.get('/operator/arrivals')).json()) as { arrivals: { state: string; reason: string }[] };
  expect(arrivals.arrivals.map(({ state, reason }) => [state, reason])).toEqual([
    ['executed', null],
    ['rejected', 'reject_stolen_terminal'],
  ]);
  const admin = await someone(middleware, 'admin');
  expect(await textOf(await admin.get('/operator/acts'))).toContain('wees af: kwam van een gestolen terminal');
});

test('what did not open is told by reference, and is tried again or rejected', async () => {
  const middleware = await start();
  const content = bench.terminal.makeContent();
  const event = await bench.terminal.sealBytes(new TextEncoder().encode('no json'), content);
  await middleware.deliver([event]);
  await middleware.worker.drain();
  const operator = await someone(middleware, 'operator');
  const page = await textOf(await operator.get('/operator/held'));
  expect([page.includes(content.reference), page.includes('de inhoud is niet leesbaar')]).toEqual([true, true]);
  const record = /name="record" value="([\w-]+)"/.exec(page)?.[1] ?? '';
  expect(record).toBe(content.txId);
  expect((await operator.submit('/operator/held', { record })).status).toBe(303);
  await middleware.worker.drain();
  expect(await bench.database.query('SELECT state, released_by FROM inbox')).toEqual([
    { state: 'quarantined', released_by: 'the-operator' },
  ]);
  expect((await operator.submit('/operator/held/reject', { record, why: 'trial' })).status).toBe(303);
  expect(await bench.database.query('SELECT state FROM inbox')).toEqual([{ state: 'rejected' }]);
  expect(await textOf(await operator.get('/operator/held'))).toContain('Er wacht niets op u');
});

test('what is held waits for an operator, who releases it', async () => {
  const middleware = await start();
  const operator = await someone(middleware, 'operator');
  const kiosk = createFakeTerminal('kiosk-4', bench.keys.sealKey);
  await bench.enrol(kiosk);
  await revokeTerminal(bench.database, 'kiosk-4', clock.now);
  const event = await kiosk.seal(kiosk.makeContent());
  expect((await middleware.deliver([event], kiosk)).status).toBe(200);
  await middleware.worker.drain();
  const stateOf = async () => (await bench.database.query('SELECT state FROM inbox WHERE tx_id = $1::uuid', [event.id]))[0]?.state;
  expect(await stateOf()).toBe('held');
  const delivery = /name="delivery" value="(\d+)"/.exec(await textOf(await operator.get('/operator/held')))?.[1] ?? '';
  for (const wrong of ['', '0', "1' OR true", '99999999999999999999'])
    expect((await operator.submit('/operator/held', { delivery: wrong })).status).toBe(422);
  expect((await operator.submit('/operator/held', { delivery })).status).toBe(303);
  await middleware.worker.drain();
  expect(await stateOf()).toBe('executed');
  expect(await textOf(await operator.get('/operator/held'))).toContain('Er wacht niets op u');
});

test('what an operator carried here is taken as over the line, by its signature alone', async () => {
  const middleware = await start();
  const operator = await someone(middleware, 'operator');
  const kiosk = createFakeTerminal('kiosk-4', bench.keys.sealKey);
  await bench.enrol(kiosk);
  const items = [await kiosk.seal(kiosk.makeContent()), await kiosk.seal(kiosk.makeContent())];
  const bring = (body: object) => operator.postJson('/operator/exports/parts', body);
  const strange = createFakeTerminal('kiosk-4', bench.keys.sealKey);
  for (const forged of [[await strange.seal(strange.makeContent())], items.toReversed(), [], 'x', null])
    expect((await bring({ kind: 'delivery', terminal: 'kiosk-4', items: forged })).status).toBe(422);
  expect((await bring({ kind: 'delivery', terminal: 'kiosk-1', items })).status).toBe(422);
  expect((await bring({ kind: 'delivery', terminal: '../x', items })).status).toBe(400);
  for (let times = 0; times < 2; times++) {
    const reply = (await (await bring({ kind: 'delivery', terminal: 'kiosk-4', items })).json()) as {
      results: { status: string; held: boolean }[];
    };
    expect(reply.results.map(({ status, held }) => [status, held])).toEqual([
      ['received', false],
      ['received', false],
    ]);
  }
  expect(await bench.database.query('SELECT count(*)::int AS n FROM inbox')).toEqual([{ n: 2 }]);
  const loss = await kiosk.stateLoss({ missing: [] });
  expect((await bring({ kind: 'loss', terminal: 'kiosk-4', statement: loss })).status).toBe(200);
  expect((await bring({ kind: 'loss', terminal: 'kiosk-1', statement: loss })).status).toBe(422);
  // Once for each terminal of which something was brought, whatever a script says first.
  const acts = await bench.database.query(`SELECT subject FROM operator_act WHERE act = 'deliver_export' ORDER BY subject`);
  expect(acts).toEqual([{ subject: 'kiosk-1' }, { subject: 'kiosk-4' }]);
});

test('an attachment that was carried here is what its terminal sealed, and nobody else’s', async () => {
  const middleware = await start();
  const operator = await someone(middleware, 'operator');
  const kiosk = createFakeTerminal('kiosk-5', bench.keys.sealKey);
  await bench.enrol(kiosk);
  await bench.enrol(createFakeTerminal('kiosk-6', bench.keys.sealKey));
  const { sealed, attachment } = sealAttachment(300_000);
  const { id, sha256 } = attachment;
  const content = (from: number, to: number) => sealed.subarray(from, to).toString('base64');
  const bring = (body: object) => operator.postJson('/operator/exports/parts', { terminal: 'kiosk-5', id, ...body });
  const begun = { kind: 'attachment', length: sealed.length, sha256 };
  for (const [wrong, status] of [
    [{ ...begun, terminal: 'never-enrolled' }, 422],
    [{ ...begun, length: tus.largest + 1 }, 422],
    [{ ...begun, length: 0 }, 400],
    [{ ...begun, id: '../x' }, 400],
    [{ kind: 'piece', offset: 0, content: content(0, 1_000) }, 422],
  ] as const)
    expect([wrong, (await bring(wrong)).status]).toEqual([wrong, status]);
  expect(await (await bring(begun)).json()).toEqual({ offset: 0 });
  expect(await (await bring({ kind: 'piece', offset: 0, content: content(0, 200_000) })).json()).toEqual({ offset: 200_000 });
  for (const [wrong, status] of [
    [{ kind: 'piece', offset: 0, content: content(0, 200_000) }, 422],
    [{ kind: 'piece', offset: 200_000, content: content(200_000, sealed.length), terminal: 'kiosk-6' }, 422],
    [{ kind: 'piece', offset: 200_000, content: '' }, 400],
    [{ ...begun, length: 1 }, 422],
  ] as const)
    expect([wrong, (await bring(wrong)).status]).toEqual([wrong, status]);
  // Said again, it goes on where it was.
  expect(await (await bring(begun)).json()).toEqual({ offset: 200_000 });
  const rest = { kind: 'piece', offset: 200_000, content: content(200_000, sealed.length) };
  expect(await (await bring(rest)).json()).toEqual({ offset: sealed.length });
  expect(await (await bring(begun)).json()).toEqual({ offset: sealed.length });
  expect(await bench.database.query('SELECT state FROM attachment')).toEqual([{ state: 'whole' }]);
});

test('Dutch or French, as asked for, kept, and as the browser prefers', async () => {
  const browser = createFakeBrowser(await start());
  expect(await textOf(await browser.get('/operator/sign-in'))).toContain('Aanmelden');
  expect(await textOf(await browser.get('/operator/sign-in', { 'accept-language': 'de,fr;q=0.8' }))).toContain('Se connecter');
  expect(await textOf(await browser.get('/operator/sign-in?lang=fr'))).toContain('<html lang="fr">');
  expect(await textOf(await browser.get('/operator/sign-in'))).toContain('Se connecter');
  expect(await textOf(await browser.get('/operator/sign-in?lang=nl'))).toContain('Aanmelden');
});

test('pages bring nothing inline, and what was typed stays text', async () => {
  const middleware = await start();
  const admin = await someone(middleware, 'admin');
  await bench.enrol(createFakeTerminal('kiosk-3', bench.keys.sealKey));
  await bench.database.query(`UPDATE terminal SET name = '<script>x</script>' WHERE terminal = 'kiosk-3'`);
  for (const [path] of pages) {
    const reply = await admin.get(path);
    const page = await textOf(reply);
    expect([path, page.match(/<style|style="|<script(?![^>]*\bsrc=)/)]).toEqual([path, null]);
    expect(reply.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(reply.headers.get('cache-control')).toBe('no-store');
    // Else browsers send forms with the origin "null", and no form is taken.
    expect(reply.headers.get('referrer-policy')).toBe('same-origin');
  }
  expect(await textOf(await admin.get('/operator/terminals'))).toContain('&lt;script&gt;');
});
