import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeClock } from '../testing/outbox-room.ts';
import { createSignIn } from './sign-in.ts';

const secret = new Secret({ buffer: new Uint8Array(20).fill(7).buffer }).base32;
const now = Date.parse('2026-11-22T10:00:05.000Z');
const codeAt = (timestamp: number) => new TOTP({ secret }).generate({ timestamp });
const wrongCode = (timestamp: number) => String((Number(codeAt(timestamp)) + 1) % 1_000_000).padStart(6, '0');

let folder: string;
let file: string;
let clock: ReturnType<typeof makeClock>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-sign-in-'));
  file = join(folder, 'operator-sign-in.json');
  clock = makeClock(new Date(now).toISOString());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => createSignIn({ file, clock });
const wrongly = (signIn: ReturnType<typeof open>, times: number) =>
  Array.from({ length: times }, () => signIn.attempt(wrongCode(now), secret));

it('takes the code of the RFC’s own example', () => {
  // RFC 6238, appendix B: 20 bytes "12345678901234567890", 1111111109 s, the last six of 07081804.
  const example = new Secret({ buffer: new TextEncoder().encode('12345678901234567890').buffer }).base32;
  clock = makeClock(new Date(1_111_111_109_000).toISOString());
  expect(open().attempt('081804', example)).toBe('right');
});

it.each([-30_000, 0, 30_000])('takes the code of a step %i ms away', (away) => {
  expect(open().attempt(codeAt(now + away), secret)).toBe('right');
});

it.each([-60_000, 60_000])('not the one of %i ms away', (away) => {
  expect(open().attempt(codeAt(now + away), secret)).toBe('wrong');
});

it('takes a step once, also after a restart, and none before it', () => {
  expect(open().attempt(codeAt(now), secret)).toBe('right');
  const again = open();
  expect(again.attempt(codeAt(now), secret)).toBe('wrong');
  expect(again.attempt(codeAt(now - 30_000), secret)).toBe('wrong');
  expect(again.attempt(codeAt(now + 30_000), secret)).toBe('right');
});

it('waits after the fifth wrong code, longer after each, and looks at nothing meanwhile', () => {
  const signIn = open();
  expect(wrongly(signIn, 5)).toEqual(Array(5).fill('wrong'));
  expect(signIn.waitSeconds()).toBe(30);
  expect(signIn.attempt(codeAt(now), secret)).toBe('waiting');
  clock.moveTicks(30_000);
  expect([wrongly(signIn, 1), signIn.waitSeconds()]).toEqual([['wrong'], 60]);
  clock.moveTicks(59_999);
  expect(signIn.attempt(codeAt(now), secret)).toBe('waiting');
  clock.moveTicks(1);
  expect(signIn.attempt(codeAt(now), secret)).toBe('right');
  expect([wrongly(signIn, 4), signIn.waitSeconds()]).toEqual([Array(4).fill('wrong'), 0]);
});

it('never waits longer than a quarter of an hour', () => {
  const signIn = open();
  for (let tries = 0; tries < 40; tries += 1) {
    wrongly(signIn, 1);
    clock.moveTicks(900_000);
  }
  wrongly(signIn, 1);
  expect(signIn.waitSeconds()).toBe(900);
});

it('neither a restart nor setting the clock shortens the wait', () => {
  wrongly(open(), 5);
  clock.moveTicks(20_000);
  clock.moveWall(365 * 86_400_000);
  const again = open();
  expect(again.waitSeconds()).toBe(30);
  expect(again.attempt(codeAt(now), secret)).toBe('waiting');
});

it('counts a guess that a pulled plug cut short', () => {
  for (let tries = 0; tries < 5; tries += 1) {
    const cut = {
      ...clock,
      wall: () => {
        throw new Error('plug pulled');
      },
    };
    expect(() => createSignIn({ file, clock: cut }).attempt(wrongCode(now), secret)).toThrow('plug pulled');
  }
  expect(open().waitSeconds()).toBe(30);
});

it('waits when what it remembered cannot be read', () => {
  writeFileSync(file, '{"wrong":');
  expect(open().waitSeconds()).toBe(30);
});

it('waits after one wrong code when nothing can be remembered, and still takes a right one', () => {
  rmSync(folder, { recursive: true });
  const signIn = open();
  expect(wrongly(signIn, 1)).toEqual(['wrong']);
  expect(signIn.waitSeconds()).toBe(30);
  clock.moveTicks(30_000);
  expect(signIn.attempt(codeAt(now), secret)).toBe('right');
});

it('with a clock ten years off: by the middleware’s, as last heard, also after a restart without a line', () => {
  const tenYears = 10 * 365 * 86_400;
  clock = makeClock(new Date(now + tenYears * 1000).toISOString());
  expect(open().attempt(codeAt(now), secret)).toBe('wrong');
  open().noteOffset(-tenYears);
  expect(open().attempt(codeAt(now), secret)).toBe('right');
});

it('with a clock that was set right since: by its own', () => {
  open().noteOffset(-86_400);
  expect(open().attempt(codeAt(now), secret)).toBe('right');
});

it('whoever enrolled the terminal anew may try at once', () => {
  const signIn = open();
  wrongly(signIn, 9);
  signIn.forgive();
  expect([signIn.waitSeconds(), open().waitSeconds()]).toEqual([0, 0]);
});
