import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeClock } from '../testing/outbox-room.ts';
import { openLastContact } from './last-contact.ts';

let folder: string;
let clock: ReturnType<typeof makeClock>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-contact-'));
  clock = makeClock();
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (of = 'key-1', file = join(folder, 'contact.json')) => openLastContact({ file, of: () => of, clock });
const contact = (minute: number, standing: 'active' | 'held_revoked' = 'active') => ({
  lastContact: `2026-11-22T10:0${minute}:00.000Z`,
  clockOffset: 3,
  standing,
});

it('is there after a restart, whether the app ended in order or not', () => {
  const before = open();
  expect(before.read()).toBeNull();
  before.note(contact(1));
  expect(open().read()).toEqual(contact(1));
  before.note(contact(2));
  before.close();
  expect(open().read()).toEqual(contact(2));
});

it('is written at once when the middleware says something else of this terminal, and otherwise once a minute', () => {
  const last = open();
  last.note(contact(1));
  last.note(contact(2));
  expect(open().read()).toEqual(contact(1));
  last.note(contact(3, 'held_revoked'));
  expect(open().read()).toEqual(contact(3, 'held_revoked'));
  clock.moveTicks(60_000);
  last.note(contact(4, 'held_revoked'));
  expect(open().read()).toEqual(contact(4, 'held_revoked'));
});

it('of another identity says nothing', () => {
  open().note(contact(1, 'held_revoked'));
  expect(open('key-2').read()).toBeNull();
});

it('that cannot be read or written is none, and stops nobody', () => {
  const file = join(folder, 'contact.json');
  for (const text of ['', '{', '{"of":"key-1","standing":"fine"}']) {
    writeFileSync(file, text);
    expect(open().read()).toBeNull();
  }
  open('key-1', join(folder, 'gone', 'contact.json')).note(contact(1));
  expect(readFileSync(file, 'utf8')).toContain('fine');
});
