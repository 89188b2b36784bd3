import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { root } from './paths.ts';

/**
 * A parent that keeps a child which ends only when it is killed, and folders. The child holds the parent's standard output:
 * that closes when both are gone, and not before.
 */
function startFamily(child: string, then: string, folders: readonly string[] = []): ChildProcess {
  const program = `
    import { spawn } from 'node:child_process';
    import { keep, keepFolder } from ${JSON.stringify(join(root, 'build/keeper.ts'))};
    for (const folder of ${JSON.stringify(folders)}) keepFolder(folder);
    const child = keep(spawn('/bin/sh', ['-c', ${JSON.stringify(child)}], { stdio: ['ignore', 'inherit', 'ignore'] }));
    child.on('spawn', () => { ${then} });`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function untilAllGone(parent: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of parent.stdout ?? []) said += String(chunk);
  return said;
}

const waits = "console.log('here'); setInterval(() => undefined, 1000);";
const ends = "console.log('here'); setTimeout(() => process.exit(0), 50);";
const patient = 'while :; do sleep 1; done';
const deaf = `trap "" TERM; ${patient}`;

test.skipIf(process.platform === 'win32').each([
  ['a child ends when its parent is killed', patient],
  ['so does a child that does not listen', deaf],
])('%s', async (_name, child) => {
  const parent = startFamily(child, waits);
  if (parent.stdout === null) throw new Error('no output');
  await once(parent.stdout, 'readable');
  parent.kill('SIGKILL');
  expect(await untilAllGone(parent)).toBe('here\n');
});

test.skipIf(process.platform === 'win32')('and when its parent ends by itself', async () => {
  const parent = startFamily(patient, ends);
  expect(await untilAllGone(parent)).toBe('here\n');
});

test.skipIf(process.platform === 'win32').each([
  ['is killed', waits, 'SIGKILL'],
  ['is ended', waits, 'SIGTERM'],
  ['ends by itself', ends, null],
] as const)(
  'its folders are removed when a parent %s, though a child wrote in them to the last, and no other folder',
  async (_name, then, signal) => {
    const around = mkdtempSync(join(tmpdir(), 'loket-keeper-'));
    onTestFinished(() => rmSync(around, { recursive: true, force: true }));
    const folders = ['one', 'and two', 'three\nnot three'].map((name) => join(around, name));
    for (const folder of [...folders, join(around, 'three')]) mkdirSync(folder);
    const [first = ''] = folders;
    const parent = startFamily(`cd '${first}'; while :; do mkdir -p '${first}'; echo more >> '${first}/file'; done`, then, folders);
    if (parent.stdout === null) throw new Error('no output');
    await once(parent.stdout, 'readable');
    if (signal !== null) parent.kill(signal);
    expect(await untilAllGone(parent)).toBe('here\n');
    await expect.poll(() => folders.slice(0, 2).filter((folder) => existsSync(folder)), { timeout: 10_000 }).toEqual([]);
    // A name that does not fit on one line is left alone, and so is what its first line names.
    expect([...folders.slice(2), join(around, 'three')].filter((folder) => !existsSync(folder))).toEqual([]);
  },
);
