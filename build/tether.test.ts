import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { root } from './paths.ts';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** As `npm start` does it: ready.mjs runs the script on another Node. Both hold standard output, which closes when both are gone. */
async function startReady(script: string) {
  const folder = await mkdtemp(join(tmpdir(), 'loket-tether-'));
  const file = join(folder, 'script.ts');
  await writeFile(file, script);
  const ready = spawn(process.execPath, [join(root, 'build/ready.mjs'), file, 'one', 'two'], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(ready);
  if (ready.stdout === null) throw new Error('no output');
  await once(ready.stdout, 'readable');
  const said = async () => {
    let text = '';
    for await (const chunk of ready.stdout ?? []) text += String(chunk);
    return text;
  };
  return { ready, said, exit: once(ready, 'exit'), clean: () => rm(folder, { recursive: true, force: true }) };
}

const waits = `
  import { watchTether } from ${JSON.stringify(join(root, 'build/tether.ts'))};
  watchTether(() => { console.log('told'); process.exit(0); });
  process.on('SIGTERM', () => { console.log('asked'); process.exit(5); });
  setInterval(() => undefined, 1000);
  console.log(process.argv.slice(2).join(' '));`;

test('the script learns that what started it was killed, and ends', async () => {
  const { ready, said, clean } = await startReady(waits);
  ready.kill('SIGKILL');
  expect(await said()).toBe('one two\ntold\n');
  await clean();
});

test('a signal and the exit code are passed on', async () => {
  const { ready, said, exit, clean } = await startReady(waits);
  ready.kill('SIGTERM');
  expect(await said()).toBe('one two\nasked\n');
  expect((await exit)[0]).toBe(5);
  await clean();
});
