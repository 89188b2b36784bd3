import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CardAnswer, CardProcessStart, CardRequest, CardState } from '../../contract/card.ts';
import { ada, completeState, identityState } from '../testing/people.ts';
import { type CardProcess, type CardSupervisor, createCardSupervisor } from './card-supervisor.ts';

/** A card process in the test's hands. */
class FakeProcess implements CardProcess {
  requests: CardRequest[] = [];
  killed = false;
  stubborn = false;
  undead = false;
  tell: (message: unknown) => void = () => undefined;
  exit: () => void = () => undefined;
  postMessage(message: CardRequest): void {
    this.requests.push(message);
  }
  onMessage(listener: (message: unknown) => void): void {
    this.tell = listener;
  }
  onExit(listener: () => void): void {
    this.exit = listener;
  }
  kill(): void {
    this.killed = true;
    if (!this.stubborn) this.exit();
  }
  killNow(): void {
    if (!this.undead) this.exit();
  }
}

const start: CardProcessStart = { module: null, testRoots: [], pollMs: 150, allowVirtualCard: false, allowDialog: false };

let processes: FakeProcess[];
let states: CardState[];
let supervisor: CardSupervisor;

beforeEach(() => {
  vi.useFakeTimers();
  processes = [];
  states = [];
  supervisor = createCardSupervisor({
    fork: () => {
      const born = new FakeProcess();
      processes.push(born);
      return born;
    },
    start,
    log: () => undefined,
    onState: (state) => states.push(state),
  });
  supervisor.start();
});
afterEach(() => {
  supervisor.stop();
  vi.useRealTimers();
});

const newest = () => {
  const found = processes.at(-1);
  if (!found) throw new Error('no process');
  return found;
};
const say = (state: CardState) => newest().tell({ tell: 'state', state });

it('starts the process with what it needs, and passes its states on', () => {
  expect(newest().requests).toEqual([{ ask: 'start', start }]);
  say({ state: 'empty' });
  expect(states).toEqual([{ state: 'empty' }]);
});

it('hears nothing that is not of the protocol', () => {
  newest().tell({ tell: 'state', state: { state: 'complete', identity: 'somebody' } });
  newest().tell('rubbish');
  expect(states).toEqual([]);
});

describe('a process that dies', () => {
  it('is replaced, and whether a card is in is not known until the next one sees it', () => {
    say(completeState(ada, 1));
    newest().exit();
    expect(states.at(-1)).toEqual({ state: 'restarting' });
    vi.advanceTimersByTime(300);
    expect(processes).toHaveLength(2);
  });

  it('never lends its insertion numbers to the next one', () => {
    say(completeState(ada, 1));
    newest().exit();
    vi.advanceTimersByTime(300);
    say(identityState(ada, 1));
    expect(states.at(-1)).not.toMatchObject({ insertion: 1 });
  });

  it('is not heard any more', () => {
    const old = newest();
    old.exit();
    vi.advanceTimersByTime(300);
    old.tell({ tell: 'state', state: completeState(ada, 1) });
    old.exit();
    expect(states.map(({ state }) => state)).toEqual(['restarting']);
    expect(processes).toHaveLength(2);
  });

  it('again and again, is staff’s business, and still tried', () => {
    for (let times = 0; times < 5; times += 1) {
      newest().exit();
      vi.advanceTimersByTime(5_000);
    }
    expect(states.at(-1)).toEqual({ state: 'needs_attention', reason: 'process_failed' });
    expect(processes).toHaveLength(6);
    say({ state: 'empty' });
    expect(states.at(-1)).toEqual({ state: 'empty' });
  });
});

const alive = () => newest().tell({ tell: 'alive' });

it('kills a process that reads and reads, even when it says that it is alive', () => {
  say({ state: 'reading', insertion: 1 });
  for (let seconds = 0; seconds < 16; seconds += 2) {
    alive();
    vi.advanceTimersByTime(2_000);
  }
  expect(processes[0]?.killed).toBe(true);
  expect(processes).toHaveLength(2);
});

it.each([
  ['before it has said anything', () => undefined],
  ['between two cards', () => say({ state: 'empty' })],
  ['after a card was read to the end', () => say(completeState(ada, 1))],
  [
    'after the visit ended in the middle of a read',
    () => {
      say({ state: 'reading', insertion: 1 });
      supervisor.forget();
    },
  ],
])('kills a process that falls silent %s', (_when, before) => {
  before();
  vi.advanceTimersByTime(10_300);
  expect(processes[0]?.killed).toBe(true);
  expect(processes).toHaveLength(2);
});

