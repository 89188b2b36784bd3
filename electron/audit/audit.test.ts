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
