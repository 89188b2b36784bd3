import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Queries } from '../store/database.ts';
import type { Target } from './find-target.ts';
import { createKnownAnswers, type Finding } from './known-answers.ts';
import { createKnownLists } from './known-lists.ts';

const now = () => new Date('2026-11-20T10:00:00.000Z');
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });

function makeTarget(number: number, isPersonal: boolean): Target {
  return {
    serial: Uint8Array.of(number),
    issuerName: Uint8Array.of(0x30, 0),
    fingerprint: number.toString(16).padStart(64, '0'),
    issuerKey: publicKey,
    issuerKeyBits: Uint8Array.of(1),
    isCa: false,
    isPersonal,
    ocspUrls: [],
    listUrls: [],
  };
}

/** Nothing is in it; what was asked of it is counted. */
function emptyDatabase(): Queries & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async query(sql) {
      asked.push(sql.trim().split(' ')[0] ?? '');
      return [];
    },
  };
}

test('citizens do not fill the memory, and never reach the database', async () => {
  const database = emptyDatabase();
  const answers = createKnownAnswers({ database, now });
  const finding: Finding = { status: 'good', source: 'ocsp', asOf: now(), usableUntil: now().getTime() + 60_000 };
  for (let number = 0; number < 1001; number++) await answers.keep(makeTarget(number, true), finding);
  const known = [];
  for (let number = 0; number < 1001; number++) known.push((await answers.find(makeTarget(number, true))) !== null);
  expect([known[0], known.slice(1).every(Boolean)]).toEqual([false, true]);
  expect(database.asked).toEqual([]);
});

test('lists do not fill the memory: the one used longest ago is left to the database', async () => {
  const database = emptyDatabase();
  const lists = createKnownLists({ database, now });
  const target = makeTarget(1, true);
  const list = () => ({
    bytes: new Uint8Array(20 * 1024 * 1024),
    thisUpdate: now(),
    usableUntil: now().getTime() + 60_000,
    isRevoked: () => false,
  });
  const urls = ['http://a/', 'http://b/', 'http://c/', 'http://d/'];
  for (const url of urls.slice(0, 3)) await lists.keep(target, url, list());
  await lists.find(target, 'http://a/');
  await lists.keep(target, 'http://d/', list());
  const found = await Promise.all(urls.map(async (url) => (await lists.find(target, url)) !== null));
  expect(found).toEqual([true, false, true, true]);
});
