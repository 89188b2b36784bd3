import { beforeEach, describe, expect, it } from 'vitest';
import { type Counter, createCounter } from './counter.ts';
import type { TextAnswer } from './line.ts';

const challenge = { nonce: 'n'.repeat(44), origin: 'https://middleware.example', expiresAt: '2026-11-22T10:05:00.000Z' };
const json = (value: unknown): TextAnswer => ({ status: 200, mediaType: 'application/json', body: JSON.stringify(value) });

let answer: () => TextAnswer;
let asked: [string, unknown][];
let logged: unknown[];
let counter: Counter;

beforeEach(() => {
  asked = [];
  logged = [];
  answer = () => json(challenge);
  counter = createCounter({
    line: {
      post: async (path, _type, body) => {
        asked.push([path, JSON.parse(body)]);
        return answer();
      },
    },
    terminal: 'kiosk-2',
    log: (event, detail) => logged.push([event, detail]),
  });
});

it('asks in its own name, and for certificates in the body, never in the address', async () => {
  expect(await counter.askChallenge()).toEqual({ ok: true, value: challenge });
  answer = () =>
    json({ revocation: { status: 'good', source: 'ocsp', asOf: '2026-11-22T10:00:00.000Z' }, checkedAt: '2026-11-22T10:00:01.000Z' });
  expect(await counter.askRevocation('QUJD', null)).toMatchObject({ ok: true, value: { status: 'good' } });
  expect(asked).toEqual([
    ['/v1/challenges', { terminal: 'kiosk-2' }],
    ['/v1/revocations', { terminal: 'kiosk-2', certificate: 'QUJD', issuer: null }],
  ]);
});

describe('is without a line', () => {
  it.each([
    ['when nothing answers', () => Promise.reject(new Error('ECONNREFUSED')) as never],
    ['when a portal answers with its page', () => ({ status: 200, mediaType: 'text/html', body: '<p>Wifi</p>' })],
    ['when the answer is an error', () => ({ ...json(challenge), status: 503 })],
    ['when the answer is cut off', () => ({ ...json(challenge), body: '{"nonce":"nn' })],
    ['when the answer has another shape', () => json({ nonce: 'short', origin: challenge.origin, expiresAt: challenge.expiresAt })],
    ['when the origin is not HTTPS', () => json({ ...challenge, origin: 'http://middleware.example' })],
  ])('%s', async (_name, next) => {
    answer = next;
    expect(await counter.askChallenge()).toEqual({ ok: false, error: 'no_line' });
    expect(JSON.stringify(logged)).not.toContain('Wifi');
  });
});
