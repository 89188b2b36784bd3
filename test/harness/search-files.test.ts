import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  ['Latin-1', Buffer.from(`x${name}x`, 'latin1')],
  ['capitals', Buffer.from(name.toUpperCase())],
  ['hex', Buffer.from(Buffer.from(name).toString('hex'))],
  ['HEX', Buffer.from(Buffer.from(name).toString('hex').toUpperCase())],
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
