/** Reading a person's file: grants, who looked, and what is known of the sources. */
export const fileMigration = {
  number: 8,
  name: 'grants, consultations, sources',
  statements: [
    // Nothing here opens it: the key comes of the token, of which only the hash is here.
    `CREATE TABLE person_grant (
      token_sha256 bytea PRIMARY KEY,
      terminal text NOT NULL,
      visit uuid NOT NULL,
      expires_at timestamptz NOT NULL,
      person bytea NOT NULL
    )`,
    'CREATE INDEX person_grant_visit ON person_grant (terminal, visit)',
    'CREATE INDEX person_grant_expiry ON person_grant (expires_at)',
    // Each look at somebody's data. told_by: the terminal's own record (tx_id), or this middleware's word that it answered.
    `CREATE TABLE consultation (
      place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      told_by text NOT NULL CHECK (told_by IN ('terminal', 'middleware')),
      tx_id uuid UNIQUE,
      at timestamptz NOT NULL,
      terminal text NOT NULL,
      visit uuid NOT NULL,
      role text NOT NULL,
      looked_by text,
      subject text NOT NULL,
      acting_as jsonb NOT NULL,
      purpose text NOT NULL,
      sources text[] NOT NULL,
      kinds text[] NOT NULL,
      -- Why it is not known to be true. Empty: the sign-in that it carries bears it.
      doubts text[] NOT NULL,
      CHECK ((told_by = 'terminal') = (tx_id IS NOT NULL))
    )`,
    'CREATE INDEX consultation_subject ON consultation (subject, at DESC)',
    `CREATE OR REPLACE FUNCTION keep_consultation() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'a consultation is neither changed nor deleted'; END $$`,
    `CREATE TRIGGER keep_consultation BEFORE UPDATE OR DELETE ON consultation
      FOR EACH ROW EXECUTE FUNCTION keep_consultation()`,
    `CREATE TRIGGER keep_consultations BEFORE TRUNCATE ON consultation
      FOR EACH STATEMENT EXECUTE FUNCTION keep_consultation()`,
    // Counted over all persons: nothing in it is of one.
    `CREATE TABLE source_state (
      source text PRIMARY KEY,
      switched_off boolean NOT NULL DEFAULT false,
      asked bigint NOT NULL DEFAULT 0,
      silent bigint NOT NULL DEFAULT 0,
      silent_why text,
      silent_at timestamptz,
      answered_at timestamptz,
      -- By its own word, of that answer.
      as_of timestamptz,
      state text,
      repeats bigint NOT NULL DEFAULT 0,
      alarms bigint NOT NULL DEFAULT 0,
      alarm_at timestamptz
    )`,
    // Of a case: whom the card in its evidence names, when the National Register's signature bears it. For their file.
    'ALTER TABLE cases ADD COLUMN holder text',
    'CREATE INDEX cases_holder ON cases (holder)',
    `CREATE INDEX cases_acting_for ON cases ((coalesce(content->'actingAs'->>'enterpriseNumber', content->'actingAs'->>'ssin')))
      WHERE content ? 'actingAs'`,
  ],
} as const;
