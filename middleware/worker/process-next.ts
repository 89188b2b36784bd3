import * as z from 'zod';
import type { Database } from '../store/database.ts';
import type { OpenSealed } from './open-sealed.ts';

const bytes = z.instanceof(Uint8Array);
const WaitingRow = z.object({
  tx_id: z.string(),
  terminal: z.string(),
  sequence: z.number(),
  reference: z.string(),
  key_id: z.string(),
  encapsulated: bytes,
  ciphertext: bytes,
});

export type Processed = 'executed' | 'quarantined' | 'nothing_waits';

/** A record at which our own program failed: the round goes on without it, the next round tries it again. */
export class RecordFailed extends Error {
  readonly txId: string;

  constructor(txId: string, cause: unknown) {
    super('a record could not be processed', { cause });
    this.name = 'RecordFailed';
    this.txId = txId;
  }
}

/**
 * Takes the oldest record that waits and carries it out: effect and inbox row in one transaction. SKIP LOCKED lets
 * several workers, in one process or many, take different records; the row stays locked until it is settled.
 * A record whose key is not here waits for an instance that has it.
 */
export async function processNext(
  parts: { database: Database; opening: OpenSealed; now: () => Date },
  leaveOut: readonly string[],
): Promise<Processed> {
  return await parts.database.transaction(async (queries) => {
    const [raw] = await queries.query(
      `SELECT tx_id::text, terminal, sequence::float8 AS sequence, reference, key_id, encapsulated, ciphertext
       FROM inbox WHERE state = 'received' AND key_id = ANY($1::text[]) AND NOT tx_id = ANY($2::uuid[])
       ORDER BY arrival LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [parts.opening.keyIds, leaveOut],
    );
    if (raw === undefined) return 'nothing_waits';
    const row = WaitingRow.parse(raw);
    try {
      const opened = await parts.opening.open({ ...row, txId: row.tx_id, keyId: row.key_id });
      const at = parts.now();
      if (!opened.ok) {
        await queries.query(
          `UPDATE inbox SET state = 'quarantined', quarantine_reason = $2, settled_at = $3::timestamptz WHERE tx_id = $1::uuid`,
          [row.tx_id, opened.error, at.toISOString()],
        );
        return 'quarantined';
      }
      await queries.query(
        `INSERT INTO cases (tx_id, product, content, opened_at) VALUES ($1::uuid, $2, $3::text::jsonb, $4::timestamptz)
         ON CONFLICT (tx_id) DO NOTHING`,
        [row.tx_id, opened.value.product, opened.value.json, at.toISOString()],
      );
      await queries.query(`UPDATE inbox SET state = 'executed', settled_at = $2::timestamptz WHERE tx_id = $1::uuid`, [
        row.tx_id,
        at.toISOString(),
      ]);
      return 'executed';
    } catch (error) {
      throw new RecordFailed(row.tx_id, error);
    }
  });
}