it('lets a process live that says so', () => {
  say(completeState(ada, 1));
  for (let seconds = 0; seconds < 60; seconds += 2) {
    vi.advanceTimersByTime(2_000);
    alive();
  }
  expect(processes).toHaveLength(1);
});

it('passes on what a visit’s end asks for', () => {
  supervisor.forget();
  supervisor.readAgain();
  expect(newest().requests.slice(1)).toEqual([{ ask: 'forget' }, { ask: 'read' }]);
});

describe('a process that is killed and does not go', () => {
  it('is killed for good, and is not replaced before it has gone', () => {
    newest().stubborn = true;
    vi.advanceTimersByTime(10_000);
    expect(processes[0]?.killed).toBe(true);
    vi.advanceTimersByTime(900);
    expect(processes).toHaveLength(1);
    vi.advanceTimersByTime(100 + 300);
    expect(processes).toHaveLength(2);
  });

  it('is not heard any more, though it still speaks', () => {
    newest().stubborn = true;
    vi.advanceTimersByTime(10_000);
    newest().tell({ tell: 'state', state: completeState(ada, 1) });
    expect(states).toEqual([]);
  });

  it('and cannot be killed at all, is staff’s business, and never has a second beside it', () => {
    newest().stubborn = true;
    newest().undead = true;
    vi.advanceTimersByTime(60_000);
    expect(states).toEqual([{ state: 'needs_attention', reason: 'process_failed' }]);
    expect(processes).toHaveLength(1);
    newest().exit();
    vi.advanceTimersByTime(300);
    expect(processes).toHaveLength(2);
  });
});

const million = 1_000_000;
const nonce = 'n'.repeat(44);
const challenge = { origin: 'https://loket.example', nonce, pin: '1234' };
const digest = Buffer.alloc(48).toString('base64');
const token: CardAnswer = {
  answer: 'token',
  token: { unverifiedCertificate: 'AAAA', algorithm: 'ES384', signature: 'AAAA', format: 'web-eid:1.0', appVersion: 'x' },
};
const problem = (cause: string) => ({ answer: 'problem', problem: cause, triesLeft: null });

/** The last question that the newest process was asked. */
function asked(): Extract<CardRequest, { id: string }> {
  const question = newest().requests.findLast((request) => 'id' in request);
  if (question === undefined || !('id' in question)) throw new Error('nothing was asked');
  return question;
}
const reply = (answer: CardAnswer) => newest().tell({ tell: 'answer', id: asked().id, answer });

describe('a question', () => {
  it('goes to the process that knows the insertion, under the number that it knows', async () => {
    newest().exit();
    vi.advanceTimersByTime(300);
    say(completeState(ada, 3));
    const answer = supervisor.signIn(million + 3, challenge);
    expect(asked()).toMatchObject({ ask: 'sign_in', insertion: 3, ...challenge });
    reply(token);
    expect(await answer).toEqual(token);
  });

  it.each([
    ['of a process that is gone', 3],
    ['of no process', 0],
    ['of a process to come', 2 * million + 1],
  ])('about an insertion %s is about a card that is gone', async (_which, insertion) => {
    newest().exit();
    vi.advanceTimersByTime(300);
    expect(await supervisor.prepare(insertion, 'authentication')).toEqual(problem(insertion === 0 ? 'failed' : 'card_gone'));
    expect(newest().requests).toHaveLength(1);
  });

  it('while there is no process is about a card that is gone', async () => {
    newest().exit();
    expect(await supervisor.proveChip(1)).toEqual(problem('card_gone'));
  });

  it('that is not of the contract is never asked', async () => {
    expect(await supervisor.signIn(1, { ...challenge, pin: '12a4' })).toEqual(problem('failed'));
    expect(newest().requests).toHaveLength(1);
  });

  it('waits for the one before it', async () => {
    const first = supervisor.prepare(1, 'signature');
    const second = supervisor.proveChip(1);
    expect(asked().ask).toBe('prepare');
    reply(problem('no_certificate') as CardAnswer);
    expect(await first).toEqual(problem('no_certificate'));
    expect(asked().ask).toBe('prove_chip');
    reply({ answer: 'chip', outcome: 'proven', evidence: null });
    expect(await second).toMatchObject({ outcome: 'proven' });
  });

  it('that takes a PIN does not wait behind another that does', async () => {
    const first = supervisor.signIn(1, challenge);
    expect(await supervisor.signIn(1, challenge)).toEqual(problem('failed'));
    expect(await supervisor.sign(1, { digest, way: 'pinpad' })).toEqual(problem('failed'));
    reply(token);
    expect(await first).toEqual(token);
    expect(newest().requests.filter((request) => request.ask === 'sign_in')).toHaveLength(1);
  });

  it('is answered once, and by its own answer only', async () => {
    const answer = supervisor.signIn(1, challenge);
    newest().tell({ tell: 'answer', id: '00000000-0000-4000-8000-000000000000', answer: problem('wrong_pin') });
    reply(token);
    reply(problem('wrong_pin') as CardAnswer);
    expect(await answer).toEqual(token);
  });
});

