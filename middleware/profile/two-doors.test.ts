import { hash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type ProfileChange, purposeBytes } from '../../contract/profile.ts';
import type { Database, Queries } from '../store/database.ts';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { people } from '../testing/small-world.ts';
import { codesPerDay, createCodes } from './codes.ts';
import { executeChange } from './execute-change.ts';
import { purposes } from './purposes.ts';

/** Two instances at one moment, each with a door of its own. */
const onPostgres = test.skipIf(!process.env.DATABASE_URL);
const names = '(PostgreSQL only: PGlite has one door)';
const now = new Date('2026-11-20T10:00:00.000Z');
const longAgo = '2026-01-01T00:00:00.000Z';

let bench: TestBench;
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterEach(() => bench.empty());
afterAll(() => bench.close());

/** Until somebody of this test waits for a lock. */
async function untilOneWaits(): Promise<'waits'> {
  await vi.waitUntil(async () => {
    const waiting = await bench.database.query(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ '7104002|profile_' AND pid <> pg_backend_pid()`,
    );
    return waiting.length > 0;
  }, 20_000);
  return 'waits';
}

/** An instance that does its work, and commits only when it is told to. */
function slowDoor(): { database: Database; working: Promise<void>; commit(): void } {
  const [working, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const other = bench.beside();
  const database: Database = {
    ...other,
    transaction: (work) =>
      other.transaction(async (queries) => {
        const value = await work(queries);
        working.resolve();
        await commit.promise;
        return value;
      }),
  };
  return { database, working: working.promise, commit: commit.resolve };
}

/** The first has done its work and has not committed; the second comes. What the first holds is let go once that one waits. */
async function together<T>(first: (door: Database) => Promise<T>, second: (door: Database) => Promise<T>): Promise<[T, T]> {
  const slow = slowDoor();
  const one = first(slow.database);
  await slow.working;
  const other = second(bench.database);
  await Promise.race([other, untilOneWaits()]);
  slow.commit();
  return await Promise.all([one, other]);
}

const [purpose] = purposes;
const consent = (value: Extract<ProfileChange['set'], { field: 'consent' }>['value']): ProfileChange => ({
  set: { field: 'consent', purpose: purpose?.id ?? '', value },
  basedOn: null,
});

const execute = (queries: Queries, change: ProfileChange) =>
  executeChange(queries, {
    row: { tx_id: randomUUID(), terminal: 'kiosk-1', received_at: now },
    content: { submittedAt: now.toISOString() },
    change,
    verified: {
      holder: people.self,
      doubts: [],
      checks: {
        identity: 'proven',
        address: 'proven',
        issuer: 'proven',
        validity: 'valid',
        chip: 'unchecked',
        signIn: 'proven',
        document: 'unchecked',
      },
    },
    now,
  });

onPostgres(`of the very first two words about a consent, carried out at once, the withdrawal holds ${names}`, async () => {
  if (!purpose) throw new Error('nothing may be agreed to');
  const words = { version: purpose.version, sha256: hash('sha256', purposeBytes(purpose), 'base64url') };
  const [agreed, withdrawn] = [consent(words), consent(null)];
  await together(
    (door) => door.transaction((queries) => execute(queries, withdrawn)),
    (door) => door.transaction((queries) => execute(queries, agreed)),
  );
  expect(await bench.database.query('SELECT value FROM profile_entry')).toEqual([{ value: withdrawn.set }]);
  expect(await bench.database.query('SELECT value, missed FROM profile_change WHERE missed IS NOT NULL')).toEqual([
    { value: agreed.set, missed: 'newer' },
  ]);
});

const asker = { terminal: 'kiosk-1', visit: randomUUID(), holder: people.self };
const give = async (door: Database, holder: string = people.self) =>
  await createCodes({ database: door, now: () => now }).give(
    { ...asker, holder },
    { channel: 'email', value: 'a@voorbeeld.example' },
    async () => true,
  );

onPostgres(`the day’s last code is given by one instance alone ${names}`, async () => {
  for (let given = 1; given < codesPerDay; given++) expect(await give(bench.database)).toMatchObject({ status: 'sent' });
  const replies = await together(give, give);
  expect(replies).toMatchObject([{ status: 'sent' }, { status: 'refused', why: 'too_many' }]);
});

onPostgres(`what one instance sweeps keeps no other waiting ${names}`, async () => {
  await give(bench.database, people.mother);
  await bench.database.query('UPDATE profile_code SET sent_at = $1::timestamptz', [longAgo]);
  await bench.database.query(
    `INSERT INTO profile_change (tx_id, holder, thing, value, made_at, executed_at, former_at)
     VALUES (gen_random_uuid(), $1, 'email', '{"field":"email","value":"a@voorbeeld.example"}', $2::timestamptz, $2::timestamptz, $2::timestamptz)`,
    [people.mother, longAgo],
  );
  await bench.beside().transaction(async (queries) => {
    await queries.query('SELECT 1 FROM profile_code FOR UPDATE');
    await queries.query('SELECT 1 FROM profile_change FOR UPDATE');
    const code = give(bench.database).then(({ status }) => status);
    expect(await Promise.race([code, untilOneWaits()])).toBe('sent');
    const change: ProfileChange = { set: { field: 'post', value: 'paper' }, basedOn: null };
    const changed = bench.database.transaction((held) => execute(held, change)).then(() => 'changed');
    expect(await Promise.race([changed, untilOneWaits()])).toBe('changed');
  });
});
