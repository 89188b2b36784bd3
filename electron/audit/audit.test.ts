import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock as clock } from '../clock.ts';
import { openAudit } from './audit.ts';

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
  expect(audit.findBreak()).toBeNull();
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
  expect(audit.findBreak()).toBe(sequence);
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
  expect(audit.findBreak()).toBe(3);
  audit.close();
});
