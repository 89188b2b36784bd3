import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepFresh, type Recipe } from './fresh-folder.ts';

const day = 24 * 3600 * 1000;

let parent: string;
let folder: string;
let made: string[];

beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'loket-fresh-'));
  folder = path.join(parent, 'card');
  made = [];
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

function recipe(hash: string, options: { days?: number; hold?: Promise<void> } = {}): Recipe {
  return {
    hash,
    needs: 'library',
    async make(out) {
      made.push(hash);
      await options.hold;
      writeFileSync(path.join(out, 'library'), hash);
      return new Date(Date.now() + (options.days ?? 365) * day);
    },
  };
}

const library = () => readFileSync(path.join(folder, 'library'), 'utf8');

test('two at once make it once, and a later call keeps what is there', async () => {
  await Promise.all([keepFresh(folder, recipe('a')), keepFresh(folder, recipe('a'))]);
  await keepFresh(folder, recipe('a'));
  expect(made).toEqual(['a']);
  // No lock and no half-made folder stays behind.
  expect(readdirSync(parent)).toEqual(['card']);
});

test('other sources, a missing library or an expiry within 30 days make it again', async () => {
  await keepFresh(folder, recipe('a', { days: 31 }));
  await keepFresh(folder, recipe('a'));
  expect(made).toEqual(['a']);
  await keepFresh(folder, recipe('b', { days: 29 }));
  expect(library()).toBe('b');
  await keepFresh(folder, recipe('b'));
  expect(made).toEqual(['a', 'b', 'b']);
  rmSync(path.join(folder, 'library'));
  await keepFresh(folder, recipe('b'));
  expect(made).toEqual(['a', 'b', 'b', 'b']);
});

test('while it is being made again, the old one is there whole', async () => {
  await keepFresh(folder, recipe('old'));
  const { promise, resolve } = Promise.withResolvers<void>();
  const again = keepFresh(folder, recipe('new', { hold: promise }));
  expect(made).toEqual(['old', 'new']);
  expect(library()).toBe('old');
  resolve();
  await again;
  expect(library()).toBe('new');
});

test('a failure leaves the old one, and nothing else', async () => {
  await keepFresh(folder, recipe('old'));
  const broken = { ...recipe('new'), make: () => Promise.reject(new Error('no compiler')) };
  await expect(keepFresh(folder, broken)).rejects.toThrow('no compiler');
  expect(library()).toBe('old');
  expect(readdirSync(parent)).toEqual(['card']);
});

test('a lock that a dead process left is taken away', async () => {
  mkdirSync(`${folder}.lock`);
  const long = new Date(Date.now() - 3600 * 1000);
  utimesSync(`${folder}.lock`, long, long);
  await keepFresh(folder, recipe('a'));
  expect(existsSync(`${folder}.lock`)).toBe(false);
});
