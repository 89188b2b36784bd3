import { hash, type KeyObject, verify } from 'node:crypto';
import { LossStatement, lossType } from '../../contract/kept-record.ts';
import type { Database } from '../store/database.ts';
import { findLinked, lockQueue } from './queues.ts';

export type ReadLoss = { statement: LossStatement; signer: KeyObject };

/** A terminal's compact JWS about its own loss. Null: not one, or by none of these keys. */
export function readLoss(jws: string, keys: readonly KeyObject[]): ReadLoss | null {
  const [header, payload, signature, ...more] = jws.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) return null;
  const said = decode(header);
  const isLoss =
    typeof said === 'object' && said !== null && 'alg' in said && said.alg === 'ES256' && 'typ' in said && said.typ === lossType;
  const statement = LossStatement.safeParse(decode(payload));
  if (!isLoss || !statement.success || statement.data.missing.some(([first, last]) => last < first)) return null;
  const bytes = Buffer.from(signature, 'base64url');
  const signed = Buffer.from(`${header}.${payload}`);
  const signer = keys.find((key) => verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, bytes));
  return signer === undefined ? null : { statement: statement.data, signer };
}

/**
 * Writes it down, once however often it is said, and moves on over what is gone. What a terminal lost more later is
 * another statement about the same queue.
 * @returns false when it is no statement of this terminal
 */
export async function recordLoss(
  { database, now }: { database: Database; now: () => Date },
  from: { terminal: string; keys: readonly KeyObject[] },
  jws: string,
): Promise<boolean> {
  const read = readLoss(jws, from.keys);
  if (read === null || read.statement.terminal !== from.terminal) return false;
  const { terminal, generation, missing, successor } = read.statement;
  const id = hash('sha256', jws, 'buffer');
  await database.transaction(async (queries) => {
    const queue = await lockQueue(queries, terminal, generation);
    const written = await queries.query(
      `INSERT INTO loss (statement_sha256, terminal, generation, statement, signer, recorded_at)
       VALUES ($1, $2, $3, $4, $5, $6::timestamptz) ON CONFLICT DO NOTHING RETURNING 1`,
      [id, terminal, generation, jws, read.signer.export({ format: 'der', type: 'spki' }), now().toISOString()],
    );
    if (written.length === 0) return;
    await queries.query(
      `INSERT INTO missing (statement_sha256, terminal, generation, first_sequence, last_sequence)
       SELECT $1, $2, $3, (range->>0)::bigint, (range->>1)::bigint FROM json_array_elements($4::text::json) AS range`,
      [id, terminal, generation, JSON.stringify(missing)],
    );
    await queries.query('UPDATE queue SET successor = $3, linked = $4::bigint WHERE terminal = $1 AND generation = $2', [
      terminal,
      generation,
      successor,
      await findLinked(queries, queue),
    ]);
  });
  return true;
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
