import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDemoKeys } from '../demo-keys.ts';
import { makeDatedKey } from '../keys/make-keys.ts';
import { openDatabase } from '../store/open-database.ts';
import { enrolDirectly } from '../testing/enrolled.ts';
import { createFakeTerminal } from '../testing/fake-terminal.ts';
import { configure, makeConfig } from '../testing/harness.ts';
import { storeEvents } from '../testing/store-events.ts';

let folder: string;
const command = fileURLToPath(new URL('../prove-log.ts', import.meta.url));

function prove(...options: string[]): { status: number | null; said: string; problem: string } {
  const { DATABASE_URL: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...options], { env, encoding: 'utf8' });
  return { status, said: stdout, problem: stderr };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loket-evidence-'));
  const keys = await makeDemoKeys(folder);
  const [, loaded] = await configure(keys);
  await writeFile(join(folder, 'config.json'), JSON.stringify(makeConfig(keys, { dataDir: join(folder, 'data') })));
  await writeFile(join(folder, 'memory.json'), JSON.stringify(makeConfig(keys)));
  const database = await openDatabase({ folder: join(folder, 'data') });
  const terminal = createFakeTerminal('kiosk-1', keys.sealKey);
  await enrolDirectly({ database, keys: loaded }, terminal);
  const events = [await terminal.seal(terminal.makeContent()), await terminal.seal(terminal.makeContent())];
  await storeEvents({ database, keys, terminal }, events);
  await database.close();
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('says what it verified, and what to write down', () => {
  const { status, said } = prove('--config', join(folder, 'config.json'));
  expect(said).toContain('1 deliveries with 2 records');
  expect(said).toContain('Nothing was changed');
  const head = /1:[\w-]{43}/.exec(said)?.[0] ?? '';
  expect(status).toBe(0);
  expect(prove('--config', join(folder, 'config.json'), '--anchor', head, '--json')).toMatchObject({ status: 0 });
}, 120_000);

test('a log older than what terminals are told of is proved by the keys of the whole file', async () => {
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
  const later = Array.from({ length: 25 }, (_, at) => makeDatedKey('receipt', new Date(Date.now() + at * 90 * 86_400_000)));
  config.keys.receipt.push(...later);
  await writeFile(join(folder, 'years.json'), JSON.stringify(config));
  const { status, said } = prove('--config', join(folder, 'years.json'));
  expect([status, said.includes('Nothing was changed')]).toEqual([0, true]);
}, 120_000);

test('a break is named, and is exit code 1', async () => {
  const database = await openDatabase({ folder: join(folder, 'data') });
  await database.query(`UPDATE inbox SET ciphertext = '\\x00' WHERE leaf = 1`);
  await database.close();
  const { status, said } = prove('--config', join(folder, 'config.json'), '--json');
  expect(status).toBe(1);
  expect(JSON.parse(said)).toMatchObject({ breaks: [{ what: 'its bytes are not those that its hash is of' }] });
}, 120_000);

test('what a person can mend is a sentence and exit code 2', () => {
  for (const options of [[], ['--nonsense'], ['--config', join(folder, 'nothing.json')], ['--config', join(folder, 'memory.json')]]) {
    const { status, problem } = prove(...options);
    expect([options, status]).toEqual([options, 2]);
    expect(problem).not.toContain('    at ');
  }
  expect(prove('--config', join(folder, 'config.json'), '--anchor', 'rubbish').status).toBe(2);
}, 120_000);
