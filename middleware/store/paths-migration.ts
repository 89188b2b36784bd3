/** A record's path under its receipt is made of the delivery's leaves, which are here: stored, it was a tenth of all that is. */
export const pathsMigration = {
  number: 11,
  name: 'paths are made of the leaves',
  statements: ['ALTER TABLE inbox DROP COLUMN path'],
} as const;
