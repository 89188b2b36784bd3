/** Pages for somebody's own telephone, sealed under the token that only the code on the glass carries. */
export const handoverMigration = {
  number: 10,
  name: 'handovers',
  statements: [
    `CREATE TABLE handover (
      token_sha256 bytea PRIMARY KEY,
      expires_at timestamptz NOT NULL,
      page bytea NOT NULL
    )`,
    `CREATE INDEX handover_expiry ON handover (expires_at)`,
  ],
};
