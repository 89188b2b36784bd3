import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ada, bram, completeState, identityState } from '../testing/people.ts';
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

describe('a process that keeps dying', () => {
  const die = (after: number) => {
    bench.say({ state: 'empty' });
    vi.advanceTimersByTime(after);
    bench.newest().exit();
  };

  it('is staff’s business though each says that the reader is empty, and is tried ever less often', () => {
    for (let times = 1; times <= 40; times += 1) {
      die(100);
      vi.advanceTimersByTime((times < 20 ? Math.min(300 * times, 1_200) : 5_000) - 1);
      expect(bench.processes).toHaveLength(times);
      vi.advanceTimersByTime(1);
      expect(bench.processes).toHaveLength(times + 1);
    }
    const told = bench.states.map((state) => (state.state === 'needs_attention' ? state.reason : state.state));
    expect(told.slice(0, 8)).toEqual(['empty', 'restarting', 'empty', 'restarting', 'empty', 'restarting', 'empty', 'restarting']);
    expect(told.filter((each) => each === 'process_failed')).toHaveLength(36);
    expect(told.filter((each) => each === 'restarting')).toHaveLength(4);
  });

  it('and lives a minute now and then is only restarted', () => {
    for (let times = 0; times < 10; times += 1) {
      for (let seconds = 0; seconds < 60; seconds += 2) {
        bench.newest().tell({ tell: 'alive' });
        vi.advanceTimersByTime(2_000);
      }
      die(0);
      expect(bench.states.at(-1)).toEqual({ state: 'restarting' });
      vi.advanceTimersByTime(300);
    }
    expect(bench.processes).toHaveLength(11);
  });

  it('because main ends it with a visit’s pinpad has not failed', async () => {
    for (let times = 0; times < 6; times += 1) {
      const answer = bench.supervisor.signIn(times * 1_000_000 + 1, { origin: 'https://loket.example', nonce: 'n'.repeat(44), pin: null });
      bench.supervisor.forget();
      await answer;
      vi.advanceTimersByTime(1_500);
    }
    expect(bench.processes).toHaveLength(7);
    expect(bench.states).toEqual(Array(6).fill({ state: 'restarting' }));
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

it('gives a read its whole time once, whatever it tells on the way, and the next card its own', () => {
  bench.say({ state: 'reading', insertion: 1 });
  vi.advanceTimersByTime(8_000);
  bench.say(identityState(ada, 1));
  vi.advanceTimersByTime(6_999);
  expect(bench.processes[0]?.killed).toBe(false);
  bench.say({ state: 'reading', insertion: 2 });
  vi.advanceTimersByTime(8_000);
  bench.say(identityState(bram, 2));
  vi.advanceTimersByTime(6_999);
  expect(bench.processes[0]?.killed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(bench.processes[0]?.killed).toBe(true);
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

it('forgets no card by a number of the process before: there it is somebody else’s', () => {
  bench.say(completeState(ada, 4));
  bench.supervisor.forget();
  bench.newest().exit();
  vi.advanceTimersByTime(300);
  bench.supervisor.forget();
  expect(bench.newest().requests.slice(1)).toEqual([{ ask: 'forget', insertion: 0 }]);
});

it('passes on what a visit’s end asks for', () => {
  bench.supervisor.forget();
  bench.supervisor.readAgain();
  expect(bench.newest().requests.slice(1)).toEqual([{ ask: 'forget', insertion: 0 }, { ask: 'read' }]);
});

describe('the card of a visit that is over', () => {
  const serial = (text: string, insertion = 1) => bench.newest().tell({ tell: 'serial', insertion, serial: text });
  const started = () => bench.newest().requests[0];
  const restart = () => {
    bench.newest().exit();
    vi.advanceTimersByTime(300);
  };

  it('is named to the process that comes next, by the serial that it told itself', () => {
    bench.say(completeState(ada, 1));
    serial('296CFF2623660B08');
    bench.supervisor.forget();
    restart();
    expect(started()).toEqual({ ask: 'start', start, left: { serial: '296CFF2623660B08' } });
    // That one has not seen it, or has: the one after it is told all the same.
    bench.say({ state: 'left_in', insertion: 1, sure: true });
    restart();
    expect(started()).toMatchObject({ left: { serial: '296CFF2623660B08' } });
  });

  it('is any card, where its serial was not told; that of another card is not its own', () => {
    bench.say(completeState(bram, 1));
    serial('B0B0');
    bench.say({ state: 'reading', insertion: 2 });
    serial('B0B0', 1);
    bench.supervisor.forget();
    restart();
    expect(started()).toEqual({ ask: 'start', start, left: { serial: null } });
  });

  it.each<[string, () => void]>([
    ['whose visit goes on', () => undefined],
    [
      'that was out since',
      () => {
        bench.supervisor.forget();
        bench.say({ state: 'empty' });
      },
    ],
    [
      'that another took the place of',
      () => {
        bench.supervisor.forget();
        bench.say({ state: 'empty' });
        bench.say({ state: 'reading', insertion: 2 });
      },
    ],
    [
      'that somebody asked to read again',
      () => {
        bench.supervisor.forget();
        bench.supervisor.readAgain();
      },
    ],
  ])('is not one %s', (_which, before) => {
    bench.say(completeState(ada, 1));
    serial('ADA0');
    before();
    restart();
    expect(started()).toEqual({ ask: 'start', start });
  });

  it('is not forgotten with its reader', () => {
    bench.say(completeState(ada, 1));
    serial('ADA0');
    bench.say({ state: 'no_reader' });
    bench.supervisor.forget();
    restart();
    expect(started()).toMatchObject({ left: { serial: 'ADA0' } });
  });

  it('whose visit ends while there is no process, or one that has not looked yet, is not read by it', () => {
    bench.say(completeState(ada, 1));
    serial('ADA0');
    bench.newest().exit();
    vi.advanceTimersByTime(300);
    bench.supervisor.forget();
    expect(bench.processes.map(({ killed }) => killed)).toEqual([false, true]);
    vi.advanceTimersByTime(5_000);
    expect(started()).toMatchObject({ left: { serial: 'ADA0' } });
    bench.supervisor.forget();
    expect(bench.newest().killed).toBe(false);
    bench.newest().exit();
    bench.supervisor.forget();
    vi.advanceTimersByTime(5_000);
    expect(started()).toMatchObject({ left: { serial: 'ADA0' } });
  });
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

  describe('nor can be killed', () => {
    const challenge = { origin: 'https://loket.example', nonce: 'n'.repeat(44), pin: '1234' };
    beforeEach(() => {
      bench.newest().stubborn = true;
      bench.newest().undead = true;
    });

    it('leaves nobody waiting for its answer, and the card its time to lose power once it has gone', async () => {
      const answer = bench.supervisor.signIn(1, challenge);
      const waiting = bench.supervisor.prepare(1, 'signature');
      vi.advanceTimersByTime(15_000 + 1_000 + 5_000);
      expect(await answer).toMatchObject({ problem: 'answer_lost' });
      expect(await waiting).toMatchObject({ problem: 'failed' });
      expect(await bench.supervisor.signIn(1, challenge)).toMatchObject({ problem: 'card_gone' });
      bench.newest().exit();
      vi.advanceTimersByTime(1_499);
      expect(bench.processes).toHaveLength(1);
      vi.advanceTimersByTime(1);
      expect(bench.processes).toHaveLength(2);
    });

    it.each([
      ['at rest', 0],
      ['that is being ended already', 10_500],
      ['that was given up', 60_000],
    ])('lets the app stop all the same, from one %s, however often it asks', async (_which, before) => {
      vi.advanceTimersByTime(before);
      const told = bench.states.length;
      const stops = [bench.supervisor.stop(), bench.supervisor.stop()];
      vi.advanceTimersByTime(6_000);
      await Promise.all(stops);
      await bench.supervisor.stop();
      expect([bench.states.length, vi.getTimerCount(), bench.newest().kills]).toEqual([told, 0, 1]);
    });
  });
});
