import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CardRequest, CardState } from '../../contract/card.ts';
import { ada, completeState, identityState } from '../testing/people.ts';
import { type CardProcess, type CardSupervisor, createCardSupervisor } from './card-supervisor.ts';

/** A card process in the test's hands. */
class FakeProcess implements CardProcess {
  requests: CardRequest[] = [];
  killed = false;
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
    this.exit();
  }
}

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
    start: { module: null, testRoots: [], pollMs: 150 },
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
  expect(newest().requests).toEqual([{ ask: 'start', start: { module: null, testRoots: [], pollMs: 150 } }]);
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
