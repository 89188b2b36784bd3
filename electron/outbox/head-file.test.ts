import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeSigner } from '../testing/outbox-room.ts';
import { type Head, openHeadFile } from './head-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-head-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { publicJwk: jwk, terminal } = makeSigner();
const file = () => join(folder, 'outbox.head');
const head = (sequence: number): Head => ({
  ordinal: 1,
  generation: 'AAAAAAAAAAA',
  sequence,
  chain: 'B'.repeat(43),
  owner: { terminal, jwk },
  kept: { reference: 'KTR-7M4Q-29XD', record: 'C'.repeat(43), signature: 'D'.repeat(86) },
  earlier: [],
});

function write(...sequences: number[]): void {
  const opened = openHeadFile(file());
  for (const sequence of sequences) opened.write(head(sequence));
  opened.close();
}

function read(): number | null {
  const opened = openHeadFile(file());
  const found = opened.read();
  opened.close();
  return found?.sequence ?? null;
}

it('answers what was written last, and null when nothing was', () => {
  expect(read()).toBeNull();
  write(1, 2, 3);
  expect(read()).toBe(3);
  write(4);
  expect(read()).toBe(4);
});

it('a write that was torn anywhere leaves the one before it', () => {
  write(1, 2);
  const before = readFileSync(file());
  write(3);
  const after = readFileSync(file());
  const changed = [...after.keys()].filter((at) => after[at] !== before[at]);
  expect(changed.length).toBeGreaterThan(30);
  for (const upTo of changed.slice(0, -1)) {
    writeFileSync(file(), Buffer.concat([after.subarray(0, upTo + 1), before.subarray(upTo + 1)]));
    expect(read()).toBe(2);
  }
});

it('a file of anything is a file without a head, and is written again', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(30_000, 0xff), Buffer.from('{"turn":1}')]) {
    writeFileSync(file(), bytes);
    expect(read()).toBeNull();
    write(7);
    expect(read()).toBe(7);
  }
});

it('a file cut short loses the later place only', () => {
  write(1, 2);
  truncateSync(file(), 8_000);
  expect(read()).toBe(1);
});

it('sees that its file was taken away while it was open, and makes it again', () => {
  const opened = openHeadFile(file());
  opened.write(head(1));
  expect(opened.reread()?.sequence).toBe(1);
  rmSync(file());
  expect(opened.reread()).toBeNull();
  opened.write(head(2));
  opened.close();
  expect(read()).toBe(2);
});

it('whatever lies under its name, it never writes into a file of somebody else', () => {
  const opened = openHeadFile(file());
  opened.write(head(1));
  rmSync(file());
  mkdirSync(file());
  expect(() => opened.reread()).toThrow();
  // Given the lowest number that is free: the head's own, had it been closed.
  const other = openSync(join(folder, 'other'), 'w+');
  opened.write(head(2));
  closeSync(other);
  expect(readFileSync(join(folder, 'other'))).toHaveLength(0);
  opened.close();
});

it('a hint is not needed, and never in the way of a head', () => {
  const opened = openHeadFile(file());
  expect(opened.readHint()).toBeNull();
  opened.write(head(1));
  opened.writeHint({ generation: 'AAAAAAAAAAA', settled: 1, floor: 0 });
  expect(opened.readHint()).toEqual({ generation: 'AAAAAAAAAAA', settled: 1, floor: 0 });
  opened.close();
  expect(read()).toBe(1);
});
