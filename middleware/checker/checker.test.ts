import { createHash } from 'node:crypto';
import { CompactSign, importJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TerminalKeys, terminalKeysType } from '../../contract/check-keys.ts';
import { type Ticket, writeTicket } from '../../contract/kept-record.ts';
import type { Receipt } from '../../contract/receipt.ts';
import { readReceipt, writeReceipt } from '../../contract/receipt-code.ts';
import { BatchReply, type TransactionEvent } from '../../contract/wire.ts';
import { revokeTerminal } from '../terminals/manage.ts';
import { asDelivery, createFakeTerminal, makeReference } from '../testing/fake-terminal.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../testing/harness.ts';
import { receiptOf, ticketOf } from '../testing/printed-codes.ts';
import { readTyped } from './read-typed.ts';
import { checkCode, type Keys, readKeys } from './verify.ts';
import { sayResult } from './words.ts';

let bench: TestBench;
let middleware: TestMiddleware;
let keys: Keys;
let events: TransactionEvent[];
let reply: BatchReply;

beforeAll(async () => {
  bench = await openTestBench();
  middleware = await bench.start({}, { now: () => new Date('2026-11-20T13:05:00.000Z'), uptime: () => performance.now() * 10_000 });
  events = await Promise.all(Array.from({ length: 5 }, () => bench.terminal.seal(bench.terminal.makeContent())));
  reply = BatchReply.parse(await (await middleware.deliver(asDelivery(events))).json());
  keys = await fetchKeys();
}, 60_000);
afterAll(() => bench.close());

async function fetchKeys(): Promise<Keys> {
  const read = await readKeys(await (await middleware.ask('/v1/check-keys', { as: null })).json());
  if (read === null) throw new Error('keys that do not hang together');
  return read;
}

const someEvent = () => events[2] as TransactionEvent;
const receiptAt = (at: number) => receiptOf(events[at] as TransactionEvent, reply, at);
const rootOf = (head: string): string => JSON.parse(Buffer.from(head.split('.')[1] ?? '', 'base64url').toString()).root;
const someTicket = () => ticketOf(someEvent());

describe('a ticket', () => {
  test('is genuine by the key of its terminal, received or not', async () => {
    for (const event of [...events, await bench.terminal.seal(bench.terminal.makeContent())]) {
      const ticket = ticketOf(event);
      expect(await checkCode(ticket.reference, writeTicket(ticket), keys)).toEqual({ kind: 'kept', terminal: 'kiosk-1', withdrawn: null });
    }
  });

  test('is not genuine with any part changed, or with another reference', async () => {
    const ticket = someTicket();
    const other = ticketOf(events[3] as TransactionEvent);
    const changes: Partial<Ticket>[] = [
      { reference: makeReference() },
      { generation: 'AAAAAAAAAAA' },
      { sequence: ticket.sequence + 1 },
      { record: other.record },
      { chain: other.chain },
      { signature: other.signature },
    ];
    for (const change of changes) {
      const changed = { ...ticket, ...change };
      expect(await checkCode(changed.reference, writeTicket(changed), keys), Object.keys(change).join()).toEqual({ kind: 'not_genuine' });
    }
  });

  test('of a terminal that nobody knows is not to be judged', async () => {
    const stranger = { ...someTicket(), terminal: 'kiosk-99' };
    expect(await checkCode(stranger.reference, writeTicket(stranger), keys)).toEqual({ kind: 'unknown_key' });
  });

  test('stays genuine when its terminal was enrolled anew, and it is said', async () => {
    const before = createFakeTerminal('kiosk-4', bench.keys.sealKey);
    await bench.enrol(before);
    const event = await before.seal(before.makeContent());
    await bench.enrol(createFakeTerminal('kiosk-4', bench.keys.sealKey));
    const fresh = await bench.start({}, {});
    const published = await readKeys(await (await fresh.ask('/v1/check-keys', { as: null })).json());
    if (published === null) throw new Error('no keys');
    const ticket = ticketOf(event);
    expect(await checkCode(ticket.reference, writeTicket(ticket), published)).toMatchObject({
      kind: 'kept',
      terminal: 'kiosk-4',
      withdrawn: expect.stringMatching(/^20/),
    });
  });

  test('of a terminal that was revoked is told with the day since when', async () => {
    const stolen = createFakeTerminal('kiosk-5', bench.keys.sealKey);
    await bench.enrol(stolen);
    await revokeTerminal(bench.database, 'kiosk-5', new Date('2026-11-21T09:00:00.000Z'));
    const fresh = await bench.start({}, {});
    const published = await readKeys(await (await fresh.ask('/v1/check-keys', { as: null })).json());
    if (published === null) throw new Error('no keys');
    const ticket = ticketOf(await stolen.seal(stolen.makeContent()));
    expect(await checkCode(ticket.reference, writeTicket(ticket), published)).toEqual({
      kind: 'kept',
      terminal: 'kiosk-5',
      withdrawn: '2026-11-21T09:00:00.000Z',
    });
  });
});

