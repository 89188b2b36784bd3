import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { migrate } from './migrations.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterAll(() => bench.close());

test('a filled database of the version before keeps its cases; nobody is known to be theirs', async () => {
  const { database } = bench;
  const tables = await database.query('SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = current_schema()');
  await database.query(`DROP TABLE ${tables.map(({ name }) => String(name)).join(', ')}`);
  await migrate(database, 8);
  const txId = '0196a0b0-0000-7000-8000-000000000001';
  const content = JSON.stringify({ actingAs: { kind: 'enterprise', enterpriseNumber: '1999900171', role: 'bestuurder' } });
  await database.query(
    `INSERT INTO inbox (tx_id, delivery, leaf, path, terminal, generation, sequence, reference, lane, key_id, encapsulated, ciphertext,
       kept_at, record, chain, held, state, settled_at)
     VALUES ($1::uuid, 1, 0, '', 'kiosk-1', 'g', 1, 'KOR-7777-7777', 'l', 'seal-1', '\\x01', '\\x02', 'then', '\\x03', '\\x04', false, 'executed', now())`,
    [txId],
  );
  await database.query(
    `INSERT INTO cases (tx_id, product, content, opened_at, status, doubts, trust, checks)
     VALUES ($1::uuid, 'street-defect', $2::text::jsonb, now(), 'open', '{}', 'anonymous', '{}')`,
    [txId, content],
  );
  await migrate(database);
  expect(await database.query('SELECT tx_id::text, holder, status FROM cases')).toEqual([{ tx_id: txId, holder: null, status: 'open' }]);
  for (const table of ['person_grant', 'consultation', 'source_state'])
    expect(await database.query(`SELECT count(*)::int AS n FROM ${table}`)).toEqual([{ n: 0 }]);
});
