import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { DatabaseUnavailable } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import { migrate, migrations } from './migrations.ts';
import { openDatabase } from './open-database.ts';

async function dropEverything(): Promise<void> {
  const tables = await bench.database.query('SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = current_schema()');
  await bench.database.query(`DROP TABLE ${tables.map(({ name }) => String(name)).join(', ')}`);
}

let bench: TestBench;
let folder: string;
beforeAll(async () => {
  bench = await openTestBench();
  folder = await mkdtemp(join(tmpdir(), 'loket-store-'));
}, 60_000);
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

test('instances that start at the same moment bring the database up once', async () => {
  await dropEverything();
  const instances = [bench.database, bench.beside(), bench.beside(), bench.beside()];
  await Promise.all(instances.map((instance) => migrate(instance)));
  expect(await bench.database.query('SELECT number FROM migration ORDER BY number')).toEqual(migrations.map(({ number }) => ({ number })));
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, at) => at + 1));
  expect(await bench.database.query('SELECT count(*)::int AS n FROM inbox')).toEqual([{ n: 0 }]);
});

test('a filled database of version 1 is brought up: what was never released goes, and what is known of authorities stays', async () => {
  const { database } = bench;
  await dropEverything();
  await migrate(database, 2);
  expect(await database.query('SELECT number FROM migration ORDER BY number')).toEqual([{ number: 1 }, { number: 2 }]);
  await database.query(
    `INSERT INTO inbox (tx_id, terminal, sequence, reference, key_id, encapsulated, ciphertext, sha256, kept_at, received_at, receipt, state, settled_at)
     VALUES ($1::uuid, 'kiosk-1', 1, 'KOR-7777-7777', 'seal-1', '\\x01', '\\x02', '\\x03', 'then', now(), 'a.b.c', 'executed', now())`,
    ['0196a0b0-0000-7000-8000-000000000001'],
  );
  await database.query(`INSERT INTO revocation_list VALUES ('\\x01', '\\x02', now(), now())`);
  await database.query(`INSERT INTO sign_in (terminal, at, outcome) VALUES ('kiosk-1', now(), 'accepted')`);
  await migrate(database);
  expect(await database.query('SELECT count(*)::int AS n FROM inbox')).toEqual([{ n: 0 }]);
  expect(await database.query('SELECT count(*)::int AS n FROM revocation_list')).toEqual([{ n: 1 }]);
  expect(await database.query('SELECT terminal, nonce_sha256 FROM sign_in')).toEqual([{ terminal: 'kiosk-1', nonce_sha256: null }]);
  expect(await database.query('SELECT sequence::int, receipt_sha256, length(epoch) AS epoch FROM log_head')).toEqual([
    { sequence: 0, receipt_sha256: null, epoch: 32 },
  ]);
});

test('a database of a newer version is left alone', async () => {
  await bench.database.query(`INSERT INTO migration (number, name) VALUES (9999, 'of later')`);
  await expect(migrate(bench.database)).rejects.toThrow(/newer version/);
  await bench.database.query('DELETE FROM migration WHERE number = 9999');
  await expect(migrate(bench.database)).resolves.toBeUndefined();
});

test('a transaction that fails leaves nothing, and the next one works', async () => {
  const insert = `INSERT INTO migration (number, name) VALUES (5000, 'half')`;
  const failing = bench.database.transaction(async (queries) => {
    await queries.query(insert);
    throw new Error('halfway');
  });
  await expect(failing).rejects.toThrow('halfway');
  const failingInSql = bench.database.transaction(async (queries) => {
    await queries.query(insert);
    await queries.query('SELECT nothing FROM nowhere');
  });
  await expect(failingInSql).rejects.toThrow();
  expect(await bench.database.query('SELECT 1 FROM migration WHERE number = 5000')).toEqual([]);
});

test('both databases give the same types', async () => {
  const [row] = await bench.database.query(
    `SELECT 9007199254740991::bigint::float8 AS big, 'é€😀'::text AS text, '\\x00ff'::bytea AS bytes, '{"a":[1]}'::jsonb AS json,
            '2026-11-20T10:00:00.123Z'::timestamptz AS at, count(*)::int AS n FROM (VALUES (1), (2)) AS two`,
  );
  expect(row).toMatchObject({ big: 9007199254740991, text: 'é€😀', json: { a: [1] }, at: new Date('2026-11-20T10:00:00.123Z'), n: 2 });
  expect(row?.bytes).toBeInstanceOf(Uint8Array);
  expect(Buffer.from(row?.bytes as Uint8Array).toString('hex')).toBe('00ff');
});

test('one process has the folder; one that died does not keep it', async () => {
  const own = join(folder, 'locked');
  const unlock = await lockFolder(own);
  const path = join(own, 'in-use-by');
  expect(await readFile(path, 'utf8')).toBe(String(process.pid));
  // The parent of this process lives and is another one.
  await writeFile(path, String(process.ppid));
  await expect(lockFolder(own)).rejects.toThrow(DatabaseUnavailable);
  // Above the largest process number that Linux gives out.
  await writeFile(path, '4194999');
  await (await lockFolder(own))();
  await expect(readFile(path)).rejects.toThrow();
  await unlock();
});

test('a database that is not there is a sentence, not a stack', async () => {
  await expect(openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toThrow(DatabaseUnavailable);
});

test('a folder with something else in it is a sentence too, and is left as it was', async () => {
  const own = join(folder, 'other');
  await (await lockFolder(own))();
  await writeFile(join(own, 'pglite'), 'a file, not a database');
  await expect(openDatabase({ folder: own })).rejects.toThrow(DatabaseUnavailable);
  expect(await readFile(join(own, 'pglite'), 'utf8')).toBe('a file, not a database');
}, 60_000);
