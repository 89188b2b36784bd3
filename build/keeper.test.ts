import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './paths.ts';

/**
 * A parent that keeps a child which ends only when it is killed. The child holds the parent's standard output: that closes
 * when both are gone, and not before.
 */
function startFamily(child: string, then: string): ChildProcess {
  const program = `
    import { spawn } from 'node:child_process';
    import { keep } from ${JSON.stringify(join(root, 'build/keeper.ts'))};
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
