import { beforeEach, describe, expect, it } from 'vitest';
import type { CardAnswer } from '../../../contract/card.ts';
import { ok, type Result, refuse } from '../../../contract/result.ts';
import type { Challenge, SignInResult } from '../../../contract/wire.ts';
import type { SignInStep } from '../state.ts';
import { runSignIn, type SignInParts } from './run-sign-in.ts';

const origin = 'https://middleware.example';
const prepared: CardAnswer = {
  answer: 'prepared',
  certificate: 'AAAA',
  issuer: 'BBBB',
  algorithm: 'ES384',
  chain: 'proven',
  ways: ['pin_view'],
  triesLeft: 3,
};
const token: CardAnswer = {
  answer: 'token',
  token: { unverifiedCertificate: 'AAAA', algorithm: 'ES384', signature: 'AAAA', format: 'web-eid:1.0', appVersion: 'x' },
};
const problem = (name: Extract<CardAnswer, { answer: 'problem' }>['problem'], triesLeft: number | null = null): CardAnswer => ({
  answer: 'problem',
  problem: name,
  triesLeft,
});

let certificate: CardAnswer;
const good: Challenge = { nonce: 'n'.repeat(44), origin, expiresAt: '2026-11-22T10:05:00.000Z' };
let challenge: Result<Challenge, 'no_line'>;
let cardSays: CardAnswer[];
let judged: Result<SignInResult, 'no_line'>;
let typed: (string | null)[];
let given: (string | null)[];
let told: SignInStep[];
let wanted: boolean;
let sent: number;
/** Runs while the card has the PIN. */
let afterEntry: () => void;

beforeEach(() => {
  certificate = prepared;
  challenge = ok(good);
  cardSays = [token];
  judged = ok({ status: 'accepted', acceptedAt: '2026-11-22T10:00:00.000Z', revocation: { status: 'good', source: 'ocsp', asOf: null } });
  typed = ['1234'];
  given = [];
  told = [];
  wanted = true;
  sent = 0;
  afterEntry = () => undefined;
});

function run(): ReturnType<typeof runSignIn> {
  const parts: SignInParts = {
    card: {
      prepare: async () => certificate,
      signIn: async (_insertion, { pin }) => {
        given.push(pin);
        afterEntry();
        return cardSays.shift() ?? problem('failed');
      },
    },
    counter: {
      askChallenge: async () => challenge,
      signIn: async () => {
        sent += 1;
        return judged;
      },
      askRevocation: async () => refuse('no_line'),
    },
    visit: 'visit-1',
    origin,
    pinEntry: { ask: async () => typed.shift() ?? null },
    tell: (step) => told.push(step),
    isWanted: () => wanted,
  };
  return runSignIn(1, parts);
}

it('gives the PIN to the card, and is signed in when the middleware says so', async () => {
  expect(await run()).toEqual({
    evidence: { token: token.answer === 'token' ? token.token : null, issuer: 'BBBB', nonce: 'n'.repeat(44), origin },
    grant: null,
  });
  expect(given).toEqual(['1234']);
  expect(told.map(({ stage }) => stage)).toEqual(['pin', 'working', 'checking']);
});

describe('before anybody types', () => {
  it.each([
    ['without a line', () => (challenge = refuse('no_line')), 'no_line'],
    ['for another origin', () => (challenge = ok({ ...good, origin: 'https://elsewhere.example' })), 'not_accepted'],
    ['without a certificate', () => (certificate = problem('no_certificate')), 'no_certificate'],
    ['with a certificate of nobody', () => (certificate = { ...prepared, chain: 'not_proven' } as CardAnswer), 'certificate_not_proven'],
    ['with a certificate that has expired', () => (certificate = { ...prepared, chain: 'expired' } as CardAnswer), 'certificate_expired'],
    ['with a PIN known to be blocked', () => (certificate = { ...prepared, triesLeft: 0 } as CardAnswer), 'pin_blocked'],
    ['with no way to give a PIN', () => (certificate = { ...prepared, ways: [] } as CardAnswer), 'no_way'],
  ])('it ends %s', async (_name, change, expected) => {
    change();
    expect(await run()).toMatchObject({ stage: 'problem', problem: expected });
    expect([typed, given, told]).toEqual([['1234'], [], []]);
  });
});

it('asks again after a wrong PIN, with the tries that are left', async () => {
  typed = ['1111', '1234'];
  cardSays = [problem('wrong_pin', 2), token];
  expect(await run()).toMatchObject({ evidence: { nonce: expect.any(String) } });
  expect(given).toEqual(['1111', '1234']);
  expect(told).toContainEqual({ stage: 'pin', way: 'pin_view', triesLeft: 2, wrong: true });
});

it.each(['pin_blocked', 'answer_lost', 'card_gone', 'not_verified', 'failed'] as const)(
  'never gives the same PIN again after %s',
  async (name) => {
    cardSays = [problem(name, null), token];
    expect(await run()).toMatchObject({ stage: 'problem', problem: name });
    expect(given).toEqual(['1234']);
  },
);

it('waits at a pinpad without asking for digits, and leaves asking again to the person', async () => {
  certificate = { ...prepared, ways: ['pinpad'] } as CardAnswer;
  cardSays = [problem('wrong_pin', 1), token];
  expect(await run()).toMatchObject({ problem: 'wrong_pin', triesLeft: 1 });
  expect([given, typed]).toEqual([[null], ['1234']]);
});

it('asks for no second PIN, and sends no token, once the person has left', async () => {
  typed = ['1111', '1234'];
  cardSays = [problem('wrong_pin', 2)];
  afterEntry = () => (wanted = false);
  expect([await run(), typed]).toMatchObject([{ problem: 'cancelled' }, ['1234']]);
  wanted = true;
  cardSays = [token];
  expect([await run(), sent]).toMatchObject([{ problem: 'cancelled' }, 0]);
});

it('gives nothing to the card once the person has left', async () => {
  wanted = false;
  expect(await run()).toMatchObject({ problem: 'cancelled' });
  expect(given).toEqual([]);
});

it.each([
  ['challenge', 'not_accepted'],
  ['signature', 'not_accepted'],
  ['certificate', 'certificate_not_proven'],
  ['expired', 'certificate_expired'],
  ['revoked', 'revoked'],
  ['revocation_unknown', 'revocation_unknown'],
] as const)('says why the middleware refused: %s', async (reason, expected) => {
  judged = ok({ status: 'refused', reason });
  expect(await run()).toMatchObject({ stage: 'problem', problem: expected });
});

it('is not signed in when the line goes after the PIN', async () => {
  judged = refuse('no_line');
  expect(await run()).toMatchObject({ problem: 'no_line' });
});
