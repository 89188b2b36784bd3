import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { keepStatistics } from './keep-statistics.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await openTestBench();
});
afterAll(() => bench.close());

async function arrive(count: number): Promise<void> {
  await bench.database.query(
    `INSERT INTO inbox (tx_id, delivery, leaf, terminal, generation, sequence, reference, lane, key_id, encapsulated, ciphertext,
       kept_at, record, chain, held, state)
     SELECT gen_random_uuid(), 1, 0, 'kiosk-1', gen_random_uuid()::text, 1, 'KTR-0000-0000', gen_random_uuid()::text, 'k', '',
       decode(repeat('ab', 2000), 'hex'), '', '', '', false, 'received' FROM generate_series(1, $1::int)`,
    [count],
  );
}

/** What the planner knows: below 0 when nothing. */
async function known(): Promise<number> {
  const [row] = await bench.database.query(`SELECT reltuples::float8 AS rows FROM pg_class WHERE oid = 'inbox'::regclass`);
  return Number(row?.rows);
}

test('what grew is counted anew, what did not double is left alone', async () => {
  await arrive(50);
  await keepStatistics(bench.database);
  expect(await known()).toBeLessThanOrEqual(0);
  await arrive(950);
  await keepStatistics(bench.database);
  expect(await known()).toBe(1000);
  await arrive(500);
  await keepStatistics(bench.database);
  expect(await known()).toBe(1000);
  await arrive(700);
  await keepStatistics(bench.database);
  expect(await known()).toBe(2200);
});
