import { attachmentsMigration } from './attachments-migration.ts';
import { type Database, DatabaseUnavailable, type Queries } from './database.ts';
import { decisionsMigration } from './decisions-migration.ts';
import { fileMigration } from './file-migration.ts';
import { handoverMigration } from './handover-migration.ts';
import { inboxMigration } from './inbox-migration.ts';
import { leavesMigration } from './leaves-migration.ts';
import { profileMigration } from './profile-migration.ts';
import { terminalsMigration } from './terminals-migration.ts';
import { waitingMigration } from './waiting-migration.ts';

/** Numbered, never changed once released: a later state is a later number. */
export const migrations: readonly { number: number; name: string; statements: readonly string[] }[] = [
  {
    number: 1,
    name: 'inbox and cases',
    statements: [
      // What terminals delivered, sealed. `kept_at` is text: a terminal's clock is told, never computed with or refused.
      `CREATE TABLE inbox (
        tx_id uuid PRIMARY KEY,
        arrival bigint GENERATED ALWAYS AS IDENTITY,
        terminal text NOT NULL,
        sequence bigint NOT NULL CHECK (sequence > 0),
        reference text NOT NULL,
        key_id text NOT NULL,
        encapsulated bytea NOT NULL,
        ciphertext bytea NOT NULL,
        sha256 bytea NOT NULL,
        kept_at text NOT NULL,
        received_at timestamptz NOT NULL,
        receipt text NOT NULL,
        state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'executed', 'quarantined')),
        quarantine_reason text,
        settled_at timestamptz,
        CHECK ((state = 'quarantined') = (quarantine_reason IS NOT NULL)),
        CHECK ((state = 'received') = (settled_at IS NULL))
      )`,
      `CREATE INDEX inbox_waiting ON inbox (arrival) WHERE state = 'received'`,
      `CREATE INDEX inbox_reference ON inbox (reference)`,
      // The effect. UNIQUE (tx_id) is the last line against doing the same thing twice.
      `CREATE TABLE cases (
        case_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        tx_id uuid NOT NULL UNIQUE REFERENCES inbox (tx_id),
        product text NOT NULL,
        content jsonb NOT NULL,
        opened_at timestamptz NOT NULL
      )`,
    ],
  },
  {
    number: 2,
    name: 'sign-ins and revocation',
    statements: [
      // Only the hash: who reads the database cannot sign in with what is there.
      `CREATE TABLE challenge (
        nonce_sha256 bytea PRIMARY KEY,
        terminal text NOT NULL,
        expires_at timestamptz NOT NULL
      )`,
      `CREATE INDEX challenge_expiry ON challenge (expires_at)`,
      // For an audit: that somebody signed in somewhere, and how it ended. Nothing in it is computed from a person.
      `CREATE TABLE sign_in (
        sign_in_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        terminal text NOT NULL,
        at timestamptz NOT NULL,
        outcome text NOT NULL CHECK (outcome IN
          ('accepted', 'challenge', 'signature', 'certificate', 'expired', 'revoked', 'revocation_unknown'))
      )`,
      // Of certificates that a root issued: the National Register's and the CAs'. A citizen's is never written here.
      `CREATE TABLE revocation_answer (
        certificate_sha256 bytea PRIMARY KEY,
        status text NOT NULL CHECK (status IN ('good', 'revoked', 'unknown')),
        source text NOT NULL CHECK (source IN ('ocsp', 'crl')),
        as_of timestamptz NOT NULL,
        usable_until timestamptz NOT NULL,
        asked_at timestamptz NOT NULL
      )`,
      `CREATE TABLE revocation_list (
        issuer_and_url_sha256 bytea PRIMARY KEY,
        list bytea NOT NULL,
        this_update timestamptz NOT NULL,
        fetched_at timestamptz NOT NULL
      )`,
    ],
  },
  inboxMigration,
  terminalsMigration,
  attachmentsMigration,
  decisionsMigration,
  waitingMigration,
  fileMigration,
  profileMigration,
  handoverMigration,
  leavesMigration,
];

/** Any number will do as long as every instance takes the same one. */
const migrationLock = 7_104_001;

/**
 * Brings the database to this program's state. Two instances that start at once wait for each other.
 * @param upTo for tests of a database that an older version left: the last migration that it had
 */
export async function migrate(database: Database, upTo = Number.POSITIVE_INFINITY): Promise<void> {
  await database.transaction(async (queries) => {
    await queries.query('SELECT pg_advisory_xact_lock($1::bigint)', [migrationLock]);
    await queries.query(
      `CREATE TABLE IF NOT EXISTS migration (number int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const applied = await readApplied(queries);
    const newest = migrations.at(-1)?.number ?? 0;
    if (Math.max(0, ...applied) > newest)
      throw new DatabaseUnavailable('it was written by a newer version of this program: start that version, or restore a backup');
    for (const migration of migrations) {
      if (applied.has(migration.number) || migration.number > upTo) continue;
      for (const statement of migration.statements) await queries.query(statement);
      await queries.query('INSERT INTO migration (number, name) VALUES ($1::int, $2)', [migration.number, migration.name]);
    }
  });
}

async function readApplied(queries: Queries): Promise<Set<number>> {
  const rows = await queries.query('SELECT number FROM migration');
  return new Set(rows.map((row) => Number(row.number)));
}
