import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findInFiles } from './search-files.ts';

// Nobody: serial 997 belongs to no birth day.
const number = '85073099734';
const name = 'Zöé Grünhaverbeke';
const needles = [
  { name: 'number', text: number },
  { name: 'name', text: name },
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loket-search-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function plant(content: string | Buffer, file = 'file'): Promise<string> {
  const path = join(folder, file);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  return path;
}

test('nothing there, nothing found', async () => {
  await plant('850730 and 997 and 34, and Zoe');
  expect(await findInFiles([folder], needles)).toEqual([]);
});

test.each([
  ['UTF-8', Buffer.from(`x${name}x`)],
  ['UTF-16LE', Buffer.from(`x${name}x`, 'utf16le')],
  ['UTF-16BE', Buffer.from(`x${name}`, 'utf16le').swap16()],
  ['Latin-1', Buffer.from(`x${name}x`, 'latin1')],
  ['capitals', Buffer.from(name.toUpperCase())],
  ['hex', Buffer.from(Buffer.from(name).toString('hex'))],
  ['HEX', Buffer.from(Buffer.from(name).toString('hex').toUpperCase())],
  ['UTF-16LE in base64', Buffer.from(Buffer.from(`abc${name}d`, 'utf16le').toString('base64'))],
  ['base64url', Buffer.from(Buffer.from(`ab${name}c`).toString('base64url'))],
])('a name as %s', async (_form, content) => {
  const file = await plant(content);
  const hits = await findInFiles([folder], needles);
  expect(hits.length).toBeGreaterThan(0);
  expect(hits.every((hit) => hit.file === file && hit.needle === 'name')).toBe(true);
});

test.each(['85.07.30-997.34', '850730-99734', '850730-997-34', '850730 997 34', '85 07 30 997 34'])(
  'a number written %s',
  async (writing) => {
    await plant(`before ${writing} after`);
    expect(await findInFiles([folder], needles)).toMatchObject([{ needle: 'number', offset: 7 }]);
  },
);

test.each([0, 1, 2, 3, 4])('base64 with %i bytes before it', async (before) => {
  await plant(Buffer.concat([Buffer.alloc(before, 0xff), Buffer.from(number), Buffer.from('#')]).toString('base64'));
  expect(await findInFiles([folder], needles)).toMatchObject([{ needle: 'number' }]);
});

test('across the border between two pieces of a large file, once', async () => {
  const border = 4 * 1024 * 1024;
  for (const shift of [-12, -11, -6, -1, 0]) {
    const content = Buffer.alloc(border + 100, 0x2e);
    content.write(number, border + shift);
    await plant(content);
    expect(await findInFiles([folder], needles)).toMatchObject([{ offset: border + shift }]);
  }
});

test('in a file deep below, among others, each with its place', async () => {
  await plant(`${number}${number}`, 'a/b/c.log');
  await plant('nothing', 'a/d');
  const hits = await findInFiles([folder], needles);
  expect(hits.map(({ offset }) => offset)).toEqual([0, 11]);
});

test('a hit does not say what was found', async () => {
  await plant(`${number} ${name}`);
  const told = JSON.stringify(await findInFiles([folder], needles));
  expect(told).not.toContain(number);
  expect(told).not.toContain(name);
});

test('any bytes around it, any alignment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 9 }), fc.uint8Array({ maxLength: 9 }), fc.boolean(), async (before, after, coded) => {
      const bytes = Buffer.concat([before, Buffer.from(number), after]);
      await plant(coded ? bytes.toString('base64') : bytes);
      expect((await findInFiles([folder], needles)).some((hit) => hit.needle === 'number')).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('what a chip gives, as bytes and as they are written', async () => {
  const bytes = Buffer.from('534c494e33660013c0ffee', 'hex');
  for (const [at, content] of [bytes, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), bytes.toString('base64')].entries())
    await plant(content, `file-${at}`);
  const hits = await findInFiles([folder], [{ name: 'chip', bytes }]);
  expect(new Set(hits.map(({ file }) => file)).size).toBe(4);
});

test('a card number as it is printed', async () => {
  await plant('card 592-6147702-20.');
  expect(await findInFiles([folder], [{ name: 'card', text: '592614770220' }])).toMatchObject([{ needle: 'card' }]);
});

test('in a database, in its log before that is taken in, in what was deleted from it, and in a file full of noise', async () => {
  const database = new Database(join(folder, 'queue.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('secure_delete = OFF');
  database.exec('CREATE TABLE draft (text TEXT, bytes BLOB)');
  const insert = database.prepare('INSERT INTO draft VALUES (?, ?)');
  insert.run(`seen: ${name}`, Buffer.from(number, 'utf16le'));
  const inLog = await findInFiles([folder], needles);
  expect(new Set(inLog.map(({ file, needle }) => `${needle} in ${file.split('/').at(-1)}`))).toEqual(
    new Set(['name in queue.db-wal', 'number in queue.db-wal']),
  );
  database.exec('DELETE FROM draft');
  database.close();
  const deleted = await findInFiles([folder], needles);
  expect(deleted.map(({ file }) => file.split('/').at(-1))).toContain('queue.db');
  await rm(join(folder, 'queue.db'));
  const noise = Buffer.from(Array.from({ length: 300_000 }, (_, at) => Math.imul(at + 1, 0x9e3779b1) >>> 24));
  noise.write(number, 123_457, 'latin1');
  await plant(noise, 'dump.core');
  expect(await findInFiles([folder], needles)).toMatchObject([{ needle: 'number', offset: 123_457 }]);
});

test('thousands are looked for at once, and none hides another', async () => {
  const many = Array.from({ length: 3_000 }, (_, at) => ({ name: `word ${at}`, text: `canary${String(at).padStart(5, '0')}` }));
  await plant('canary00000canary02999 canary01500');
  const hits = await findInFiles([folder], many);
  expect(hits.map(({ needle }) => needle)).toEqual(['word 0', 'word 2999', 'word 1500']);
});

test('what is too short would be found everywhere, and is refused', async () => {
  await expect(findInFiles([folder], [{ name: 'initial', text: 'Jo' }])).rejects.toThrow('too short');
});
