import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CardAnswer } from '../contract/card.ts';
import { type FakeParent, startFakeParent } from './fake-parent.ts';
import { buildVirtualCard } from './virtual-card/control.ts';
import { type Fault, insertCard, makeReader, readJournal, removeCard, setFault, setState } from './virtual-card/reader.ts';

/** A fault at each call of a sign-in in turn, with the right PIN and with a wrong one. */
let folder: string;
let parent: FakeParent;
let calls: string[];
const nonce = randomBytes(32).toString('base64');
const mostTries = 3;

beforeAll(async () => {
  const virtualCard = await buildVirtualCard();
  folder = mkdtempSync(join(tmpdir(), 'loket-card-'));
  makeReader(folder, { pace: 'instant' });
  setState(folder, { journal: 1 });
  insertCard(folder, 'lotte');
  const testRoots = [readFileSync(virtualCard.root, 'utf8')];
  const start = { module: virtualCard.module, testRoots, pollMs: 3000, allowVirtualCard: true, allowDialog: false };
  // Ten times faster, so that a card's time to settle is no time to wait for.
  parent = startFakeParent(start, { reader: folder, speed: 10 });
  await parent.untilState('complete');
  const { answer, made } = await signInWith('1234', null);
  expect(answer.answer).toBe('token');
  calls = made;
}, 120_000);

afterAll(async () => {
  await parent.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function signInWith(pin: string, fault: Fault | null): Promise<{ answer: CardAnswer; made: string[] }> {
  setFault(folder, null);
  removeCard(folder);
  parent.messages = [];
  parent.send({ ask: 'read' });
  await parent.untilState('empty');
  rmSync(join(folder, 'pins'), { recursive: true, force: true });
  insertCard(folder, 'lotte');
  parent.send({ ask: 'read' });
  await parent.untilState('complete');
  const before = readJournal(folder).length;
  setFault(folder, fault);
  const answer = await parent.ask({
    ask: 'sign_in',
    insertion: parent.complete().insertion,
    origin: 'https://loket.example',
    nonce,
    pin,
  });
  const lines = readJournal(folder).slice(before);
  return { answer, made: lines.flatMap((line) => (line.startsWith('call ') ? [line.slice('call '.length)] : [])) };
}

/** A file that stays empty is a card whose PIN nobody typed yet; the module may also be writing it this moment. */
async function triesOf(card: string): Promise<number> {
  const file = join(folder, 'pins', card);
  for (let look = 0; look < 20; look += 1) {
    const [tries = ''] = existsSync(file) ? readFileSync(file, 'utf8').split(' ') : [];
    if (tries !== '') return Number(tries);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return mostTries;
}

const kinds = ['device_error', 'remove', 'swap'] as const;
const faultAt = (kind: (typeof kinds)[number], atCall: number): Fault =>
  kind === 'swap' ? { kind, atCall, persona: 'helene' } : { kind, atCall };
const logins = (made: string[]) => made.filter((name) => name === 'C_Login').length;

test('all that needs no PIN is done before it is given', () => {
  expect(logins(calls)).toBe(1);
  expect(calls.indexOf('C_Login')).toBeGreaterThan(calls.lastIndexOf('C_FindObjectsFinal'));
  expect(calls.lastIndexOf('C_Logout')).toBeGreaterThan(calls.indexOf('C_Sign'));
});

test.each(kinds)(
  '%s at any call: no token of a card that is not there any more, and one login at most',
  async (kind) => {
    // Whoever leaves during the look that comes after the last call was there until then.
    for (let atCall = 1; atCall <= calls.lastIndexOf('C_CloseSession') + 1; atCall += 1) {
      const { answer, made } = await signInWith('1234', faultAt(kind, atCall));
      const where = `at ${calls[atCall - 1]} (${atCall}): ${JSON.stringify(answer).slice(0, 80)}`;
      expect(logins(made), where).toBeLessThanOrEqual(1);
      if (kind !== 'device_error') expect(answer, where).toEqual({ answer: 'problem', problem: 'card_gone', triesLeft: null });
    }
  },
  120_000,
);

/** What may be told of a wrong PIN, by whether the card counted it. One that moved is gone, whatever it had counted. */
const outcomes = {
  device_error: { counted: ['wrong_pin', 'answer_lost'], untouched: ['failed'] },
  remove: { counted: ['wrong_pin', 'card_gone'], untouched: ['card_gone'] },
  swap: { counted: ['wrong_pin', 'card_gone'], untouched: ['card_gone'] },
};

test.each(kinds)(
  '%s at any call with a wrong PIN: a counted try is never kept quiet, and no other card counts one',
  async (kind) => {
    for (let atCall = 1; atCall <= calls.length; atCall += 1) {
      const { answer, made } = await signInWith('0000', faultAt(kind, atCall));
      const where = `at ${calls[atCall - 1]} (${atCall}): ${JSON.stringify(answer)}`;
      expect(logins(made), where).toBeLessThanOrEqual(1);
      expect(await triesOf('helene'), where).toBe(mostTries);
      expect(await triesOf('lotte'), where).toBeGreaterThanOrEqual(mostTries - 1);
      if (answer.answer !== 'problem') throw new Error(where);
      const counted = (await triesOf('lotte')) < mostTries;
      expect(outcomes[kind][counted ? 'counted' : 'untouched'], where).toContain(answer.problem);
      if (answer.problem === 'wrong_pin') expect([mostTries - 1, null], where).toContain(answer.triesLeft);
    }
  },
  120_000,
);