describe('a receipt', () => {
  test('of each record of a delivery is genuine', async () => {
    for (const at of events.keys()) {
      const receipt = receiptAt(at);
      expect(await checkCode(receipt.leaf.reference, writeReceipt(receipt), keys)).toEqual({
        kind: 'received',
        terminal: 'kiosk-1',
        receivedAt: '2026-11-20T13:05:00.000Z',
        held: false,
      });
    }
  });

  test('is not genuine with any part changed, or with another reference', async () => {
    const receipt = receiptAt(2);
    const { leaf, proof } = receipt;
    const other = receiptAt(3);
    const changed: Receipt[] = [
      { ...receipt, leaf: { ...leaf, reference: makeReference() } },
      { ...receipt, leaf: { ...leaf, txId: other.leaf.txId } },
      { ...receipt, leaf: { ...leaf, terminal: 'kiosk-2' } },
      { ...receipt, leaf: { ...leaf, sequence: leaf.sequence + 1 } },
      { ...receipt, leaf: { ...leaf, record: other.leaf.record } },
      { ...receipt, leaf: { ...leaf, held: true } },
      { ...receipt, proof: { ...proof, index: 3 } },
      { ...receipt, proof: { ...proof, path: proof.path.slice(1) } },
      { ...receipt, proof: { ...proof, path: proof.path.toReversed() } },
      { ...receipt, head: `${receipt.head.slice(0, -10)}AAAAAAAAAA` },
    ];
    for (const one of changed) expect(await checkCode(one.leaf.reference, writeReceipt(one), keys)).toEqual({ kind: 'not_genuine' });
  });

  test('is short: what the reader can make again does not travel', () => {
    const [code, { head, leaf, proof }] = [writeReceipt(receiptAt(2)), receiptAt(2)];
    expect(code.startsWith('r2~')).toBe(true);
    expect(code.length).toBeLessThan(0.6 * `${JSON.stringify(leaf)}${JSON.stringify(proof)}${head}`.length);
    expect(readReceipt(leaf.reference, code)?.headFor(rootOf(head))).toBe(head);
  });

  test('whose head is spelled in another way travels whole, and is believed all the same', async () => {
    const receipt = receiptAt(2);
    const payload = JSON.stringify(JSON.parse(Buffer.from(receipt.head.split('.')[1] ?? '', 'base64url').toString()), null, 1);
    const { id: kid, privateJwk } = bench.keys.receiptKey;
    const sign = new CompactSign(Buffer.from(payload)).setProtectedHeader({ alg: 'ES256', typ: 'loket-receipt', kid });
    const head = await sign.sign(await importJWK(privateJwk, 'ES256'));
    const code = writeReceipt({ ...receipt, head });
    expect(code.startsWith('r1~')).toBe(true);
    const other = { ...receipt, head, leaf: { ...receipt.leaf, sequence: receipt.leaf.sequence + 1 } };
    expect(await checkCode(receipt.leaf.reference, writeReceipt(other), keys)).toEqual({ kind: 'not_genuine' });
    expect(await checkCode(receipt.leaf.reference, code, keys)).toMatchObject({ kind: 'received', terminal: 'kiosk-1' });
  });

  test('with any sign changed, added or left out is not believed', async () => {
    const { leaf } = receiptAt(2);
    const code = writeReceipt(receiptAt(2));
    for (let at = 3; at < code.length; at += 7) {
      const other = code[at] === 'A' ? 'B' : 'A';
      for (const wrong of [code.slice(0, at) + other + code.slice(at + 1), code.slice(0, at), code.slice(0, at) + code.slice(at + 1)])
        expect(['garbled', 'unknown_key', 'not_genuine']).toContain((await checkCode(leaf.reference, wrong, keys)).kind);
    }
    for (const wrong of [`${code}A`, `${code}AAAA`, `r2~${'_'.repeat(3_900)}`, 'r2~', `r2~${'A'.repeat(3_900)}`, `${code}=`, 'r2~é'])
      expect(await checkCode(leaf.reference, wrong, keys)).toEqual({ kind: 'garbled' });
  });

  test('under a key that is not in the set, or signed as something else, is not believed', async () => {
    const receipt = receiptAt(2);
    const [, payload = ''] = receipt.head.split('.');
    const key = await importJWK(bench.keys.receiptKey.privateJwk, 'ES256');
    const signAs = (header: { typ: string; kid: string }) =>
      new CompactSign(Buffer.from(payload, 'base64url')).setProtectedHeader({ alg: 'ES256', ...header }).sign(key);
    const kid = bench.keys.receiptKey.id;
    const outcomeOf = (head: string) => checkCode(receipt.leaf.reference, writeReceipt({ ...receipt, head }), keys);
    expect(await outcomeOf(await signAs({ typ: 'loket-receipt', kid }))).toMatchObject({ kind: 'received' });
    expect(await outcomeOf(await signAs({ typ: 'loket-receipt', kid: 'of-later' }))).toEqual({ kind: 'unknown_key' });
    expect(await outcomeOf(await signAs({ typ: 'loket-bundle', kid }))).toEqual({ kind: 'not_genuine' });
  });
});

