import { expect, test } from 'vitest';
import { createPacing, type PacingOptions, usualPacing } from './pacing.ts';

/** Small and seeded, so that a bad day can be looked at again (mulberry32). */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Storm = { drainVsIdeal: number; requestsPerUseful: number; liveP99: number; liveRefused: number };

/**
 * Terminals with a backlog of a full and a small delivery come back within two seconds, at a middleware that works at one
 * delivery after the other and takes a live one next when there is one.
 */
function storm(options: PacingOptions, world: { terminals: number; costMs: number; seed: number }): Storm {
  const pacing = createPacing(options);
  const chance = chanceOf(world.seed);
  const events: { at: number; run: () => void }[] = [];
  const plan = (at: number, run: () => void) => {
    events.push({ at, run });
    // A heap: the smallest is first.
    for (let child = events.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1;
      if ((events[parent]?.at ?? 0) <= at) break;
      [events[parent], events[child]] = [events[child] as (typeof events)[0], events[parent] as (typeof events)[0]];
      child = parent;
    }
  };
  const next = () => {
    const [first] = events;
    const last = events.pop();
    if (first === undefined || last === undefined || first === last) return first;
    events[0] = last;
    for (let parent = 0; ; ) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      let least = parent;
      for (const child of [left, right]) if (child < events.length && (events[child]?.at ?? 0) < (events[least]?.at ?? 0)) least = child;
      if (least === parent) break;
      [events[parent], events[least]] = [events[least] as (typeof events)[0], events[parent] as (typeof events)[0]];
      parent = least;
    }
    return first;
  };

  const queues = { live: [] as ((at: number) => number)[], backlog: [] as ((at: number) => number)[] };
  let busy = false;
  const serve = (at: number) => {
    const job = busy ? undefined : (queues.live.shift() ?? queues.backlog.shift());
    if (job === undefined) return;
    busy = true;
    const until = job(at);
    plan(until, () => {
      busy = false;
      serve(until);
    });
  };

  let [requests, useful, drained, liveRefused] = [0, 0, 0, 0];
  const waits: number[] = [];
  const deliver = (terminal: string, left: number[], at: number) => {
    requests++;
    const answer = pacing.arrive({ terminal, kind: 'backlog', at });
    if ('inMs' in answer) {
      const again = at + answer.inMs + chance() * 20;
      return plan(again, () => deliver(terminal, left, again));
    }
    const [part = 0, ...rest] = left;
    answer.permit.begin(at);
    queues.backlog.push((start) => {
      const end = start + world.costMs * part;
      plan(end, () => {
        answer.permit.end(end);
        useful++;
        drained = end;
        if (rest.length > 0) {
          const inMs = pacing.goOn(terminal, end);
          plan(end + inMs, () => deliver(terminal, rest, end + inMs));
        }
      });
      return end;
    });
    serve(at);
  };
  for (let terminal = 0; terminal < world.terminals; terminal++) {
    const at = chance() * 2000;
    plan(at, () => deliver(`kiosk-${terminal}`, [1, 0.2], at));
  }
  const ideal = world.terminals * 1.2 * world.costMs;
  for (let at = 500; at < ideal; at += 400) {
    plan(at, () => {
      const answer = pacing.arrive({ terminal: `desk-${Math.floor(chance() * 5000)}`, kind: 'live', at });
      if ('inMs' in answer) {
        liveRefused++;
        return;
      }
      answer.permit.begin(at);
      queues.live.push((start) => {
        const end = start + 2;
        waits.push(end - at);
        plan(end, () => answer.permit.end(end));
        return end;
      });
      serve(at);
    });
  }
  for (let event = next(); event !== undefined; event = next()) event.run();
  waits.sort((one, other) => one - other);
  return {
    drainVsIdeal: drained / ideal,
    requestsPerUseful: requests / useful,
    liveP99: waits[Math.floor(waits.length * 0.99)] ?? 0,
    liveRefused,
  };
}

test.each([
  ['in usual times', 14],
  ['with a slow database', 60],
  ['with a quick one', 3],
])('a storm of terminals drains, %s', (_name, costMs) => {
  for (const seed of [1, 2]) {
    const result = storm(usualPacing, { terminals: 10_000, costMs, seed });
    expect(result.drainVsIdeal).toBeLessThanOrEqual(1.2);
    expect(result.requestsPerUseful).toBeLessThanOrEqual(2);
    expect(result.liveP99).toBeLessThanOrEqual(250);
    expect(result.liveRefused).toBe(0);
  }
});

