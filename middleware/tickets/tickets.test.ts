import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { TicketStatus } from '../../contract/wire.ts';
import { openTestBench, type TestBench } from '../testing/harness.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterEach(() => bench.empty());
afterAll(() => bench.close());

const now = () => new Date('2026-11-20T13:05:00.000Z');

test('a reference that nobody delivered is not received', async () => {
  const middleware = await bench.start();
  const response = await middleware.ask('/v1/tickets/KOR-0000-0000');
  expect([response.status, await response.json()]).toEqual([200, { reference: 'KOR-0000-0000', received: false }]);
});

test('a delivered one is received, and not a word more', async () => {
  const middleware = await bench.start({}, { now });
  const content = bench.terminal.makeContent();
  await middleware.deliver([await bench.terminal.seal(content)]);
  await middleware.worker.drain();
  const status: unknown = await (await middleware.ask(`/v1/tickets/${content.reference}`)).json();
  // Exactly these: `TicketStatus` alone would let more fields pass.
  expect(status).toEqual({ reference: content.reference, received: true });
  expect(TicketStatus.safeParse(status).success).toBe(true);
});

test('something else than a reference is a problem', async () => {
  const middleware = await bench.start();
  for (const typed of ['kor-0000-0000', 'KOR-0000-000', `KOR-0000-0000'%20OR%201=1`]) {
    const response = await middleware.ask(`/v1/tickets/${typed}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: 'urn:loket:problem:bad-reference' });
  }
});

test('the page says it in Dutch and French, with nothing inline', async () => {
  const middleware = await bench.start({}, { now });
  const content = bench.terminal.makeContent();
  const path = `/t/${content.reference}`;
  const before = await (await middleware.ask(path)).text();
  expect(before).toContain('<h1>Nog niet ontvangen</h1>');
  expect(before).toContain('<h2>Pas encore reçu</h2>');
  await middleware.deliver([await bench.terminal.seal(content)]);
  await middleware.worker.drain();
  const response = await middleware.ask(path);
  const page = await response.text();
  expect(page).toContain('<h1>Ontvangen</h1>');
  // Whoever finds the paper does not learn when somebody stood at a kiosk.
  expect(page).not.toMatch(/november|14.05|13.05|2026/);
  expect(page).not.toContain(content.product);
  expect(page).not.toMatch(/<script(?! src=)|<style|style=|onclick=/);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
});

test('what a person types on the page is forgiven or explained, and never shown back', async () => {
  const middleware = await bench.start();
  const forgiven = await middleware.ask('/t/kor%200000%200000');
  expect([forgiven.status, (await forgiven.text()).includes('KOR-0000-0000')]).toEqual([200, true]);
  const odd = await middleware.ask(`/t/${encodeURIComponent('<b>hello</b>')}`);
  expect(odd.status).toBe(404);
  const page = await odd.text();
  expect(page).toContain('Dit is geen referentie');
  expect(page).not.toContain('hello');
});

test('the page is there in four languages, each told by its name', async () => {
  const page = await (await (await bench.start()).ask('/t/KOR-0000-0000')).text();
  for (const [tongue, text] of [
    ['nl', 'Nog niet ontvangen'],
    ['fr', 'Pas encore reçu'],
    ['de', 'Noch nicht empfangen'],
    ['en', 'Not yet received'],
  ] as const)
    expect(page).toMatch(new RegExp(`<section lang="${tongue}"[^]*?${text}`));
  expect(page).toContain('<details lang="de"><summary>Deutsch</summary>');
});

test('whoever asks too much waits, on the page as in the interface; the terminals do not', async () => {
  const middleware = await bench.start({}, { uptime: () => 0 });
  const first = [];
  for (let i = 0; i < 40; i++) first.push(await middleware.ask('/v1/tickets/KOR-0000-0000'));
  const refused = first.find((response) => response.status === 429);
  expect(refused).toBeDefined();
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  const content = bench.terminal.makeContent();
  expect((await middleware.deliver([await bench.terminal.seal(content)])).status).toBe(200);
});

test('an address told by a stranger is not believed, one told by the configured balancer is', async () => {
  async function grantedOf(trustedProxies: string[]): Promise<number> {
    const middleware = await bench.start({ trustedProxies }, { uptime: () => 0 });
    let granted = 0;
    for (let i = 0; i < 60; i++) {
      const headers = { 'x-forwarded-for': `198.51.100.${i}` };
      if ((await middleware.ask('/v1/tickets/KOR-0000-0000', { headers })).status === 200) granted++;
    }
    return granted;
  }
  expect(await grantedOf([])).toBe(30);
  expect(await grantedOf(['127.0.0.1', '::1'])).toBe(60);
});