test('what is no code is told from one that is wrong', async () => {
  const [ticket, receipt] = [writeTicket(someTicket()), writeReceipt(receiptAt(2))];
  const { reference } = someTicket();
  const garbled = [
    '',
    'hello',
    'k1',
    'r1',
    ticket.slice(0, -1),
    `${ticket}A`,
    receipt.slice(0, 100),
    `${receipt}~x`,
    ticket.replace('k1', 'k2'),
    'k1.<b>.x',
    'r1~~~~~~~~~',
    'r3~AAAA',
  ];
  for (const code of garbled) expect(await checkCode(reference, code, keys), code).toEqual({ kind: 'garbled' });
  expect(await checkCode('KOR', ticket, keys)).toEqual({ kind: 'garbled' });
});

test('published keys are believed only as far as they hang together', async () => {
  const published = (await (await middleware.ask('/v1/check-keys', { as: null })).json()) as Record<string, string> & { keySetKey: object };
  expect(await readKeys(published)).not.toBe(null);
  const { kty, crv, x, y } = bench.keys.receiptKey.publicJwk;
  expect(await readKeys({ ...published, keySetKey: { kty, crv, x, y } })).toBe(null);
  expect(await readKeys({ ...published, terminalKeys: published.keySet })).toBe(null);
  expect(await readKeys({ ...published, keySet: published.terminalKeys })).toBe(null);
  expect(await readKeys({ ...published, terminalKeys: `${published.terminalKeys?.slice(0, -10)}AAAAAAAAAA` })).toBe(null);
  expect(await readKeys({})).toBe(null);
  expect(await readKeys(null)).toBe(null);
  // By a key of the set, but one that only signs receipts of this type.
  const list = TerminalKeys.parse({ issuedAt: '2026-11-20T13:05:00.000Z', terminals: [] });
  const key = await importJWK(bench.keys.receiptKey.privateJwk, 'ES256');
  const sign = (typ: string) =>
    new CompactSign(Buffer.from(JSON.stringify(list))).setProtectedHeader({ alg: 'ES256', typ, kid: bench.keys.receiptKey.id }).sign(key);
  expect(await readKeys({ ...published, terminalKeys: await sign(terminalKeysType) })).toMatchObject({ terminals: { terminals: [] } });
  expect(await readKeys({ ...published, terminalKeys: await sign('loket-receipt') })).toBe(null);
});

