import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import type { Database, Queries } from '../store/database.ts';
import { openFreshPglite } from '../testing/fresh-pglite.ts';
import { countArrivals, listArrivals } from './list-arrivals.ts';

let database: Database;
beforeAll(async () => {
  database = await openFreshPglite();
  await database.query(
    `INSERT INTO delivery (log_sequence, receipt, received_at, terminal, generation, held, first_sequence, previous, kept, signature, signer, leaves)
     SELECT at, 'r', now(), 'kiosk-1', 'g', false, at, '', '', '', '', '' FROM generate_series(1, 3000) AS at`,
  );
  await database.query(
    `INSERT INTO inbox (tx_id, delivery, leaf, terminal, generation, sequence, reference, lane, key_id, encapsulated, ciphertext,
       kept_at, record, chain, held, state, settled_at)
     SELECT gen_random_uuid(), at, 0, 'kiosk-1', 'g', at, 'KTR-0000-' || to_char(at, 'FM0000'), at::text, 'k', '', decode(repeat('ab', 2000), 'hex'), '', '', '', false,
       CASE WHEN at = 7 THEN 'held' WHEN at = 3000 THEN 'received' ELSE 'executed' END, CASE WHEN at NOT IN (7, 3000) THEN now() END
     FROM generate_series(1, 3000) AS at`,
  );
  // An index alone tells what there is once this has been by.
  await database.query('VACUUM ANALYZE inbox, delivery');
});
afterAll(() => database.close());

type Step = {
  'Node Type': string;
  'Relation Name'?: string | undefined;
  'Actual Rows': number;
  'Actual Loops': number;
  Plans?: Step[] | undefined;
};
const Step: z.ZodType<Step> = z.lazy(() =>
  z.object({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    'Actual Rows': z.number(),
    'Actual Loops': z.number(),
    Plans: z.array(Step).optional(),
  }),
);
const Explained = z.array(z.object({ 'QUERY PLAN': z.array(z.object({ Plan: Step })) }));

/** Records that the database goes to for what `ask` asks; those of which it reads an index alone do not count. */
async function countRead(ask: (queries: Queries) => Promise<unknown>): Promise<number> {
  let read = 0;
  const walk = (step: Step): void => {
    if (step['Relation Name'] === 'inbox' && step['Node Type'] !== 'Index Only Scan') read += step['Actual Rows'] * step['Actual Loops'];
    for (const inner of step.Plans ?? []) walk(inner);
  };
  await ask({
    async query(sql, values) {
      const explained = Explained.parse(await database.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, values));
      for (const { Plan } of explained[0]?.['QUERY PLAN'] ?? []) walk(Plan);
      return await database.query(sql, values);
    },
  });
  return read;
}

test('the newest are shown, newest first, and counted among all', async () => {
  const shown = await listArrivals(database, 3);
  expect(shown.map(({ reference, state }) => [reference, state])).toEqual([
    ['KTR-0000-3000', 'received'],
    ['KTR-0000-2999', 'executed'],
    ['KTR-0000-2998', 'executed'],
  ]);
  expect(await countArrivals(database)).toEqual({ received: 3000, executed: 2998, held: 1, quarantined: 0 });
});

test('what is asked each second goes to as few rows as are shown, however many there are', async () => {
  expect(await countRead((queries) => listArrivals(queries, 20))).toBeLessThan(200);
  expect(await countRead(countArrivals)).toBeLessThan(200);
});
