/** What people told about themselves: what holds, every change with its outcome, and codes that were sent. */
export const profileMigration = {
  number: 9,
  name: 'profiles',
  statements: [
    `CREATE TABLE profile_entry (
      holder text NOT NULL,
      thing text NOT NULL,
      -- contract/profile.ts, ProfileValue.
      value jsonb NOT NULL,
      version uuid NOT NULL,
      made_at timestamptz NOT NULL,
      verified_at timestamptz,
      PRIMARY KEY (holder, thing)
    )`,
    // The effect of a record. Its values are for putting back, and for showing to what somebody agreed.
    `CREATE TABLE profile_change (
      tx_id uuid PRIMARY KEY,
      -- Null: the record proves nobody.
      holder text,
      thing text NOT NULL,
      value jsonb,
      -- Null: it took effect.
      missed text CHECK (missed IN ('newer', 'not_proven', 'not_verified', 'text_unknown')),
      made_at timestamptz NOT NULL,
      executed_at timestamptz NOT NULL,
      verified_at timestamptz,
      -- Since when it holds no more; a missed one never did.
      former_at timestamptz
    )`,
    `CREATE INDEX profile_change_former ON profile_change (former_at) WHERE former_at IS NOT NULL AND value IS NOT NULL`,
    'CREATE INDEX profile_change_holder ON profile_change (holder, executed_at)',
    // said, code: HMAC under the token, of which only the hash is here. Who has the database can try all codes of nothing.
    `CREATE TABLE profile_code (
      token_sha256 bytea PRIMARY KEY,
      terminal text NOT NULL,
      visit uuid NOT NULL,
      holder text NOT NULL,
      said bytea NOT NULL,
      code bytea NOT NULL,
      sent_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      tries_left int NOT NULL CHECK (tries_left >= 0),
      confirmed_at timestamptz
    )`,
    'CREATE INDEX profile_code_holder ON profile_code (holder, sent_at)',
    'CREATE INDEX profile_code_sent ON profile_code (sent_at)',
  ],
} as const;
