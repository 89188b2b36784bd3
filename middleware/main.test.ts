import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, fetch } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { mediaType } from '../contract/wire.ts';
import { type DemoKeys, makeDemoKeys } from './demo-keys.ts';
import { createFakeTerminal } from './testing/fake-terminal.ts';
import { makeConfig } from './testing/harness.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
/** Bounds a hang, not a duration: a busy machine starts a process slowly. */
const minute = 180_000;
let folder: string;
let keys: DemoKeys;
let dispatcher: Agent;
const started: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loket-main-'));
  keys = await makeDemoKeys(folder);
  dispatcher = new Agent({ connect: { ca: keys.tls.root.pem } });
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await dispatcher.close();
  await rm(folder, { recursive: true, force: true });
});

type Run = { said: () => string; complained: () => string; child: ChildProcess; end: Promise<number | null> };

async function run(config: unknown, environment: Record<string, string> = {}): Promise<Run> {
  const path = join(folder, `config-${started.length}.json`);
  await writeFile(path, typeof config === 'string' ? config : JSON.stringify(config), { mode: 0o600 });
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [main, '--config', path], {
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString();
  });
  const end = once(child, 'close').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  return { child, end, said: () => out, complained: () => err };
}

async function listening(middleware: Run): Promise<string> {
  const line = /^listening (https:\/\/localhost:\d+)\n/;
  while (!line.test(middleware.said())) {
    const event = await Promise.race([
      once(middleware.child.stdout ?? middleware.child, 'data').then(() => 'more'),
      middleware.end.then(() => 'end'),
    ]);
    if (event === 'end' && !line.test(middleware.said())) throw new Error(`it ended: ${middleware.complained()}`);
  }
  return line.exec(middleware.said())?.[1] ?? '';
}

test(
  'it keeps what it received when it is told to stop, and when it is killed',
  async () => {
    const config = makeConfig(keys, { dataDir: join(folder, 'data') });
    const terminal = createFakeTerminal('kiosk-1', keys.sealKey);
    const events = [await terminal.seal(terminal.makeContent()), await terminal.seal(terminal.makeContent())];
    const answers: string[] = [];
    const post = (url: string, index: number) =>
      fetch(`${url}/v1/transactions`, {
        method: 'POST',
        dispatcher,
        body: JSON.stringify([events[index]]),
        headers: { 'content-type': mediaType.batch },
      });

    const first = await run(config);
    answers.push(await (await post(await listening(first), 0)).text());
    first.child.kill('SIGTERM');
    expect(await first.end).toBe(0);
    expect(first.complained()).toBe('');

    const second = await run(config);
    answers.push(await (await post(await listening(second), 1)).text());
    second.child.kill('SIGKILL');
    await second.end;

    const third = await run(config);
    const url = await listening(third);
    for (const [index, answer] of answers.entries()) {
      expect(answer).toContain('"received"');
      expect(await (await post(url, index)).text()).toBe(answer);
    }
    third.child.kill('SIGINT');
    expect(await third.end).toBe(0);
  },
  minute,
);

test(
  'a port that is taken: a sentence and exit code 2',
  async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const middleware = await run(makeConfig(keys, { host: '127.0.0.1', port }));
    expect(await middleware.end).toBe(2);
    expect(middleware.complained()).toBe(
      `Port ${port} of 127.0.0.1 is in use: stop the other program, or choose another port in the configuration.\n`,
    );
    other.close();
  },
  minute,
);

test(
  'a database that does not answer: a sentence without its address, and exit code 2',
  async () => {
    const middleware = await run(makeConfig(keys), { DATABASE_URL: 'postgres://clerk:hunter2@127.0.0.1:1/loket' });
    expect(await middleware.end).toBe(2);
    expect(middleware.complained()).toBe('The database cannot be used: it does not answer.\n');
  },
  minute,
);

test(
  'a configuration that is not right: a sentence that says where, without values',
  async () => {
    const wrong = { ...makeConfig(keys), port: 'eighty' };
    const notJson = await run('{ "port": ');
    const misfit = await run(wrong);
    const badKey = await run({ ...makeConfig(keys), sealKeys: [{ id: 'k', privateJwk: keys.sealKey.publicJwk }] });
    const testRoots = [keys.tls.root.pem];
    const notDemo = await run({ ...makeConfig(keys), demo: false, testRoots });
    const badOrigin = await run({ ...makeConfig(keys), origin: 'https://loket.example/path' });
    const runs = [notJson, misfit, badKey, notDemo, badOrigin];
    expect(await Promise.all(runs.map(({ end }) => end))).toEqual(runs.map(() => 2));
    expect(notJson.complained()).toContain('is not JSON');
    expect(misfit.complained()).toContain('port: ');
    expect(notDemo.complained()).toContain('testRoots, and they are for a demo only');
    expect(badOrigin.complained()).toContain('origin: ');
    for (const { complained } of runs) {
      expect(complained().trim().split('\n')).toHaveLength(1);
      expect(complained()).not.toContain(String(keys.sealKey.privateJwk.d));
    }
  },
  minute,
);
