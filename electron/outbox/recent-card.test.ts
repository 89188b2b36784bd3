import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeClock } from '../testing/outbox-room.ts';
import { createRecentCards } from './recent-card.ts';

let folder: string;
let uptime: number;
let clock: ReturnType<typeof makeClock>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-recent-'));
  uptime = 5_000;
  clock = makeClock();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const chip = 'ab'.repeat(16);
const kept = { reference: 'KTR-7M4Q-29XD', form: 'street-defect', keptAt: '2026-11-22T10:00:00.000Z' };
const file = () => join(folder, 'recent.json');
const start = () => createRecentCards({ file: file(), clock, now: () => uptime });
const pass = (minutes: number) => {
  clock.moveWall(minutes * 60_000);
  uptime += minutes * 60;
};

it('tells the same card, after a crash of the app, what was kept and when', () => {
  const before = start();
  before.remember(chip, kept);
  before.remember(chip, { ...kept, reference: 'KTR-0000-0001' });
  pass(9);
  expect(start().recall(chip)).toEqual([kept, { ...kept, reference: 'KTR-0000-0001' }]);
});

it('tells another card nothing', () => {
  start().remember(chip, kept);
  expect(start().recall('cd'.repeat(16))).toEqual([]);
});

it('writes no chip number, and not the same thing twice for the same card', () => {
  start().remember(chip, kept);
  const first = readFileSync(file(), 'utf8');
  expect(first).not.toContain(chip);
  rmSync(file());
  start().remember(chip, kept);
  const hashes = [first, readFileSync(file(), 'utf8')].map((text) => JSON.parse(text)[0].hash);
  expect(hashes[0]).not.toBe(hashes[1]);
});

it.each([
  ['ten minutes have passed', () => pass(11)],
  ['the wall clock went back', () => clock.moveWall(-60_000)],
  [
    'the wall clock jumped on',
    () => {
      clock.moveWall(3_650 * 24 * 3600_000);
      uptime += 1;
    },
  ],
  [
    'the machine was started anew',
    () => {
      uptime = 20;
    },
  ],
  [
    'the machine says that it is long ago',
    () => {
      uptime += 700;
    },
  ],
])('forgets when %s, and leaves no file', (_when, happen) => {
  start().remember(chip, kept);
  happen();
  expect(start().recall(chip)).toEqual([]);
  expect(existsSync(file())).toBe(false);
});

it('forgets while it runs, when asked to', () => {
  const cards = start();
  cards.remember(chip, kept);
  pass(11);
  cards.forgetOld();
  expect(existsSync(file())).toBe(false);
});

it('begins with nothing when its file cannot be read, and deletes that', () => {
  writeFileSync(file(), 'no JSON');
  expect(start().recall(chip)).toEqual([]);
  expect(existsSync(file())).toBe(false);
});

it('never fails when nothing can be written', () => {
  const cards = createRecentCards({ file: join(folder, 'gone', 'recent.json'), clock, now: () => uptime });
  cards.remember(chip, kept);
  expect(cards.recall(chip)).toEqual([kept]);
});

it('after a crash somebody else’s visit takes nothing from whoever was not told yet, and the own one does', () => {
  start().remember(chip, kept);
  const after = start();
  after.remember('cd'.repeat(16), kept);
  after.forgetTold();
  expect(after.recall('cd'.repeat(16))).toEqual([]);
  expect(after.recall(chip)).toEqual([kept]);
  after.forgetTold();
  expect(after.recall(chip)).toEqual([]);
  expect(existsSync(file())).toBe(false);
});

it('leaves no half of a writing: neither one of a crash, nor one that the disk refused', () => {
  start().remember(chip, kept);
  writeFileSync(`${file()}.new`, 'half');
  const cards = start();
  expect([cards.recall(chip), existsSync(`${file()}.new`)]).toEqual([[kept], false]);
  // In the file's place, so that it is written and gets no name.
  rmSync(file());
  mkdirSync(file());
  cards.remember(chip, kept);
  cards.forgetTold();
  expect(existsSync(`${file()}.new`)).toBe(false);
});
