import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CardAnswer, CardRequest } from '../../contract/card.ts';
import { ada, completeState } from '../testing/people.ts';
import { type Bench, makeBench } from './fake-process.ts';

/** Questions through the supervisor: to which process, for how long, and what comes of them when it ends. */
let bench: Bench;
beforeEach(() => {
  bench = makeBench();
});
afterEach(() => {
  bench.supervisor.stop();
  vi.useRealTimers();
});

const alive = () => bench.newest().tell({ tell: 'alive' });
const million = 1_000_000;
const nonce = 'n'.repeat(44);
const txId = '019a0000-0000-7000-8000-000000000000';
const challenge = { origin: 'https://loket.example', nonce, pin: '1234' };
const digest = Buffer.alloc(48).toString('base64');
const token: CardAnswer = {
  answer: 'token',
  token: { unverifiedCertificate: 'AAAA', algorithm: 'ES384', signature: 'AAAA', format: 'web-eid:1.0', appVersion: 'x' },
};
const problem = (cause: string) => ({ answer: 'problem', problem: cause, triesLeft: null });

/** The last question that the newest process was asked. */
function asked(): Extract<CardRequest, { id: string }> {
  const question = bench.newest().requests.findLast((request) => 'id' in request);
  if (question === undefined || !('id' in question)) throw new Error('nothing was asked');
  return question;
}
const reply = (answer: CardAnswer) => bench.newest().tell({ tell: 'answer', id: asked().id, answer });

describe('a question', () => {
  it('goes to the process that knows the insertion, under the number that it knows', async () => {
    bench.newest().exit();
    vi.advanceTimersByTime(300);
    bench.say(completeState(ada, 3));
    const answer = bench.supervisor.signIn(million + 3, challenge);
    expect(asked()).toMatchObject({ ask: 'sign_in', insertion: 3, ...challenge });
    reply(token);
    expect(await answer).toEqual(token);
  });

  it.each([
    ['of a process that is gone', 3],
    ['of no process', 0],
    ['of a process to come', 2 * million + 1],
  ])('about an insertion %s is about a card that is gone', async (_which, insertion) => {
    bench.newest().exit();
    vi.advanceTimersByTime(300);
    expect(await bench.supervisor.prepare(insertion, 'authentication')).toEqual(problem(insertion === 0 ? 'failed' : 'card_gone'));
    expect(bench.newest().requests).toHaveLength(1);
  });

  it('while there is no process is about a card that is gone', async () => {
    bench.newest().exit();
    expect(await bench.supervisor.proveChip(1, txId)).toEqual(problem('card_gone'));
  });

  it('that is not of the contract is never asked', async () => {
    expect(await bench.supervisor.signIn(1, { ...challenge, pin: '12a4' })).toEqual(problem('failed'));
    expect(bench.newest().requests).toHaveLength(1);
  });

  it('waits for the one before it', async () => {
    const first = bench.supervisor.prepare(1, 'signature');
    const second = bench.supervisor.proveChip(1, txId);
    expect(asked().ask).toBe('prepare');
    reply(problem('no_certificate') as CardAnswer);
    expect(await first).toEqual(problem('no_certificate'));
    expect(asked().ask).toBe('prove_chip');
    reply({ answer: 'chip', outcome: 'proven', evidence: null });
    expect(await second).toMatchObject({ outcome: 'proven' });
  });

  it('that takes a PIN does not wait behind another that does', async () => {
    const first = bench.supervisor.signIn(1, challenge);
    expect(await bench.supervisor.signIn(1, challenge)).toEqual(problem('failed'));
    expect(await bench.supervisor.sign(1, { digest, way: 'pinpad' })).toEqual(problem('failed'));
    reply(token);
    expect(await first).toEqual(token);
    expect(bench.newest().requests.filter((request) => request.ask === 'sign_in')).toHaveLength(1);
  });

  it('is answered once, and by its own answer only', async () => {
    const answer = bench.supervisor.signIn(1, challenge);
    bench.newest().tell({ tell: 'answer', id: '00000000-0000-4000-8000-000000000000', answer: problem('wrong_pin') });
    reply(token);
    reply(problem('wrong_pin') as CardAnswer);
    expect(await answer).toEqual(token);
  });
});

