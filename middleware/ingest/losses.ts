import { hash, type KeyObject, verify } from 'node:crypto';
import { LossStatement, lossType } from '../../contract/kept-record.ts';
import type { Database, Queries } from '../store/database.ts';
import { setForked, type TerminalKey } from '../terminals/terminals.ts';
import { findLinked, lockQueue, type Queue } from './queues.ts';
import { exportKey } from './store-delivery.ts';

export type ReadLoss = { statement: LossStatement; signer: KeyObject };

/** A terminal's compact JWS about its own loss. Null: not one, or by none of these keys. */
export function readLoss(jws: string, keys: readonly KeyObject[]): ReadLoss | null {
  // One spelling: what is read leniently below would be another statement for each, and some of them no text for a database.
  if (!/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$/.test(jws)) return null;
  const [header = '', payload = '', signature = ''] = jws.split('.');
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
 * another statement about the same queue. `forkFound`: it shows that the queue exists twice.
 * @param from `keys`: newest first
 * @returns null when it is no statement of this terminal, or one by a key from before the queue's
 */
export async function recordLoss(
  { database, now }: { database: Database; now: () => Date },
  from: { terminal: string; keys: readonly Pick<TerminalKey, 'publicKey' | 'standing'>[] },
  jws: string,
): Promise<{ forkFound: boolean } | null> {
  const read = readLoss(
    jws,
    from.keys.map(({ publicKey }) => publicKey),
  );
  if (read === null || read.statement.terminal !== from.terminal) return null;
  const { terminal, generation, head, missing, successor } = read.statement;
  const id = hash('sha256', jws, 'buffer');
  return await database.transaction(async (queries) => {
    const queue = await lockQueue(queries, terminal, generation);
    if (isOlder(read.signer, queue, from.keys)) return null;
    const written = await queries.query(
      `INSERT INTO loss (statement_sha256, terminal, generation, statement, signer, recorded_at)
       VALUES ($1, $2, $3, $4, $5, $6::timestamptz) ON CONFLICT DO NOTHING RETURNING 1`,
      [id, terminal, generation, jws, exportKey(read.signer), now().toISOString()],
    );
    if (written.length === 0) return { forkFound: false };
    await queries.query(
      `INSERT INTO missing (statement_sha256, terminal, generation, first_sequence, last_sequence)
       SELECT $1, $2, $3, (range->>0)::bigint, (range->>1)::bigint FROM json_array_elements($4::text::json) AS range`,
      [id, terminal, generation, JSON.stringify(missing)],
    );
    const closed = closeAt(queue, head);
    const isFork = await showsCopies(queries, queue, head);
    await queries.query(
      `UPDATE queue SET successor = $3, linked = $4::bigint, closed_at = $5::bigint, closed_chain = $6, forked = forked OR $7::boolean
       WHERE terminal = $1 AND generation = $2`,
      [terminal, generation, successor, await findLinked(queries, queue), closed.at, closed.chain, isFork],
    );
    const forkFound = isFork && !queue.forked;
    const isBelieved = from.keys.find(({ publicKey }) => publicKey === read.signer)?.standing === 'active';
    if (forkFound && isBelieved) await setForked(queries, terminal, now());
    return { forkFound };
  });
}

/** What a terminal that was enrolled anew lost before, it states with its new key. One that was withdrawn by that states nothing of the new. */
function isOlder(signer: KeyObject, { owner }: Pick<Queue, 'owner'>, keys: readonly Pick<TerminalKey, 'publicKey'>[]): boolean {
  if (owner === null) return false;
  const placeOf = (key: Uint8Array) => keys.findIndex(({ publicKey }) => exportKey(publicKey).equals(key));
  const ownerAt = placeOf(owner);
  return ownerAt >= 0 && placeOf(exportKey(signer)) > ownerAt;
}

/** The least that who knows of this queue says that there was. */
function closeAt({ closed }: Queue, head: LossStatement['head']): NonNullable<Queue['closed']> {
  if (head === null) return closed ?? { at: 0, chain: null };
  const { sequence: at, chain } = head;
  return closed !== null && closed.at <= at ? closed : { at, chain: Buffer.from(chain, 'base64url') };
}

/**
 * Two statements of one terminal about one queue never tell of more the second time, for it was closed by the first; and its
 * last record is the one that came here.
 */
async function showsCopies(queries: Queries, { terminal, generation, closed }: Queue, head: LossStatement['head']): Promise<boolean> {
  if (head === null) return false;
  if (closed !== null && head.sequence > closed.at) return true;
  const chain = Buffer.from(head.chain, 'base64url');
  if (closed !== null && closed.at === head.sequence && closed.chain !== null && !chain.equals(closed.chain)) return true;
  const others = await queries.query(
    'SELECT 1 FROM inbox WHERE terminal = $1 AND generation = $2 AND sequence = $3::bigint AND NOT held AND chain <> $4',
    [terminal, generation, head.sequence, chain],
  );
  return others.length > 0;
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
