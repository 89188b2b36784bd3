import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Agent, fetch } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readCode } from '../../contract/enrolment.ts';
import { type DemoKeys, makeDemoKeys } from '../demo-keys.ts';
import { KeysFile } from '../keys/keys-file.ts';
import { makeConfig } from '../testing/harness.ts';
import { listening, startProcess } from '../testing/start-process.ts';
import { socketPathIn } from './socket.ts';

/** Bounds a hang, not a duration: a busy machine starts a process slowly. */
const minute = 180_000;
let folder: string;
let keys: DemoKeys;
const started: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loket-admin-'));
  keys = await makeDemoKeys(folder);
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function configure(changes: object): Promise<string> {
  const path = join(folder, 'middleware.json');
  await writeFile(path, JSON.stringify({ ...makeConfig(keys), keys: keys.keysFile, ...changes }), { mode: 0o600 });
  return path;
}

async function admin(config: string, ...words: string[]): Promise<{ code: number | null; said: string; complained: string }> {
  const run = startProcess('admin.ts', ['--config', config, ...words]);
  started.push(run.child);
  return { code: await run.end, said: run.said(), complained: run.complained() };
}

test.skipIf(process.platform === 'win32')(
  'commands go through the instance that has the database, and to the folder itself when none runs',
  async () => {
    const dataDir = join(folder, 'data');
    const config = await configure({ dataDir, demo: false });
    const before = await admin(config, 'operator', 'add', 'an', '--role', 'admin');
    expect([before.code, before.complained]).toEqual([0, '']);
    const password = before.said.trim().split('\n').at(-1) ?? '';

    const running = startProcess('main.ts', ['--config', config]);
    started.push(running.child);
    const url = await listening(running);
    const enrol = await admin(config, 'enrol', 'kiosk-1', '--name', 'Kiosk 1');
    expect([enrol.code, enrol.complained]).toEqual([0, '']);
    expect(readCode(enrol.said.trim().split('\n').at(-1) ?? '')?.secret).toHaveLength(8);
    expect(await admin(config, 'operator', 'add', 'an', '--role', 'viewer')).toMatchObject({
      code: 2,
      complained: expect.stringContaining('already'),
    });
    expect(await admin(config, 'revoke', 'nobody')).toMatchObject({ code: 2, complained: 'No terminal has this name.\n' });
    const backup = (await admin(config, 'backup-starts')).said.trim().split(' ').at(-1) ?? '';
    expect(await admin(config, 'backed-up', backup)).toMatchObject({ code: 0 });
    expect(await admin(config, 'backed-up', backup)).toMatchObject({ code: 2, complained: expect.stringContaining('Make a new one') });
    expect(await admin(config, 'restored')).toMatchObject({ code: 0 });
    await mkdir(join(folder, 'bundle/forms'), { recursive: true });
    await writeFile(join(folder, 'bundle/forms/a.json'), '{}');
    expect((await admin(config, 'bundle', 'publish', join(folder, 'bundle'))).said).toMatch(/^Published as bundle \d+\.\n$/);
    expect((await admin(config, 'bundle', 'publish', join(folder, 'bundle'))).said).toMatch(/already/);

    // What was made before it ran, holds in it.
    const dispatcher = new Agent({ connect: { ca: keys.tls.root.pem } });
    const body = new URLSearchParams({ name: 'an', password }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: url };
    const reply = await fetch(`${url}/operator/sign-in`, { method: 'POST', dispatcher, headers, body, redirect: 'manual' });
    expect([reply.status, reply.headers.get('location')]).toEqual([303, '/operator/password']);
    await dispatcher.close();

    const socket = socketPathIn(dataDir) ?? '';
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    for (const nonsense of ['', '{', '{"command":"drop"}', `"${'x'.repeat(100_000)}"`]) await tell(socket, nonsense);
    expect(await tell(socket, '{"command":"drop"}')).toContain('does not know this command');
    running.child.kill('SIGKILL');
    await running.end;
    // The socket of a process that died is in nobody's way.
    expect(await admin(config, 'revoke', 'nobody')).toMatchObject({ code: 2, complained: 'No terminal has this name.\n' });
    const again = startProcess('main.ts', ['--config', config]);
    started.push(again.child);
    await listening(again);
    expect((await admin(config, 'enrol', 'kiosk-1', '--name', 'Kiosk 1')).code).toBe(0);
    again.child.kill('SIGTERM');
    expect(await again.end).toBe(0);
  },
  minute,
);

/** @returns what came back, until the other side closed */
async function tell(path: string, words: string): Promise<string> {
  const socket = createConnection({ path, allowHalfOpen: true });
  socket.end(words);
  return await text(socket).catch(() => '');
}

test(
  'what cannot be done is a sentence and exit code 2',
  async () => {
    const memory = await configure({});
    expect(await admin(memory, 'enrol', 'kiosk-1', '--name', 'Kiosk 1')).toMatchObject({
      code: 2,
      complained: expect.stringContaining('dataDir'),
    });
    for (const words of [
      [],
      ['enrol'],
      ['backed-up'],
      ['enrol', 'Kiosk 1', '--name', 'x'],
      ['operator', 'add', 'demo', '--role', 'admin'],
      ['fly'],
      ['--fly'],
    ])
      expect(await admin(memory, ...words)).toMatchObject({ code: 2, complained: expect.stringContaining('COMMAND') });
    const inside = await configure({ keys: keys.keys });
    expect(await admin(inside, 'keys', 'rotate')).toMatchObject({ code: 2, complained: expect.stringContaining('file of their own') });
  },
  minute,
);

test(
  'keys rotate writes the file that the configuration names',
  async () => {
    const own = await makeDemoKeys(join(folder, 'rotated'));
    const config = await configure({ keys: own.keysFile });
    const rotated = await admin(config, 'keys', 'rotate');
    expect([rotated.code, rotated.complained]).toEqual([0, '']);
    const after = KeysFile.parse(JSON.parse(await readFile(own.keysFile, 'utf8')));
    expect([after.serial, after.seal.length]).toEqual([own.keys.serial + 1, 2]);
    expect([after.receipt.length, after.bundle.length]).toEqual([2, 2]);
    for (const { id } of [after.seal[1], after.receipt[1], after.bundle[1]].filter((key) => key !== undefined))
      expect(rotated.said).toContain(id);
    for (const { privateJwk } of [...after.seal, ...after.receipt, ...after.bundle]) expect(rotated.said).not.toContain(privateJwk.d);
    expect((await admin(config, 'keys', 'rotate', 'receipt')).code).toBe(0);
    expect(await admin(config, 'keys', 'rotate', 'everything')).toMatchObject({ code: 2, complained: expect.stringContaining('COMMAND') });
  },
  minute,
);

test('a folder whose path is too long for a socket has none', () => {
  expect(socketPathIn(`/${'x'.repeat(120)}`)).toBeNull();
});