describe('the time for a question', () => {
  const ways = {
    prepare: () => bench.supervisor.prepare(1, 'authentication'),
    chip: () => bench.supervisor.proveChip(1, txId),
    pin: () => bench.supervisor.signIn(1, challenge),
    pinpad: () => bench.supervisor.signIn(1, { ...challenge, pin: null }),
    'sign on the pinpad': () => bench.supervisor.sign(1, { digest, way: 'pinpad' }),
    'sign in the dialog': () => bench.supervisor.sign(1, { digest, way: 'dialog' }),
  };
  it.each([
    ['prepare', 10_000, 'failed'],
    ['chip', 10_000, 'failed'],
    ['pin', 15_000, 'answer_lost'],
    ['pinpad', 40_000, 'answer_lost'],
    ['sign on the pinpad', 40_000, 'answer_lost'],
    ['sign in the dialog', 120_000, 'answer_lost'],
  ] as const)('%s: %i ms of silence, then its process is killed', async (way, ms, outcome) => {
    bench.say(completeState(ada, 1));
    const answer = ways[way]();
    vi.advanceTimersByTime(ms - 1);
    expect(bench.processes[0]?.killed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(bench.processes[0]?.killed).toBe(true);
    expect(await answer).toEqual(problem(outcome));
    expect(bench.states.at(-1)).toEqual({ state: 'restarting' });
  });

  it('counts instead of the time of a read that it interrupts, which then has its own again', async () => {
    bench.say({ state: 'reading', insertion: 1 });
    const answer = ways.pinpad();
    vi.advanceTimersByTime(14_000);
    expect(bench.processes[0]?.killed).toBe(false);
    reply(token);
    await answer;
    for (let seconds = 0; seconds < 14; seconds += 2) {
      alive();
      vi.advanceTimersByTime(2_000);
    }
    expect(bench.processes[0]?.killed).toBe(false);
    alive();
    vi.advanceTimersByTime(1_000);
    expect(bench.processes[0]?.killed).toBe(true);
  });

  it('is followed by the time for silence', async () => {
    const answer = ways.pin();
    reply(token);
    await answer;
    vi.advanceTimersByTime(9_999);
    expect(bench.processes[0]?.killed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(bench.processes[0]?.killed).toBe(true);
  });
});

describe('a process that dies with a question', () => {
  it('with a PIN is followed by another only when the card has lost its power', async () => {
    const answer = bench.supervisor.signIn(1, challenge);
    bench.newest().exit();
    expect(await answer).toEqual(problem('answer_lost'));
    vi.advanceTimersByTime(1_499);
    expect(bench.processes).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(bench.processes).toHaveLength(2);
    // Never given again, least of all to another process.
    expect(bench.newest().requests.map(({ ask }) => ask)).toEqual(['start']);
  });

  it('before a question reached it has no PIN to lose', async () => {
    const first = bench.supervisor.prepare(1, 'authentication');
    const second = bench.supervisor.signIn(1, challenge);
    bench.newest().exit();
    expect([await first, await second]).toEqual([problem('failed'), problem('failed')]);
    vi.advanceTimersByTime(300);
    expect(bench.processes).toHaveLength(2);
  });
});

describe('a visit that ends', () => {
  it('hears no answer, and what it began has still its time', async () => {
    const answer = bench.supervisor.signIn(1, { ...challenge, pin: '1234' });
    bench.supervisor.forget();
    expect(await answer).toEqual(problem('card_gone'));
    vi.advanceTimersByTime(14_000);
    expect(bench.processes[0]?.killed).toBe(false);
    reply(token);
    vi.advanceTimersByTime(9_999);
    expect(bench.processes[0]?.killed).toBe(false);
  });

  it('lets the next person sign in when the card is done with what was left, and not before', async () => {
    const left = bench.supervisor.signIn(1, challenge);
    bench.supervisor.forget();
    await left;
    const dropped = asked().id;
    const next = bench.supervisor.signIn(2, challenge);
    expect(asked().id).toBe(dropped);
    expect(await bench.supervisor.signIn(2, challenge)).toEqual(problem('failed'));
    reply(token);
    expect(asked()).toMatchObject({ ask: 'sign_in', insertion: 2 });
    reply(token);
    expect(await next).toEqual(token);
    expect(bench.newest().requests.filter((request) => request.ask === 'sign_in')).toHaveLength(2);
  });

  it.each([
    ['the module’s dialog', () => bench.supervisor.sign(1, { digest, way: 'dialog' })],
    ['a pinpad that waits to sign', () => bench.supervisor.sign(1, { digest, way: 'pinpad' })],
    ['a pinpad that waits to sign in', () => bench.supervisor.signIn(1, { ...challenge, pin: null })],
  ])('takes %s along, and the card’s power with it', async (_what, ask) => {
    const answer = ask();
    bench.supervisor.forget();
    expect(await answer).toEqual(problem('card_gone'));
    expect(bench.processes[0]?.killed).toBe(true);
    vi.advanceTimersByTime(1_499);
    expect(bench.processes).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(bench.processes).toHaveLength(2);
  });
});

it('stops when its process is gone, and leaves nobody waiting', async () => {
  bench.newest().stubborn = true;
  const answer = bench.supervisor.proveChip(1, txId);
  const stopped = bench.supervisor.stop();
  expect(await answer).toEqual(problem('card_gone'));
  vi.advanceTimersByTime(1_000);
  await stopped;
  vi.advanceTimersByTime(60_000);
  expect(bench.processes).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});
