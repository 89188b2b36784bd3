import { beforeEach, expect, it } from 'vitest';
import type { FileItem } from '../../../contract/file.ts';
import type { HandoverReply } from '../../../contract/handover.ts';
import type { ItemSheet } from '../../../contract/item-sheet.ts';
import { ok, type Result, refuse } from '../../../contract/result.ts';
import type { HandoverAsk } from '../../file/ask-handover.ts';
import { drawSheet } from '../../printing/draw-sheet.ts';
import { ada } from '../../testing/people.ts';
import { play, put } from '../../testing/play-visit.ts';
import type { Visit, VisitEvent } from '../state.ts';
import type { TakeWay } from '../steps/take-item.ts';
import { handOver, type TakeAlong } from './hand-over.ts';

const evidence = {
  token: { unverifiedCertificate: '', algorithm: 'ES384', signature: '', format: 'web-eid:1.0', appVersion: '' },
  issuer: '',
  nonce: '',
  origin: '',
} as const;
const grant = { token: 'g'.repeat(43), expiresInMs: 600_000 };
const own = { kind: 'person', ssin: ada.nationalNumber } as const;
const bill: FileItem = {
  id: 'bill-9',
  subject: own,
  kind: 'payment',
  title: { nl: '<i>Sportkamp</i>' },
  theme: 'culture_sport_and_leisure',
  on: '2026-11-01',
  cents: 8_500,
  due: '2026-11-30',
  paidOn: null,
  communication: '123456789002',
  payee: { name: 'Sportdienst', iban: 'BE68539007547034' },
};
const read: VisitEvent[] = [
  ...put(),
  { type: 'file', line: 'up' },
  { type: 'signed_in', attempt: 'id-4', evidence, grant },
  {
    type: 'file_line',
    reading: 'id-5',
    line: {
      line: 'sources',
      subject: own,
      sources: [{ id: 'sports', name: { nl: 'Sportdienst' }, owner: 'town', theme: 'culture_sport_and_leisure' }],
    },
  },
  {
    type: 'file_line',
    reading: 'id-5',
    line: { line: 'answer', answer: { source: 'sports', state: 'fresh', asOf: '2026-11-22T09:00:00Z', items: [bill], more: false } },
  },
];
const take = (way: TakeWay): Visit => play(...read, { type: 'take_item', item: 'sports/0', way }).visit;
const clock = { wall: () => new Date('2026-11-22T10:00:00Z'), ticks: () => 10 };

let printed: ItemSheet[];
let asked: HandoverAsk[];
let reply: Result<HandoverReply, 'no_line' | 'sign_in'>;
const along: TakeAlong = {
  printer: { print: async (sheet) => printed.push(sheet) > 0 },
  ask: async (ask) => {
    asked.push(ask);
    return reply;
  },
};
const run = (visit: Visit, parts: TakeAlong = along, ticks = 10) =>
  handOver(parts, visit, { language: 'nl', clock: { ...clock, ticks: () => ticks } });

beforeEach(() => {
  printed = [];
  asked = [];
  reply = ok({ status: 'ready', token: 'T'.repeat(43), expiresInMs: 300_000 });
});

it('prints what the visit has read, as text, and no number of a person', async () => {
  expect(await run(take('print'))).toEqual({ stage: 'done', to: null, token: null, until: null });
  const html = drawSheet(printed[0] ?? { language: 'nl', title: '', rows: [], foot: '' });
  for (const words of [
    '&lt;i&gt;Sportkamp&lt;/i&gt;',
    '85,00',
    '30 november 2026',
    '+++123/4567/89002+++',
    'BE68 5390 0754 7034 (Sportdienst)',
  ])
    expect(html.replaceAll(' ', ' ')).toContain(words);
  expect(html).not.toContain(ada.nationalNumber);
  expect(html).toContain('<title>Loket</title>');
  expect(asked).toEqual([]);
});

it.each([
  ['there is none', { ...along, printer: null }],
  ['it takes nothing', { ...along, printer: { print: async () => false } }],
])('says that nothing was printed: %s', async (_why, parts) => {
  expect(await run(take('print'), parts)).toEqual({ stage: 'problem', problem: 'no_printer' });
});

it('asks the middleware by the source’s own name for it, with the grant', async () => {
  expect(await run(take('phone'))).toEqual({ stage: 'done', to: null, token: 'T'.repeat(43), until: 300_010 });
  expect(asked).toMatchObject([{ token: grant.token, way: 'phone', item: { source: 'sports', id: 'bill-9' }, actingAs: { kind: 'self' } }]);
  reply = ok({ status: 'sent', to: 'a•••@voorbeeld.example' });
  expect(await run(take('email'))).toEqual({ stage: 'done', to: 'a•••@voorbeeld.example', token: null, until: null });
});

it.each([
  [ok({ status: 'refused', why: 'no_address' } as const), 'no_address'],
  [ok({ status: 'refused', why: 'gone' } as const), 'gone'],
  [refuse('no_line' as const), 'no_line'],
  [refuse('sign_in' as const), 'sign_in'],
])('a refusal is a problem with a way on: %o', async (said, problem) => {
  reply = said;
  expect(await run(take('email'))).toEqual({ stage: 'problem', problem });
});

it('asks nothing once the time of the sign-in is over, or without a line', async () => {
  expect(await run(take('phone'), along, 700_000)).toEqual({ stage: 'problem', problem: 'sign_in' });
  expect(await run(take('phone'), { ...along, ask: null })).toEqual({ stage: 'problem', problem: 'no_line' });
  expect(asked).toEqual([]);
});

it('what was taken back meanwhile is gone', async () => {
  expect(await run({ ...take('print'), file: null })).toEqual({ stage: 'problem', problem: 'gone' });
  expect(printed).toEqual([]);
});
