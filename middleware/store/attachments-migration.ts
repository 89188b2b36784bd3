/** Attachments, sealed, in the pieces in which they came. The key is in a sealed record, so this table tells nobody anything. */
export const attachmentsMigration = {
  number: 5,
  name: 'attachments',
  statements: [
    `CREATE TABLE attachment (
      id uuid PRIMARY KEY,
      terminal text NOT NULL,
      -- Of the ciphertext, as announced.
      length bigint NOT NULL CHECK (length > 0),
      sha256 bytea NOT NULL,
      received bigint NOT NULL DEFAULT 0 CHECK (received BETWEEN 0 AND length),
      -- ended: the terminal said that it will not come. Stays, so that its case stops waiting.
      state text NOT NULL DEFAULT 'coming' CHECK (state IN ('coming', 'whole', 'ended')),
      touched_at timestamptz NOT NULL,
      -- A record that was opened names it: it never expires.
      claimed boolean NOT NULL DEFAULT false,
      -- As the watermarks of queue: what a backup that has begun will have, and what one that ended has.
      backing_up boolean NOT NULL DEFAULT false,
      backed_up boolean NOT NULL DEFAULT false,
      CHECK ((state = 'whole') = (received = length) OR state = 'ended')
    )`,
    'CREATE INDEX attachment_unclaimed ON attachment (terminal, touched_at) WHERE NOT claimed',
    `CREATE TABLE attachment_piece (
      attachment uuid NOT NULL REFERENCES attachment (id) ON DELETE CASCADE,
      place bigint NOT NULL,
      content bytea NOT NULL,
      PRIMARY KEY (attachment, place)
    )`,
    // Ciphertext does not compress.
    'ALTER TABLE attachment_piece ALTER content SET STORAGE EXTERNAL',
  ],
} as const;
