/**
 * Kept records with their chain, deliveries with their evidence, and the log of receipts. What version 1 had stored has
 * neither chain nor a terminal's signature and was never released: it goes.
 */
export const inboxMigration = {
  number: 3,
  name: 'chained deliveries, the log of receipts, verified cases',
  statements: [
    'DROP TABLE cases',
    'DROP TABLE inbox',
    // One row. Whoever adds to the log locks it, so that the log has no gap and no second end.
    `CREATE TABLE log_head (
      one boolean PRIMARY KEY DEFAULT true CHECK (one),
      sequence bigint NOT NULL,
      -- SHA-256 of the receipt at that place.
      receipt_sha256 bytea,
      epoch text NOT NULL
    )`,
    `INSERT INTO log_head (sequence, epoch) VALUES (0, replace(gen_random_uuid()::text, '-', ''))`,
    // A row per receipt: what was new in one delivery, and the one signature that vouches for it.
    `CREATE TABLE delivery (
      log_sequence bigint PRIMARY KEY,
      receipt text NOT NULL,
      received_at timestamptz NOT NULL,
      terminal text NOT NULL,
      generation text NOT NULL,
      held boolean NOT NULL,
      -- The place of the first record of the delivery, and the chain before it.
      first_sequence bigint NOT NULL,
      previous bytea NOT NULL,
      -- The record hashes up to the head, 32 bytes each, when not all of them were new.
      records bytea,
      -- The terminal's statement about the head as it was signed, the signature, and the key (SubjectPublicKeyInfo).
      kept text NOT NULL,
      signature bytea NOT NULL,
      signer bytea NOT NULL
    )`,
    // What terminals delivered, sealed. kept_at is text: a terminal's clock is told, never computed with or refused. There
    // is no foreign key to delivery: it would look once per record for a row of the same statement. prove-log.ts looks.
    `CREATE TABLE inbox (
      tx_id uuid PRIMARY KEY,
      arrival bigint GENERATED ALWAYS AS IDENTITY,
      delivery bigint NOT NULL,
      leaf smallint NOT NULL,
      path bytea NOT NULL,
      terminal text NOT NULL,
      generation text NOT NULL,
      sequence bigint NOT NULL CHECK (sequence > 0),
      reference text NOT NULL,
      lane text NOT NULL,
      key_id text NOT NULL,
      encapsulated bytea NOT NULL,
      ciphertext bytea NOT NULL,
      kept_at text NOT NULL,
      record bytea NOT NULL,
      chain bytea NOT NULL,
      -- As the receipt says it. Of those, several may claim one place.
      held boolean NOT NULL,
      state text NOT NULL CHECK (state IN ('received', 'held', 'executed', 'quarantined')),
      quarantine_reason text,
      settled_at timestamptz,
      released_by text,
      released_at timestamptz,
      CHECK ((state = 'quarantined') = (quarantine_reason IS NOT NULL)),
      CHECK ((state IN ('received', 'held')) = (settled_at IS NULL)),
      CHECK ((released_by IS NULL) = (released_at IS NULL))
    ) WITH (toast_tuple_target = 8160)`,
    // What is sealed cannot be compressed; up to a page it lies in its row.
    'ALTER TABLE inbox ALTER ciphertext SET STORAGE EXTERNAL',
    // One record for each place; of those that are held, any number.
    `CREATE UNIQUE INDEX inbox_place ON inbox (terminal, generation, sequence,
       (CASE WHEN held THEN tx_id ELSE '00000000-0000-0000-0000-000000000000'::uuid END))`,
    'CREATE INDEX inbox_delivery ON inbox (delivery)',
    'CREATE INDEX inbox_reference ON inbox (reference)',
    `CREATE INDEX inbox_waiting ON inbox (arrival) WHERE state = 'received'`,
    `CREATE INDEX inbox_lane ON inbox (lane) WHERE state <> 'executed'`,
    // A terminal's queues. linked: up to where nothing is missing, or its loss was stated. highest: the last place taken in
    // that is not held, and the chain there, so that what follows on it needs no look at the inbox.
    `CREATE TABLE queue (
      terminal text NOT NULL,
      generation text NOT NULL,
      number bigint GENERATED ALWAYS AS IDENTITY,
      linked bigint NOT NULL DEFAULT 0,
      highest bigint NOT NULL DEFAULT 0,
      highest_chain bytea,
      -- What a backup that has begun will have, and what the last one that ended has.
      backing_up bigint NOT NULL DEFAULT 0,
      backed_up bigint NOT NULL DEFAULT 0,
      forked boolean NOT NULL DEFAULT false,
      successor text,
      PRIMARY KEY (terminal, generation)
    )`,
    `CREATE TABLE loss (
      statement_sha256 bytea PRIMARY KEY,
      terminal text NOT NULL,
      generation text NOT NULL,
      -- Compact JWS, and the key (SubjectPublicKeyInfo).
      statement text NOT NULL,
      signer bytea NOT NULL,
      recorded_at timestamptz NOT NULL
    )`,
    `CREATE TABLE missing (
      statement_sha256 bytea NOT NULL REFERENCES loss (statement_sha256),
      terminal text NOT NULL,
      generation text NOT NULL,
      first_sequence bigint NOT NULL,
      last_sequence bigint NOT NULL CHECK (last_sequence >= first_sequence)
    )`,
    'CREATE INDEX missing_place ON missing (terminal, generation, last_sequence)',
    // The effect. UNIQUE (tx_id) is the last line against doing the same thing twice.
    `CREATE TABLE cases (
      case_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      tx_id uuid NOT NULL UNIQUE REFERENCES inbox (tx_id),
      product text NOT NULL,
      content jsonb NOT NULL,
      opened_at timestamptz NOT NULL,
      status text NOT NULL CHECK (status IN ('open', 'awaiting_attachment', 'doubted')),
      -- Why a person has to look before anything follows from it.
      doubts text[] NOT NULL,
      -- As verified here, never as claimed; and what it was verified by.
      trust text NOT NULL,
      checks jsonb NOT NULL,
      -- Of a signed document: the same one never vouches for two requests.
      document_sha256 bytea,
      CHECK ((status = 'doubted') = (cardinality(doubts) > 0) OR status = 'awaiting_attachment')
    )`,
    'CREATE UNIQUE INDEX cases_document ON cases (document_sha256)',
    `CREATE INDEX cases_awaiting ON cases (case_id) WHERE status = 'awaiting_attachment'`,
    // Which challenge it was: a sign-in that travels with a record must be one that was accepted here.
    'ALTER TABLE sign_in ADD COLUMN nonce_sha256 bytea',
    'CREATE INDEX sign_in_nonce ON sign_in (nonce_sha256)',
  ],
} as const;
