import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from './lock.mjs';
import { root } from './paths.ts';

let folder: string;
let lock: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loket-lock-'));
  lock = join(folder, 'locks/work');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Several processes, each of which does its work in two steps that must not be mixed with another's. */
async function contend(count: number): Promise<string> {
  const program = `
    import { takeLock } from ${JSON.stringify(join(root, 'build/lock.mjs'))};
    import { appendFileSync } from 'node:fs';
    import { setTimeout as wait } from 'node:timers/promises';
    const release = await takeLock(${JSON.stringify(lock)});
    appendFileSync(${JSON.stringify(join(folder, 'log'))}, '(');
    await wait(30);
    appendFileSync(${JSON.stringify(join(folder, 'log'))}, ')');
    release();`;
  const ends = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'ignore', 'inherit'] });
    return new Promise<number | null>((resolve) => child.once('exit', resolve));
  });
  expect(await Promise.all(ends)).toEqual(Array(count).fill(0));
  return readFile(join(folder, 'log'), 'utf8');
}

test('one at a time', async () => {
  expect(await contend(5)).toBe('()()()()()');
  expect(existsSync(lock)).toBe(false);
});

test('a lock whose owner died is taken, by one alone', async () => {
  const dead = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => dead.once('exit', resolve));
  await mkdir(lock, { recursive: true });
  await writeFile(join(lock, `${dead.pid}.1`), '');
  expect(await contend(12)).toBe('()'.repeat(12));
});

test('who held it too long frees only what is still theirs', async () => {
  const release = await takeLock(lock);
  const longAgo = new Date(Date.now() - 46 * 60_000);
  await utimes(join(lock, (await readdir(lock))[0] ?? ''), longAgo, longAgo);
  const releaseNext = await takeLock(lock);
  release();
  expect(await readdir(lock)).toHaveLength(1);
  releaseNext();
  expect(existsSync(lock)).toBe(false);
});

test('who waits is told so once, and whom it waits for', async () => {
  const release = await takeLock(lock);
  const told: (number | null)[] = [];
  const second = takeLock(lock, (owner) => {
    told.push(owner);
    release();
  });
  (await second)();
  expect(told).toEqual([process.pid]);
});
