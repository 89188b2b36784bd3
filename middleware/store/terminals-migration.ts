/** Terminals and their certificates, operators, bundles. */
export const terminalsMigration = {
  number: 4,
  name: 'terminals, operators, bundles',
  statements: [
    `CREATE TABLE terminal (
      terminal text PRIMARY KEY,
      name text NOT NULL,
      standing text NOT NULL DEFAULT 'active' CHECK (standing IN ('active', 'revoked', 'forked')),
      standing_since timestamptz NOT NULL,
      -- With the operator key of the file of keys it makes the secret of this terminal's one-time operator codes. Alone it makes nothing.
      operator_salt bytea NOT NULL
    )`,
    // Never deleted: what was kept under an old key is still verified with it, and what is not here was issued after a backup.
    `CREATE TABLE terminal_certificate (
      sha256 bytea PRIMARY KEY,
      terminal text NOT NULL REFERENCES terminal (terminal),
      certificate bytea NOT NULL,
      -- RFC 7638 thumbprint.
      key_id text NOT NULL,
      not_before timestamptz NOT NULL,
      not_after timestamptz NOT NULL,
      revoked_at timestamptz
    )`,
    `CREATE INDEX terminal_certificate_terminal ON terminal_certificate (terminal, not_before)`,
    `CREATE INDEX terminal_certificate_key ON terminal_certificate (key_id)`,
    // Only the hash: who reads the database cannot enrol with what is there.
    `CREATE TABLE enrolment_code (
      secret_sha256 bytea PRIMARY KEY,
      terminal text NOT NULL,
      name text NOT NULL,
      issued_by text NOT NULL,
      expires_at timestamptz NOT NULL,
      used_at timestamptz,
      -- The certificate that it became: an answer that got lost is given again to the same key.
      certificate_sha256 bytea REFERENCES terminal_certificate (sha256),
      CHECK ((used_at IS NULL) = (certificate_sha256 IS NULL))
    )`,
    `CREATE INDEX enrolment_code_terminal ON enrolment_code (terminal)`,
    `CREATE TABLE operator (
      name text PRIMARY KEY,
      role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
      -- scrypt, with its parameters and salt.
      password text NOT NULL,
      -- A first password was seen by whoever made it.
      must_change boolean NOT NULL,
      disabled boolean NOT NULL DEFAULT false
    )`,
    // Only the hash: who reads the database has nobody's session.
    `CREATE TABLE operator_session (
      token_sha256 bytea PRIMARY KEY,
      operator text NOT NULL REFERENCES operator (name),
      expires_at timestamptz NOT NULL
    )`,
    `CREATE INDEX operator_session_operator ON operator_session (operator)`,
    // Who did what, for an audit. `subject` is a terminal, an operator or a delivery: never a citizen.
    `CREATE TABLE operator_act (
      place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL,
      operator text NOT NULL,
      act text NOT NULL,
      subject text NOT NULL
    )`,
    `CREATE TABLE blob (
      sha256 bytea PRIMARY KEY,
      content bytea NOT NULL
    )`,
    `CREATE TABLE bundle (
      serial int PRIMARY KEY,
      -- Of the names and hashes: the same files are not published twice.
      files_sha256 bytea NOT NULL,
      manifest text NOT NULL,
      cursor text NOT NULL UNIQUE,
      made_at timestamptz NOT NULL
    )`,
  ],
} as const;
