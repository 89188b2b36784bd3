import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCardFigures } from './card-figures.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'loket-figures-'));
  mkdirSync(join(data, 'loket'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const proof = { identity: 'proven', address: 'proven', photo: 'proven', basicKey: 'unchecked', issuer: 'proven', validity: 'valid' };
const inserted = Date.parse('2026-03-02T10:00:00.000Z');

/** Seen 80 ms after it went in: the look before that found an empty reader. */
function writeLog(...lines: object[]): void {
  const [shown, read] = ['2026-03-02T10:00:00.440Z', '2026-03-02T10:00:00.980Z'];
  const all = [
    ...lines,
    { event: 'identity_shown', at: shown, ms: 355 },
    { event: 'card_read', at: read, identityMs: 330, provenMs: 900, photoMs: 700, ...proof },
    { event: 'app_stopped', at: '2026-03-02T10:01:00.000Z' },
  ];
  writeFileSync(join(data, 'loket', 'loket.log'), all.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

test('all figures count from the insertion, also those that the card’s process counted from its first sight', () => {
  writeLog();
  expect(readCardFigures(data, inserted)).toEqual({
    countedFrom: 'insertion',
    shownMs: 440,
    identityMs: 410,
    photoMs: 780,
    provenMs: 980,
    proof,
  });
});

test('without an insertion, all of them from the first sight', () => {
  writeLog();
  expect(readCardFigures(data, null)).toMatchObject({
    countedFrom: 'first_sight',
    shownMs: 360,
    identityMs: 330,
    photoMs: 700,
    provenMs: 900,
  });
});

test('a card before it is another one', () => {
  const earlier = '2026-03-02T09:59:59.000Z';
  writeLog(
    { event: 'identity_shown', at: earlier, ms: 1 },
    { event: 'card_read', at: earlier, identityMs: 1, provenMs: 3, photoMs: 2, ...proof },
  );
  expect(readCardFigures(data, inserted)).toMatchObject({ shownMs: 440, photoMs: 780 });
});

test('no card, no figures; a card without a photo has no time for it', () => {
  writeLog();
  expect(readCardFigures(data, inserted + 60_000)).toBeNull();
  const at = '2026-03-02T10:02:00.000Z';
  writeLog({ event: 'card_read', at, identityMs: 330, provenMs: 900, photoMs: null, ...proof });
  expect(readCardFigures(data, inserted + 60_000)).toMatchObject({ shownMs: null, photoMs: null });
});
