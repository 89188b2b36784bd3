/** Where a stated loss closed a queue; records that a person rejected; records and cases that wait for an authority's word. */
export const decisionsMigration = {
  number: 6,
  name: 'closed queues, rejected records, refused cases',
  statements: [
    // The least head that a loss statement named (0: none), and the chain there. What is new beyond it shows that the queue
    // exists twice. NULL: nothing was stated, or an older version wrote it down.
    'ALTER TABLE queue ADD COLUMN closed_at bigint, ADD COLUMN closed_chain bytea',
    // Not before then: an authority could not be asked, or did not know.
    'ALTER TABLE inbox ADD COLUMN try_after timestamptz, ADD COLUMN tries int NOT NULL DEFAULT 0',
    'ALTER TABLE inbox ADD COLUMN rejected_why text, ADD COLUMN rejected_by text, ADD COLUMN rejected_at timestamptz',
    'ALTER TABLE inbox DROP CONSTRAINT inbox_state_check',
    `ALTER TABLE inbox ADD CONSTRAINT inbox_state_check
      CHECK (state IN ('received', 'held', 'executed', 'quarantined', 'rejected')),
      ADD CONSTRAINT inbox_rejected_check CHECK ((state = 'rejected') = (rejected_why IS NOT NULL)
        AND (rejected_why IS NULL) = (rejected_by IS NULL) AND (rejected_by IS NULL) = (rejected_at IS NULL))`,
    'ALTER TABLE cases DROP CONSTRAINT cases_status_check, DROP CONSTRAINT cases_check',
    `ALTER TABLE cases ADD COLUMN refusal text,
      ADD CONSTRAINT cases_status_check CHECK (status IN ('open', 'awaiting_attachment', 'doubted', 'refused')),
      ADD CONSTRAINT cases_refusal_check CHECK ((status = 'refused') = (refusal IS NOT NULL)),
      ADD CONSTRAINT cases_doubts_check
        CHECK ((status = 'doubted') = (cardinality(doubts) > 0) OR status IN ('awaiting_attachment', 'refused'))`,
  ],
} as const;
