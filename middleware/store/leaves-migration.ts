/** As `leafText` writes it, and hashed as a leaf is (RFC 9162, 2.1.1). */
const leafHash = `sha256('\\x00'::bytea || convert_to('["loket/received/1",' || to_json(tx_id::text) || ',' || to_json(reference) || ','
  || to_json(terminal) || ',' || to_json(generation) || ',' || sequence || ',' || to_json(translate(encode(record, 'base64'), '+/=', '-_'))
  || ',' || to_json(held) || ']', 'UTF8'))`;

/**
 * The leaves of a delivery's tree stand at its receipt, 32 bytes a record: each record's path is made of them. With its path at
 * each record, a tenth of all that is stored was paths.
 */
export const leavesMigration = {
  number: 11,
  name: 'leaves of a delivery',
  statements: [
    `ALTER TABLE delivery ADD COLUMN leaves bytea NOT NULL DEFAULT ''`,
    `UPDATE delivery d SET leaves = made.leaves FROM (SELECT delivery, string_agg(${leafHash}, '' ORDER BY leaf) AS leaves
       FROM inbox GROUP BY delivery) AS made WHERE made.delivery = d.log_sequence`,
    'ALTER TABLE delivery ALTER leaves DROP DEFAULT, ALTER leaves SET STORAGE EXTERNAL, SET (toast_tuple_target = 8160)',
    'ALTER TABLE inbox DROP COLUMN path',
  ],
} as const;
