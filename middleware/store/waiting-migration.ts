/** Backups that may overlap; which case waits for which attachment. */
export const waitingMigration = {
  number: 7,
  name: 'backups by their number, cases by their attachments',
  statements: [
    // What was here when a backup began. Gone when it ended.
    `CREATE TABLE backup (
      id text PRIMARY KEY,
      begun_at timestamptz NOT NULL DEFAULT now()
    )`,
    `CREATE TABLE backup_queue (
      backup text NOT NULL REFERENCES backup (id) ON DELETE CASCADE,
      terminal text NOT NULL,
      generation text NOT NULL,
      linked bigint NOT NULL,
      PRIMARY KEY (backup, terminal, generation)
    )`,
    `CREATE TABLE backup_attachment (
      backup text NOT NULL REFERENCES backup (id) ON DELETE CASCADE,
      attachment uuid NOT NULL,
      PRIMARY KEY (backup, attachment)
    )`,
    'ALTER TABLE queue DROP COLUMN backing_up',
    // news: it came whole or will not come, and the cases that wait for it were not looked at since.
    'ALTER TABLE attachment DROP COLUMN backing_up, ADD COLUMN news boolean NOT NULL DEFAULT false',
    'CREATE INDEX attachment_news ON attachment (id) WHERE news',
    `CREATE TABLE awaited (
      attachment uuid NOT NULL,
      case_id uuid NOT NULL,
      PRIMARY KEY (attachment, case_id)
    )`,
    `INSERT INTO awaited SELECT DISTINCT (a->>'id')::uuid, case_id FROM cases, jsonb_array_elements(content->'attachments') AS a
     WHERE status = 'awaiting_attachment'`,
    // When a case that waits is looked at although nothing came for it. One of an older version beside this one: at once.
    'ALTER TABLE cases ADD COLUMN look_at timestamptz NOT NULL DEFAULT now()',
    'DROP INDEX cases_awaiting',
    `CREATE INDEX cases_awaiting ON cases (look_at) WHERE status = 'awaiting_attachment'`,
  ],
} as const;