describe('the time for a question', () => {
  const ways = {
    prepare: () => supervisor.prepare(1, 'authentication'),
    chip: () => supervisor.proveChip(1),
    pin: () => supervisor.signIn(1, challenge),
    pinpad: () => supervisor.signIn(1, { ...challenge, pin: null }),
    'sign on the pinpad': () => supervisor.sign(1, { digest, way: 'pinpad' }),
    'sign in the dialog': () => supervisor.sign(1, { digest, way: 'dialog' }),
  };
  it.each([
    ['prepare', 10_000, 'failed'],
    ['chip', 10_000, 'failed'],
    ['pin', 15_000, 'answer_lost'],
    ['pinpad', 40_000, 'answer_lost'],
    ['sign on the pinpad', 40_000, 'answer_lost'],
    ['sign in the dialog', 120_000, 'answer_lost'],
  ] as const)('%s: %i ms of silence, then its process is killed', async (way, ms, outcome) => {
    say(completeState(ada, 1));
    const answer = ways[way]();
    vi.advanceTimersByTime(ms - 1);
    expect(processes[0]?.killed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(processes[0]?.killed).toBe(true);
    expect(await answer).toEqual(problem(outcome));
    expect(states.at(-1)).toEqual({ state: 'restarting' });
  });

  it('counts instead of the time of a read that it interrupts, which then has its own again', async () => {
    say({ state: 'reading', insertion: 1 });
    const answer = ways.pinpad();
    vi.advanceTimersByTime(39_000);
    expect(processes[0]?.killed).toBe(false);
    reply(token);
    await answer;
    for (let seconds = 0; seconds < 14; seconds += 2) {
      alive();
      vi.advanceTimersByTime(2_000);
    }
    expect(processes[0]?.killed).toBe(false);
    alive();
    vi.advanceTimersByTime(1_000);
    expect(processes[0]?.killed).toBe(true);
  });

  it('is followed by the time for silence', async () => {
    const answer = ways.pin();
    reply(token);
    await answer;
    vi.advanceTimersByTime(9_999);
    expect(processes[0]?.killed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(processes[0]?.killed).toBe(true);
  });
});

describe('a process that dies', () => {
  it('with a PIN is followed by another only when the card has lost its power', async () => {
    const answer = supervisor.signIn(1, challenge);
    newest().exit();
    expect(await answer).toEqual(problem('answer_lost'));
    vi.advanceTimersByTime(1_999);
    expect(processes).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(processes).toHaveLength(2);
    // Never given again, least of all to another process.
    expect(newest().requests.map(({ ask }) => ask)).toEqual(['start']);
  });

  it('before a question reached it has no PIN to lose', async () => {
    const first = supervisor.prepare(1, 'authentication');
    const second = supervisor.signIn(1, challenge);
    newest().exit();
    expect([await first, await second]).toEqual([problem('failed'), problem('failed')]);
    vi.advanceTimersByTime(300);
    expect(processes).toHaveLength(2);
  });
});

describe('a visit that ends', () => {
  it('hears no answer, and what it began has still its time', async () => {
    const answer = supervisor.signIn(1, { ...challenge, pin: null });
    supervisor.forget();
    expect(await answer).toEqual(problem('card_gone'));
    vi.advanceTimersByTime(39_000);
    expect(processes[0]?.killed).toBe(false);
    reply(token);
    vi.advanceTimersByTime(9_999);
    expect(processes[0]?.killed).toBe(false);
  });

  it('takes the module’s dialog along, and the card’s power with it', async () => {
    const answer = supervisor.sign(1, { digest, way: 'dialog' });
    supervisor.forget();
    expect(await answer).toEqual(problem('card_gone'));
    expect(processes[0]?.killed).toBe(true);
    vi.advanceTimersByTime(1_999);
    expect(processes).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(processes).toHaveLength(2);
  });
});

it('stops when its process is gone, and leaves nobody waiting', async () => {
  newest().stubborn = true;
  const answer = supervisor.proveChip(1);
  const stopped = supervisor.stop();
  expect(await answer).toEqual(problem('card_gone'));
  vi.advanceTimersByTime(1_000);
  await stopped;
  vi.advanceTimersByTime(60_000);
  expect(processes).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});
