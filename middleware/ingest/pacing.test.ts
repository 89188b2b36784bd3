import { expect, test } from 'vitest';
import { createPacing, type Permit, usualPacing } from './pacing.ts';

// The storm itself, with both ends' pacing: test/faults/storm/.

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

test('who comes at the time and finds no room waits in the doorway, in turn, and makes room by leaving', () => {
  const pacing = createPacing({ ...usualPacing, workingAtMost: 1, doorway: 2 });
  const entered: [string, Permit][] = [];
  const come = (terminal: string) =>
    pacing.arrive({ terminal, kind: 'backlog', at: 0, letIn: (permit) => entered.push([terminal, permit]) });
  for (const terminal of ['a', 'b', 'c', 'd']) pacing.ask(terminal, 0);
  const first = come('a');
  if (!('permit' in first)) throw new Error('not let in');
  first.permit.begin(0);
  const second = come('b');
  expect([second, come('c'), come('d')].map((answer) => Object.keys(answer))).toEqual([['leave'], ['leave'], ['inMs']]);
  if ('leave' in second) second.leave();
  first.permit.end(20);
  expect(entered.map(([terminal]) => terminal)).toEqual(['c']);
  // Its place is kept until its body is here.
  expect(pacing.arrive({ terminal: 'd', kind: 'backlog', at: 21 })).toHaveProperty('inMs');
  entered[0]?.[1].end(30);
  expect(pacing.arrive({ terminal: 'd', kind: 'backlog', at: 90_000 })).toHaveProperty('permit');
});

test('what else there is to do is not taken for the visits', () => {
  const pacing = createPacing({ ...usualPacing, assumedVisitMs: 20 });
  // A minute of looks and few visits: half of the time is theirs.
  for (let at = 0; at < 60_000; at += 200) {
    for (let look = 0; look < 10; look++) pacing.look(at + look * 10)(at + look * 10 + 10);
    if (at % 400 !== 0) continue;
    const answer = pacing.arrive({ terminal: `kiosk-${at}`, kind: 'live', at: at + 100 });
    if ('permit' in answer) answer.permit.end(at + 100);
    const visit = pacing.arrive({ terminal: `desk-${at}`, kind: 'backlog', at: at + 100 });
    if (!('permit' in visit)) continue;
    visit.permit.begin(at + 100);
    visit.permit.end(at + 120);
  }
  const asked = Array.from({ length: 1000 }, (_, terminal) => pacing.ask(`other-${terminal}`, 60_000) ?? 0);
  // Were the looks reckoned in, each would take 120 ms.
  expect(Math.max(...asked)).toBeLessThan(1000 * 40);
});

test('a visit has two deliveries under way, and no third; it ends after as many as it may bring', () => {
  const pacing = createPacing({ ...usualPacing, workingAtMost: 100, deliveriesPerVisit: 5 });
  const come = (at: number) => 'permit' in pacing.arrive({ terminal: 'kiosk-1', kind: 'backlog', at });
  expect(come(0)).toBe(true);
  // Somebody else is there, and all others have their appointments.
  const other = pacing.arrive({ terminal: 'desk-1', kind: 'backlog', at: 900 });
  if (!('permit' in other)) throw new Error('refused');
  other.permit.begin(900);
  for (let number = 2; number <= 400; number += 1) pacing.ask(`kiosk-${number}`, 1_000);
  expect([come(1_001), come(1_002)]).toEqual([true, false]);
  expect(pacing.goOn('kiosk-1', 1_010)).toBe(0);
  expect([come(1_011), come(1_012)]).toEqual([true, false]);
  expect(pacing.goOn('kiosk-1', 1_020)).toBe(0);
  expect([come(1_021), come(1_022)]).toEqual([true, false]);
  expect(pacing.goOn('kiosk-1', 1_030)).toBe(0);
  expect([come(1_031), come(1_032)]).toEqual([true, false]);
  const inMs = pacing.goOn('kiosk-1', 1_040);
  expect(inMs).toBeGreaterThan(0);
  // The last of them is told the same time, not a second one.
  expect(pacing.goOn('kiosk-1', 1_041)).toBe(inMs - 1);
});
