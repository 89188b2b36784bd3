import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Database } from '../store/database.ts';
import { openTestDatabase } from '../testing/harness.ts';
import { findLinked } from './queues.ts';

const queue = { terminal: 'kiosk-1', generation: 'AAAAAAAAAAA', linked: 0 };
let opened: { database: Database; drop: () => Promise<void> };
beforeAll(async () => {
  opened = await openTestDatabase();
}, 60_000);
afterEach(async () => {
  await opened.database.query('TRUNCATE inbox, cases, missing, loss');
});
afterAll(() => opened.drop());

/** Records at these places, inclusive, whatever else would be in them. */
const put = (first: number, last: number, { held = false, generation = queue.generation } = {}) =>
  opened.database.query(
    `INSERT INTO inbox (tx_id, delivery, leaf, terminal, generation, sequence, reference, lane, key_id, encapsulated, ciphertext,
       kept_at, record, chain, held, state)
     SELECT gen_random_uuid(), 1, 0, $1, $2, place, '', '', '', '', '', '', '', '', $5::boolean, CASE WHEN $5::boolean THEN 'held' ELSE 'received' END
     FROM generate_series($3::bigint, $4::bigint) AS place`,
    [queue.terminal, generation, first, last, held],
  );

async function state(first: number, last: number): Promise<void> {
  await opened.database.query(
    `INSERT INTO loss (statement_sha256, terminal, generation, statement, signer, recorded_at) VALUES ('\\x01', $1, $2, '', '', now()) ON CONFLICT DO NOTHING`,
    [queue.terminal, queue.generation],
  );
  await opened.database.query(
    `INSERT INTO missing (statement_sha256, terminal, generation, first_sequence, last_sequence) VALUES ('\\x01', $1, $2, $3::bigint, $4::bigint)`,
    [queue.terminal, queue.generation, first, last],
  );
}

const linkedFrom = (linked: number) => findLinked(opened.database, { ...queue, linked });

test('nothing is missing up to the place before the first gap, over thousands', async () => {
  await put(2, 2_500);
  expect(await linkedFrom(0)).toBe(0);
  await put(1, 1);
  expect(await linkedFrom(0)).toBe(2_500);
  expect(await linkedFrom(1_700)).toBe(2_500);
  expect(await linkedFrom(2_500)).toBe(2_500);
  await put(2_502, 2_600);
  expect(await linkedFrom(0)).toBe(2_500);
});

test('a place that several claim is one place, and another queue fills no gap of this one', async () => {
  await put(1, 3);
  await put(2, 2, { held: true });
  await put(2, 2, { held: true });
  await put(4, 9, { generation: 'BBBBBBBBBBB' });
  await put(5, 9);
  expect(await linkedFrom(0)).toBe(3);
});

test('what was stated as lost is not missing: before, between and behind what is here', async () => {
  await state(1, 4);
  await put(5, 1_200);
  await state(1_201, 1_210);
  await put(1_211, 1_300);
  await state(1_301, 1_400);
  expect(await linkedFrom(0)).toBe(1_400);
});