test('without appointments everybody knocks in vain', () => {
  // The same storm at a middleware that lets nobody in by appointment: what the test above can tell apart.
  const result = storm({ ...usualPacing, backlogShare: 0.3 }, { terminals: 1000, costMs: 14, seed: 1 });
  expect(result.drainVsIdeal).toBeGreaterThan(1.2);
});

test('a terminal alone is let in at once, again and again', () => {
  const pacing = createPacing();
  for (let at = 0; at < 5000; at += 500) {
    const answer = pacing.arrive({ terminal: 'kiosk-1', kind: 'backlog', at });
    if (!('permit' in answer)) throw new Error('refused');
    answer.permit.begin(at);
    answer.permit.end(at + 15);
  }
});

test('a visit goes on where it was, also when the terminal asks for a slot in the middle of it', () => {
  const pacing = createPacing();
  for (let number = 2; number <= 20; number += 1) pacing.ask(`kiosk-${number}`, 0);
  const first = pacing.arrive({ terminal: 'kiosk-1', kind: 'backlog', at: 1_000 });
  if (!('permit' in first)) throw new Error('refused');
  for (let number = 21; number <= 400; number += 1) pacing.ask(`kiosk-${number}`, 1_000);
  first.permit.begin(1_000);
  expect(pacing.goOn('kiosk-1', 1_010)).toBe(0);
  expect(pacing.ask('kiosk-400', 1_010)).toBeGreaterThan(0);
  expect(pacing.ask('kiosk-1', 1_010)).toBe(null);
  expect(pacing.arrive({ terminal: 'kiosk-1', kind: 'backlog', at: 1_020 })).toHaveProperty('permit');
});

test('who comes before the time is told the same time again; who comes at the time is let in', () => {
  const pacing = createPacing({ ...usualPacing, workingAtMost: 1 });
  const first = pacing.arrive({ terminal: 'kiosk-1', kind: 'backlog', at: 0 });
  if (!('permit' in first)) throw new Error('refused');
  first.permit.begin(0);
  const told = pacing.arrive({ terminal: 'kiosk-2', kind: 'backlog', at: 1 });
  if (!('inMs' in told)) throw new Error('let in');
  expect(pacing.arrive({ terminal: 'kiosk-2', kind: 'backlog', at: 1 })).toEqual(told);
  first.permit.end(2);
  expect(pacing.arrive({ terminal: 'kiosk-2', kind: 'backlog', at: 1 + told.inMs })).toHaveProperty('permit');
});

test('a terminal that calls everything live has its share, and no more; the others do not notice', () => {
  const pacing = createPacing({ ...usualPacing, workingAtMost: 1 });
  const busy = pacing.arrive({ terminal: 'kiosk-9', kind: 'backlog', at: 0 });
  if (!('permit' in busy)) throw new Error('refused');
  busy.permit.begin(0);
  const knocks = Array.from({ length: 100 }, () => pacing.arrive({ terminal: 'kiosk-1', kind: 'live', at: 10 }));
  expect(knocks.filter((answer) => 'permit' in answer).length).toBe(usualPacing.live.burst);
  expect(pacing.arrive({ terminal: 'kiosk-2', kind: 'live', at: 10 })).toHaveProperty('permit');
});

test('one whose line breaks before its body is here leaves no trace', () => {
  const pacing = createPacing({ ...usualPacing, workingAtMost: 1 });
  for (let at = 0; at < 100_000; at += 1000) {
    const answer = pacing.arrive({ terminal: 'kiosk-1', kind: 'backlog', at });
    if (!('permit' in answer)) throw new Error('refused');
    answer.permit.end(at + 5);
  }
});

test('it forgets terminals rather than growing', () => {
  const pacing = createPacing({ ...usualPacing, terminals: 2, live: { burst: 1, refillMs: 1e9 } });
  const ask = (terminal: string) => 'permit' in pacing.arrive({ terminal, kind: 'live', at: 0 });
  expect([ask('a'), ask('b'), ask('c')]).toEqual([true, true, true]);
  // `a` was forgotten when `c` came, and so begins anew.
  expect(ask('a')).toBe(true);
});
