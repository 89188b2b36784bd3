import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock as clock } from '../clock.ts';
import { makeClock } from '../testing/outbox-room.ts';
import { openAudit } from './audit.ts';
import { chain, migrations } from './lines.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'audit.db');

function writeThree(): void {
  const audit = openAudit({ file: file(), clock });
  audit.write('visit-1', { event: 'visit_begun', by: 'card' });
  audit.write('visit-1', { event: 'form_opened', product: 'street-defect' });
  audit.write('visit-1', { event: 'visit_ended', why: 'stopped' });
  audit.close();
}

it('chains its lines, also over a restart', () => {
  writeThree();
  writeThree();
  const audit = openAudit({ file: file(), clock });
  audit.finishCheck();
  expect(audit.brokenAt()).toBeNull();
  audit.close();
});

it('lets nobody change or delete a line through the database', () => {
  writeThree();
  const raw = new Database(file());
  expect(() => raw.exec(`update line set event = 'x'`)).toThrow('append only');
  expect(() => raw.exec('delete from line')).toThrow('append only');
  raw.close();
});

it.each([
  [`update line set detail = '{}' where sequence = 2`, 2],
  ['delete from line where sequence = 2', 3],
])('notices what was done behind its back: %s', (sql, sequence) => {
  writeThree();
  const raw = new Database(file());
  raw.exec(`drop trigger line_not_changed; drop trigger line_not_deleted; ${sql}`);
  raw.close();
  const audit = openAudit({ file: file(), clock });
  audit.finishCheck();
  expect(audit.brokenAt()).toBe(sequence);
  audit.close();
});

it('notices a line that was rewritten together with its own hash: the next one no longer follows', () => {
  writeThree();
  const raw = new Database(file());
  raw.exec('drop trigger line_not_changed');
  const rows = raw.prepare('select * from line order by sequence').all() as { at: string; visit: string; event: string; hash: Buffer }[];
  const [first, second] = rows;
  if (!first || !second) throw new Error('too few lines');
  const text = JSON.stringify([2, second.at, second.visit, second.event, '{}']);
  const hash = createHash('sha256').update(first.hash).update(text).digest();
  raw.prepare(`update line set detail = '{}', hash = ? where sequence = 2`).run(hash);
  raw.close();
  const audit = openAudit({ file: file(), clock });
  audit.finishCheck();
  expect(audit.brokenAt()).toBe(3);
  audit.close();
});

it('looks by itself while other work goes on, and says a break in the log', async () => {
  writeThree();
  const raw = new Database(file());
  raw.exec(`drop trigger line_not_changed; update line set detail = '{}' where sequence = 2`);
  raw.close();
  const log = vi.fn();
  const audit = openAudit({ file: file(), clock, log });
  expect(audit.brokenAt()).toBeNull();
  audit.write(null, { event: 'wiped' });
  await vi.waitFor(() => expect(audit.brokenAt()).toBe(2), 5_000);
  expect(log).toHaveBeenCalledWith('audit_broken', { sequence: 2 });
  audit.close();
});

const day = 86_400_000;

/** 300 lines on each of these days before today, in one commit. */
function writeDays(...ago: number[]): void {
  openAudit({ file: file(), clock }).close();
  const raw = new Database(file());
  const append = raw.prepare('insert into line (sequence, at, visit, event, detail, hash) values (?, ?, null, ?, ?, ?)');
  const all = raw.transaction(() => {
    let hash: Uint8Array = Buffer.alloc(32);
    for (let sequence = 1; sequence <= ago.length * 300; sequence += 1) {
      const days = ago[Math.floor((sequence - 1) / 300)] ?? 0;
      const at = new Date(Date.parse('2026-11-22T10:00:00.000Z') - days * day).toISOString();
      hash = chain(hash, { sequence, at, visit: null, event: 'wiped', detail: '{}' });
      append.run(sequence, at, 'wiped', '{}', hash);
    }
  });
  all();
  raw.close();
}

function openToday(wall = '2026-11-22T10:00:00.000Z'): { lines: unknown[]; brokenAt: number | null } {
  const audit = openAudit({ file: file(), clock: makeClock(wall) });
  audit.finishCheck();
  const brokenAt = audit.brokenAt();
  audit.close();
  const raw = new Database(file());
  const lines = raw.prepare('select sequence, event from line order by sequence').all();
  raw.close();
  return { lines, brokenAt };
}

it('lets go what is over its days, states from where it is there, and its chain can still be checked', () => {
  writeDays(410, 390);
  const { lines } = openToday();
  expect([lines[0], lines.at(-1), lines.length]).toEqual([
    { sequence: 251, event: 'wiped' },
    { sequence: 601, event: 'audit_shortened' },
    351,
  ]);
  // Checked again, and nothing more is over its days.
  expect(openToday()).toEqual({ lines, brokenAt: null });
});

it.each([
  [
    'another floor than the chain states',
    'drop trigger floor_only_rises; update floor set sequence = 255, hash = (select hash from line where sequence = 255); delete from line where sequence <= 255',
    256,
  ],
  ['no floor', 'drop trigger floor_only_rises; update floor set sequence = 0, hash = zeroblob(32)', 251],
  ['what is under another floor', 'drop trigger floor_only_rises; update floor set sequence = 255', 256],
])('%s is a break', (_what, sql, sequence) => {
  writeDays(410, 390);
  openToday();
  const raw = new Database(file());
  raw.exec(sql);
  raw.close();
  expect(openToday().brokenAt).toBe(sequence);
});

it('a time that is wrong for some lines neither keeps all that follows nor drops it', () => {
  writeDays(410, -4_000, 390, 4_000, 380);
  const { lines, brokenAt } = openToday();
  expect([lines[0], brokenAt]).toEqual([{ sequence: 251, event: 'wiped' }, null]);
});

it('one start with a clock that is years ahead drops no more than some weeks', () => {
  writeDays(...Array(30).fill(1));
  expect(openToday('2036-11-22T10:00:00.000Z').lines).toHaveLength(9_000 - 20 * 250 + 20);
});

it('lets nobody lower the floor or take it away', () => {
  writeDays(410, 390);
  openToday();
  const raw = new Database(file());
  expect(() => raw.exec('update floor set sequence = 0')).toThrow('append only');
  expect(() => raw.exec('delete from floor')).toThrow('append only');
  expect(() => raw.exec('delete from line')).toThrow('append only');
  raw.close();
});

it('goes on with a file of the version before', () => {
  const raw = new Database(file());
  migrations[0]?.(raw);
  raw.pragma('user_version = 1');
  raw.close();
  writeThree();
  expect(openToday()).toMatchObject({ brokenAt: null, lines: [{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }] });
});
