import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ada, completeState, identityState } from '../testing/people.ts';
import { type Bench, makeBench, start } from './fake-process.ts';

let bench: Bench;
beforeEach(() => {
  bench = makeBench();
});
afterEach(() => {
  bench.supervisor.stop();
  vi.useRealTimers();
});

it('starts the process with what it needs, and passes its states on', () => {
  expect(bench.newest().requests).toEqual([{ ask: 'start', start }]);
  bench.say({ state: 'empty' });
  expect(bench.states).toEqual([{ state: 'empty' }]);
});

it('hears nothing that is not of the protocol', () => {
  bench.newest().tell({ tell: 'state', state: { state: 'complete', identity: 'somebody' } });
  bench.newest().tell('rubbish');
  expect(bench.states).toEqual([]);
});

describe('a process that dies', () => {
  it('is replaced, and whether a card is in is not known until the next one sees it', () => {
    bench.say(completeState(ada, 1));
    bench.newest().exit();
    expect(bench.states.at(-1)).toEqual({ state: 'restarting' });
    vi.advanceTimersByTime(300);
    expect(bench.processes).toHaveLength(2);
  });

  it('never lends its insertion numbers to the next one', () => {
    bench.say(completeState(ada, 1));
    bench.newest().exit();
    vi.advanceTimersByTime(300);
    bench.say(identityState(ada, 1));
    expect(bench.states.at(-1)).not.toMatchObject({ insertion: 1 });
  });

  it('is not heard any more', () => {
    const old = bench.newest();
    old.exit();
    vi.advanceTimersByTime(300);
    old.tell({ tell: 'state', state: completeState(ada, 1) });
    old.exit();
    expect(bench.states.map(({ state }) => state)).toEqual(['restarting']);
    expect(bench.processes).toHaveLength(2);
  });

  it('again and again, is staff’s business, and still tried', () => {
    for (let times = 0; times < 5; times += 1) {
      bench.newest().exit();
      vi.advanceTimersByTime(5_000);
    }
    expect(bench.states.at(-1)).toEqual({ state: 'needs_attention', reason: 'process_failed' });
    expect(bench.processes).toHaveLength(6);
    bench.say({ state: 'empty' });
    expect(bench.states.at(-1)).toEqual({ state: 'empty' });
  });
});

const alive = () => bench.newest().tell({ tell: 'alive' });

it('kills a process that reads and reads, even when it says that it is alive', () => {
  bench.say({ state: 'reading', insertion: 1 });
  for (let seconds = 0; seconds < 16; seconds += 2) {
    alive();
    vi.advanceTimersByTime(2_000);
  }
  expect(bench.processes[0]?.killed).toBe(true);
  expect(bench.processes).toHaveLength(2);
});

it.each([
  ['before it has said anything', () => undefined],
  ['between two cards', () => bench.say({ state: 'empty' })],
  ['after a card was read to the end', () => bench.say(completeState(ada, 1))],
  [
    'after the visit ended in the middle of a read',
    () => {
      bench.say({ state: 'reading', insertion: 1 });
      bench.supervisor.forget();
    },
  ],
])('kills a process that falls silent %s', (_when, before) => {
  before();
  vi.advanceTimersByTime(10_300);
  expect(bench.processes[0]?.killed).toBe(true);
  expect(bench.processes).toHaveLength(2);
});

it('lets a process live that says so', () => {
  bench.say(completeState(ada, 1));
  for (let seconds = 0; seconds < 60; seconds += 2) {
    vi.advanceTimersByTime(2_000);
    alive();
  }
  expect(bench.processes).toHaveLength(1);
});

it('forgets no later card than the one it has heard of: that is the next person’s', () => {
  bench.say(completeState(ada, 4));
  bench.supervisor.forget();
  expect(bench.newest().requests.at(-1)).toEqual({ ask: 'forget', insertion: 4 });
});

it('passes on what a visit’s end asks for', () => {
  bench.supervisor.forget();
  bench.supervisor.readAgain();
  expect(bench.newest().requests.slice(1)).toEqual([{ ask: 'forget', insertion: 0 }, { ask: 'read' }]);
});

describe('a process that is killed and does not go', () => {
  it('is killed for good, and is not replaced before it has gone', () => {
    bench.newest().stubborn = true;
    vi.advanceTimersByTime(10_000);
    expect(bench.processes[0]?.killed).toBe(true);
    vi.advanceTimersByTime(900);
    expect(bench.processes).toHaveLength(1);
    vi.advanceTimersByTime(100 + 300);
    expect(bench.processes).toHaveLength(2);
  });

  it('is not heard any more, though it still speaks', () => {
    bench.newest().stubborn = true;
    vi.advanceTimersByTime(10_000);
    bench.newest().tell({ tell: 'state', state: completeState(ada, 1) });
    expect(bench.states).toEqual([]);
  });

  it('and cannot be killed at all, is staff’s business, and never has a second beside it', () => {
    bench.newest().stubborn = true;
    bench.newest().undead = true;
    vi.advanceTimersByTime(60_000);
    expect(bench.states).toEqual([{ state: 'needs_attention', reason: 'process_failed' }]);
    expect(bench.processes).toHaveLength(1);
    bench.newest().exit();
    vi.advanceTimersByTime(300);
    expect(bench.processes).toHaveLength(2);
  });
});
