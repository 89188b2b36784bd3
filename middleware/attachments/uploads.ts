import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { Database, Queries } from '../store/database.ts';
import { readPieces } from './pieces.ts';

/** Where an upload is. Bytes of ciphertext. */
export type Upload = { length: number; received: number; backedUp: boolean };

export type Announced = { id: string; terminal: string; length: number; sha256: Uint8Array };

/** Of a terminal, as long as no record that was opened names them. */
export const unclaimedLimits = { uploads: 2_000, bytes: 4 * 1024 ** 3 } as const;

const Row = z.object({
  terminal: z.string(),
  length: z.number(),
  received: z.number(),
  state: z.enum(['coming', 'whole', 'ended']),
  sha256: z.instanceof(Uint8Array),
  backed_up: z.boolean(),
});
type Row = z.infer<typeof Row>;

export type NoUpload = 'not_found' | 'not_yours' | 'ended';

async function find(queries: Queries, id: string, terminal: string, lock: '' | 'FOR UPDATE'): Promise<Result<Row, NoUpload>> {
  const [raw] = await queries.query(
    `SELECT terminal, length::float8, received::float8, state, sha256, backed_up FROM attachment WHERE id = $1::uuid ${lock}`,
    [id],
  );
  if (raw === undefined) return refuse('not_found');
  const row = Row.parse(raw);
  if (row.terminal !== terminal) return refuse('not_yours');
  return row.state === 'ended' ? refuse('ended') : ok(row);
}

/** Saying the same again changes nothing. `different`: that name is another upload's, whoever's. */
export async function beginUpload(
  queries: Queries,
  { id, terminal, length, sha256 }: Announced,
  now: Date,
): Promise<Result<null, NoUpload | 'different' | 'too_many'>> {
  const known = await find(queries, id, terminal, '');
  if (known.ok || known.error !== 'not_found') return isAs(known, { length, sha256 });
  const [sum] = await queries.query(
    'SELECT count(*)::float8 AS uploads, coalesce(sum(length), 0)::float8 AS bytes FROM attachment WHERE terminal = $1 AND NOT claimed',
    [terminal],
  );
  const { uploads, bytes } = z.object({ uploads: z.number(), bytes: z.number() }).parse(sum);
  if (uploads >= unclaimedLimits.uploads || bytes + length > unclaimedLimits.bytes) return refuse('too_many');
  await queries.query(
    `INSERT INTO attachment (id, terminal, length, sha256, touched_at) VALUES ($1::uuid, $2, $3::bigint, $4, $5::timestamptz)
     ON CONFLICT (id) DO NOTHING`,
    [id, terminal, length, sha256, now.toISOString()],
  );
  // Somebody else may have been quicker with this name.
  return isAs(await find(queries, id, terminal, ''), { length, sha256 });
}

function isAs(
  found: Result<Row, NoUpload>,
  { length, sha256 }: Pick<Announced, 'length' | 'sha256'>,
): Result<null, NoUpload | 'different'> {
  if (!found.ok) return found;
  return found.value.length === length && Buffer.compare(found.value.sha256, sha256) === 0 ? ok(null) : refuse('different');
}

export async function readUpload(queries: Queries, id: string, terminal: string): Promise<Result<Upload, NoUpload>> {
  const found = await find(queries, id, terminal, '');
  if (!found.ok) return found;
  const { length, received, backed_up: backedUp } = found.value;
  return ok({ length, received, backedUp });
}

export type PieceRefusal = NoUpload | 'wrong_offset' | 'too_long' | 'wrong_content';

/**
 * A piece is stored whole or not at all, and only at the place up to where everything is here: of two that come for one
 * place, at whatever instance, one is late. With the last piece the whole is compared with what was announced; what is not
 * that begins anew.
 */
export async function takePiece(
  database: Database,
  { id, terminal, offset, content }: { id: string; terminal: string; offset: number; content: Uint8Array },
  now: Date,
): Promise<Result<{ received: number; whole: boolean }, PieceRefusal>> {
  return await database.transaction(async (queries) => {
    const found = await find(queries, id, terminal, 'FOR UPDATE');
    if (!found.ok) return found;
    const { length, sha256 } = found.value;
    if (found.value.received !== offset) return refuse('wrong_offset');
    const received = offset + content.length;
    if (received > length) return refuse('too_long');
    if (content.length > 0)
      await queries.query('INSERT INTO attachment_piece (attachment, place, content) VALUES ($1::uuid, $2::bigint, $3)', [
        id,
        offset,
        content,
      ]);
    const whole = received === length;
    const isRight = !whole || (await hashPieces(queries, id)).equals(sha256);
    if (!isRight) await queries.query('DELETE FROM attachment_piece WHERE attachment = $1::uuid', [id]);
    await queries.query(
      `UPDATE attachment SET received = $2::bigint, state = $3, touched_at = $4::timestamptz, news = ($3 = 'whole') WHERE id = $1::uuid`,
      [id, isRight ? received : 0, whole && isRight ? 'whole' : 'coming', now.toISOString()],
    );
    return isRight ? ok({ received, whole }) : refuse('wrong_content');
  });
}

async function hashPieces(queries: Queries, id: string): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const piece of readPieces(queries, id)) hash.update(piece);
  return hash.digest();
}

/** The terminal says that it will not come. What is whole stays; saying it twice says it once. */
export async function endUpload(database: Database, id: string, terminal: string): Promise<Result<null, 'not_found' | 'not_yours'>> {
  return await database.transaction(async (queries) => {
    const found = await find(queries, id, terminal, 'FOR UPDATE');
    if (!found.ok) return found.error === 'ended' ? ok(null) : refuse(found.error);
    if (found.value.state === 'whole') return ok(null);
    await queries.query('DELETE FROM attachment_piece WHERE attachment = $1::uuid', [id]);
    await queries.query(`UPDATE attachment SET state = 'ended', news = true WHERE id = $1::uuid`, [id]);
    return ok(null);
  });
}

const unclaimedDays = 60;

/**
 * What no record ever named: a record of the same terminal that was not carried out yet, held or not to be opened, may name
 * anything, so then nothing goes.
 */
export async function dropUnclaimed(queries: Queries, now: Date): Promise<void> {
  await queries.query(
    `DELETE FROM attachment WHERE id IN (
       SELECT a.id FROM attachment a WHERE NOT a.claimed AND a.touched_at < $1::timestamptz
         AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.terminal = a.terminal AND i.state NOT IN ('executed', 'rejected'))
       LIMIT 100)`,
    [new Date(now.getTime() - unclaimedDays * 86_400_000).toISOString()],
  );
}
