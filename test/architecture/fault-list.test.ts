import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../build/paths.ts';

const list = readFileSync(join(root, 'docs/faults.md'), 'utf8');

/** Each file that a row names, with the titles in quotation marks behind it, up to the next file. */
const proofs = [...list.matchAll(/`([\w./-]+\.(?:test|proof)\.tsx?)`((?:(?!`[\w./-]+\.(?:test|proof)\.tsx?`|\n).)*)/g)].map(
  ([, file = '', titles = '']) => ({
    file,
    titles: [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title),
  }),
);

test('every row of the fault list names a proof', () => {
  const rows = list.split('\n').filter((line) => line.startsWith('| ') && !/^\| (Fault|---)/.test(line));
  expect(rows.filter((row) => !/\.(test|proof)\.ts/.test(row))).toEqual([]);
  expect(rows.length).toBeGreaterThan(30);
});

test.each(proofs)('$file has what the fault list says', ({ file, titles }) => {
  const source = readFileSync(join(root, file), 'utf8');
  expect(titles.length).toBeGreaterThan(0);
  expect(titles.filter((title) => !source.includes(title))).toEqual([]);
});

test('every command that it names is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const commands = [...list.matchAll(/npm run ([a-z]+)/g)].map(([, name = '']) => name);
  expect([...new Set(commands)].filter((name) => !(name in scripts))).toEqual([]);
});
