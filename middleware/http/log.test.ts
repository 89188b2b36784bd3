import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { expect, test } from 'vitest';
import { mediaType } from '../../contract/wire.ts';
import { makeDemoKeys } from '../demo-keys.ts';
import { startMiddleware } from '../server.ts';
import { type Database, DatabaseUnavailable } from '../store/database.ts';
import { enrolDirectly } from '../testing/enrolled.ts';
import { createFakeTerminal } from '../testing/fake-terminal.ts';
import { openFreshPglite } from '../testing/fresh-pglite.ts';
import { configure } from '../testing/harness.ts';
import { describeError } from './log.ts';

/** As PostgreSQL does it: the message quotes the row. */
const quoting = () =>
  Promise.reject(Object.assign(new Error('Failing row contains (Zwaluwnest)'), { code: '23514', detail: 'Zwaluwnest' }));
const away = () => Promise.reject(new DatabaseUnavailable('it went away'));

async function askWith(query: () => Promise<never>): Promise<{ answers: [number, unknown][]; log: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'loket-log-'));
  const keys = await makeDemoKeys(folder);
  const lines: string[] = [];
  const sound = await openFreshPglite();
  const [config, loaded] = await configure(keys);
  const terminal = createFakeTerminal('kiosk-1', keys.sealKey);
  const identity = await enrolDirectly({ database: sound, keys: loaded }, terminal);
  // It fails from the moment that the middleware answers.
  let fails = false;
  const database: Database = {
    query: (...asked) => (fails ? query() : sound.query(...asked)),
    transaction: (work) => (fails ? query() : sound.transaction(work)),
    close: () => sound.close(),
  };
  const middleware = await startMiddleware(config, loaded, { database, log: { write: (line) => lines.push(line) } });
  fails = true;
  const dispatcher = new Agent({ connect: { ca: keys.tls.root.pem, ...identity } });
  try {
    const event = await terminal.seal(terminal.makeContent({ reference: 'KOR-7777-7777' }));
    const post = { method: 'POST', body: JSON.stringify([event]), headers: { 'content-type': mediaType.batch }, dispatcher };
    const responses = [
      await fetch(`${middleware.url}/v1/transactions`, post),
      await fetch(`${middleware.url}/v1/tickets/KOR-7777-7777`, { dispatcher }),
    ];
    return {
      answers: await Promise.all(responses.map(async (response): Promise<[number, unknown]> => [response.status, await response.json()])),
      log: lines.join('\n'),
    };
  } finally {
    await middleware.close();
    await dispatcher.close();
    await sound.close();
    await rm(folder, { recursive: true, force: true });
  }
}

test('our own failure is logged by kind and place, never with what was sent or stored', async () => {
  const { answers, log } = await askWith(quoting);
  for (const [status, problem] of answers) expect([status, problem]).toMatchObject([500, { type: 'urn:loket:problem:our-mistake' }]);
  expect(JSON.stringify(answers)).not.toContain('Zwaluwnest');
  expect(log).toContain('request_failed');
  expect(log).toContain('23514');
  expect(log).toContain('"route":"/v1/tickets/:reference"');
  expect(log).toContain('log.test.ts');
  for (const secret of ['Zwaluwnest', 'KOR-7777', '7777']) expect(log).not.toContain(secret);
});

test('a database that is away is said to be away: come back later', async () => {
  const { answers, log } = await askWith(away);
  for (const [status, problem] of answers) expect([status, problem]).toMatchObject([503, { type: 'urn:loket:problem:unavailable' }]);
  expect(log).toContain('database_unavailable');
});

test('a message that looks like places stays out of the log', () => {
  const error = new Error('invalid input syntax: "a\n    at Zwaluwnest"');
  const { stack } = describeError(error);
  expect(stack).not.toContain('Zwaluwnest');
  expect(stack).toContain('log.test.ts');
});
