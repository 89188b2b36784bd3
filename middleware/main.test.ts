import type { ChildProcess } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { Enrolment, readCode } from '../contract/enrolment.ts';
import { BatchReply, mediaType } from '../contract/wire.ts';
import { type DemoKeys, makeDemoKeys } from './demo-keys.ts';
import { addOperator } from './operators/accounts.ts';
import { openDatabase } from './store/open-database.ts';
import { makeRequest, toPem } from './testing/enrolled.ts';
import { createFakeTerminal, type FakeTerminal } from './testing/fake-terminal.ts';
import { makeConfig } from './testing/harness.ts';
import { listening, type Run, startProcess } from './testing/start-process.ts';

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

async function run(config: unknown, environment: Record<string, string> = {}): Promise<Run> {
  const path = join(folder, `config-${started.length}.json`);
  await writeFile(path, typeof config === 'string' ? config : JSON.stringify(config), { mode: 0o600 });
  const run = startProcess('main.ts', ['--config', path], environment);
  started.push(run.child);
  return run;
}

/** As a terminal does it, over HTTPS. */
async function enrolOver(url: string, terminal: FakeTerminal): Promise<Agent> {
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': mediaType.json };
    const reply = await fetch(url + path, { method: 'POST', dispatcher, headers, body: JSON.stringify(body) });
    expect([path, reply.status]).toEqual([path, 200]);
    return await reply.json();
  };
  const { code } = z.object({ code: z.string() }).parse(await post('/demo/enrolments', { terminal: terminal.id, name: 'Kiosk 1' }));
  const secret = Buffer.from(readCode(code)?.secret ?? []).toString('base64url');
  const request = await makeRequest(terminal.keys);
  const { certificates } = Enrolment.parse(await post('/v1/enrolments', { terminal: terminal.id, secret, request }));
  const cert = new X509Certificate(Buffer.from(certificates[0] ?? '', 'base64')).toString();
  return new Agent({ connect: { ca: keys.tls.root.pem, cert, key: toPem(terminal.keys.privateKey) } });
}

test(
  'it keeps what it received when it is told to stop, and when it is killed',
  async () => {
    const config = makeConfig(keys, { dataDir: join(folder, 'data') });
    const terminal = createFakeTerminal('kiosk-1', keys.sealKey);
    const events = [await terminal.seal(terminal.makeContent()), await terminal.seal(terminal.makeContent())];
    const answers: string[] = [];
    let own = dispatcher;
    const post = (url: string, index: number) =>
      fetch(`${url}/v1/transactions`, {
        method: 'POST',
        dispatcher: own,
        body: JSON.stringify([events[index]]),
        headers: { 'content-type': mediaType.batch },
      });

    const first = await run(config);
    own = await enrolOver(await listening(first), terminal);
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
      const { results, receipts } = BatchReply.parse(JSON.parse(answer));
      expect(results[0]?.status).toBe('received');
      // The same receipt again, byte for byte.
      expect(BatchReply.parse(await (await post(url, index)).json())).toMatchObject({ results, receipts });
    }
    third.child.kill('SIGINT');
    expect(await third.end).toBe(0);
    await own.close();
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
    const [first] = keys.keys.seal;
    const badKey = await run({ ...makeConfig(keys), keys: { ...keys.keys, seal: [{ ...first, privateJwk: keys.sealKey.publicJwk }] } });
    const badBundle = await run({ ...makeConfig(keys), bundleFolder: join(folder, 'no-such-folder') });
    const testRoots = [keys.tls.root.pem];
    const notDemo = await run({ ...makeConfig(keys), demo: false, testRoots });
    const badOrigin = await run({ ...makeConfig(keys), origin: 'https://loket.example/path' });
    const runs = [notJson, misfit, badKey, badBundle, notDemo, badOrigin];
    expect(await Promise.all(runs.map(({ end }) => end))).toEqual(runs.map(() => 2));
    expect(notJson.complained()).toContain('is not JSON');
    expect(misfit.complained()).toContain('port: ');
    expect(notDemo.complained()).toContain('testRoots, and they are for a demo only');
    expect(badOrigin.complained()).toContain('origin: ');
    expect(badBundle.complained()).toContain('no-such-folder');
    for (const { complained } of runs) {
      expect(complained().trim().split('\n')).toHaveLength(1);
      expect(complained()).not.toContain(String(keys.sealKey.privateJwk.d));
    }
  },
  minute,
);

test(
  'a database that was a demo’s is refused in earnest, with what a person can do, and goes on as a demo',
  async () => {
    const config = makeConfig(keys, { dataDir: join(folder, 'was-demo') });
    for (const demo of [true, false, true]) {
      const middleware = await run({ ...config, demo });
      if (demo) {
        await listening(middleware);
        middleware.child.kill('SIGTERM');
      }
      expect([demo, await middleware.end]).toEqual([demo, demo ? 0 : 2]);
      if (!demo) expect(middleware.complained()).toMatch(/^This database was a demo’s.*\n$/);
    }
  },
  minute,
);

test(
  'a database that has operators is no demo’s',
  async () => {
    const dataDir = join(folder, 'in-earnest');
    const database = await openDatabase({ folder: dataDir });
    await addOperator(database, { name: 'an', role: 'viewer' });
    await database.close();
    const middleware = await run({ ...makeConfig(keys, { dataDir }), demo: true });
    expect(await middleware.end).toBe(2);
    expect(middleware.complained()).toMatch(/^This database has operators .*\n$/);
  },
  minute,
);