test('what people paste or type is read', () => {
  const [ticket, receipt] = [writeTicket(someTicket()), writeReceipt(receiptAt(2))];
  const { reference } = someTicket();
  for (const code of [ticket, receipt]) {
    expect(readTyped(`https://loket.example/t/${reference}#${code}`)).toEqual({ reference, code });
    expect(readTyped(`  ${reference} ${code}\n`)).toEqual({ reference, code });
    expect(readTyped(`${reference.toLowerCase().replaceAll('-', ' ')}  ${code}`)).toEqual({ reference, code });
    expect(readTyped(`https://loket.example/t/${reference}#${code.slice(0, 60)}\n${code.slice(60)}`)).toEqual({ reference, code });
  }
  expect(readTyped(reference)).toEqual({ reference, code: '' });
  for (const typed of ['', ticket, 'https://loket.example/check', 'x'.repeat(100_000), `KOR-1 ${ticket}`])
    expect(readTyped(typed)).toBe(null);
});

test('a page that is asked what it says', async () => {
  const outcome = { kind: 'kept', terminal: 'kiosk-1', withdrawn: null } as const;
  const late = '2026-12-01T00:00:00.000Z';
  const said = { kind: 'checked', outcome, status: null, keysLate: late } as const;
  expect(sayResult('nl', said).text[1]).toContain('1 december 2026');
  expect(sayResult('fr', said).text[1]).toContain('1 décembre 2026');
  expect(sayResult('nl', { ...said, keysLate: null }).text).toHaveLength(1);
  expect(sayResult('nl', { ...said, keysLate: null, outcome: { ...outcome, withdrawn: late } }).text[1]).toContain('1 december 2026');
  expect(sayResult('nl', { ...said, status: { received: false } }).text[1]).toContain('nog niet ontvangen');
  expect(sayResult('fr', { ...said, status: { received: true } }).text[1]).toBe('La commune l’a reçue.');
  const received = { kind: 'received', terminal: 'kiosk-1', receivedAt: '2026-11-20T13:05:00.000Z', held: true } as const;
  const receipt = sayResult('fr', { ...said, keysLate: null, outcome: received });
  expect(receipt.text[0]).toContain('20 novembre 2026 à 14 h 05');
  expect(receipt.text).toHaveLength(2);
  expect(sayResult('de', { ...said, outcome: received }).text[0]).toContain('20. November 2026 um 14:05 Uhr');
  expect(sayResult('en', { ...said, outcome: received }).text[0]).toContain('20 November 2026 at 14:05');
});

test('the page has nothing inline, and the file that is kept has everything and asks nobody', async () => {
  const page = await middleware.ask('/check', { as: null });
  const html = await page.text();
  expect(html).not.toMatch(/<script(?! src=)|<style|style=|onclick=/);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const script = await (await middleware.ask('/assets/checker.js', { as: null })).text();
  expect(script).toContain('loket/kept/1');

  const file = await middleware.ask('/checker.html', { as: null });
  expect(file.headers.get('content-disposition')).toContain('attachment');
  const kept = await file.text();
  const [style = '', module = ''] = [
    /<style>([\s\S]*?)<\/style>/.exec(kept)?.[1],
    /<script type="module">([\s\S]*?)<\/script>/.exec(kept)?.[1],
  ];
  // Not by toBe: a difference of such length says nothing.
  expect(module === script).toBe(true);
  expect(/ src=|url\(|<link/.test(kept.replace(module, ''))).toBe(false);
  const sha256 = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(kept)?.[1]?.replaceAll('&#39;', "'") ?? '';
  expect(policy).toContain(`style-src '${sha256(style)}'`);
  expect(policy).toContain(`script-src '${sha256(module)}'`);
  expect(policy).toContain("default-src 'none'");
  const inside: unknown = JSON.parse(/<script type="application\/json" id="keys">([^<]*)</.exec(kept)?.[1] ?? '');
  const ticket = someTicket();
  const known = await readKeys(inside);
  expect(known && (await checkCode(ticket.reference, writeTicket(ticket), known))).toMatchObject({ kind: 'kept' });
});

test('nobody’s name is published: terminals by their id, and keys', async () => {
  for (const { terminal, keys: of } of keys.terminals.terminals) {
    expect(terminal).toMatch(/^kiosk-\d$/);
    for (const key of of) expect(Object.keys(key)).toEqual(['jwk', 'withdrawnAt']);
  }
});
