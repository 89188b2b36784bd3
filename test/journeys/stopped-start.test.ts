import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from '../../build/paths.ts';
import { isRunning, listTree } from '../harness/process-tree.ts';
import { makeFolder } from './stage.ts';

type Started = {
  pid: number;
  /** It and all that it started: screen, window manager, middleware, app. */
  family: number[];
  temporaryFiles: () => string[];
  /** Its exit code and all that it said. */
  ended: Promise<{ code: number | null; said: string }>;
};

/** `npm start -- --headless`, up to the moment at which it says this. */
async function startUntil(moment: string): Promise<Started> {
  const folder = makeFolder();
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  const start = spawn(process.execPath, ['build/ready.mjs', 'build/start.ts', '--headless', '--out', join(folder, 'out')], {
    cwd: root,
    env: { ...process.env, TMPDIR: temporary },
    // A group of its own, as a terminal gives to each command.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = start.pid ?? expect.unreachable('it could not be started');
  onTestFinished(() => endGroup(start, pid));
  let said = '';
  const ended = once(start, 'close').then(([code]) => ({ code, said }));
  await new Promise<void>((resolve, reject) => {
    start.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      if (said.includes(moment)) resolve();
    });
    ended.then(() => reject(new Error(`it ended before that moment:\n${said}`)));
  });
  const temporaryFiles = () => readdirSync(temporary);
  expect(temporaryFiles()).not.toEqual([]);
  return { pid, family: listTree(pid), temporaryFiles, ended };
}

function endGroup(start: ChildProcess, pid: number): void {
  if (start.exitCode === null && start.signalCode === null) process.kill(-pid, 'SIGKILL');
}

const allEnded = { timeout: 15_000 };

describe.skipIf(process.platform !== 'linux')('npm start -- --headless', () => {
  it.each([
    // As a terminal does it: everybody who was started from it hears it, and build/ready.mjs passes it on once more.
    ['Ctrl-C while the app is used', 'A card goes in.', (pid: number) => process.kill(-pid, 'SIGINT'), 130],
    ['SIGTERM while all is being started', 'Doing the main job', (pid: number) => process.kill(pid, 'SIGTERM'), 143],
  ])('%s: all children end, and no temporary file stays', async (_name, moment, stop, code) => {
    const { pid, family, temporaryFiles, ended } = await startUntil(moment);
    stop(pid);
    expect(await ended).toEqual({ code, said: expect.stringMatching(/Stopping\.\nEverything has stopped\.\n$/) });
    expect(temporaryFiles()).toEqual([]);
    // The keeper is the last to go.
    await expect.poll(() => family.filter(isRunning), allEnded).toEqual([]);
  });

  it('killed without a word: the same, some moments later', async () => {
    const { pid, family, temporaryFiles, ended } = await startUntil('A card goes in.');
    process.kill(-pid, 'SIGKILL');
    expect((await ended).code).toBeNull();
    await expect.poll(() => family.filter(isRunning), allEnded).toEqual([]);
    expect(temporaryFiles()).toEqual([]);
  });
});
