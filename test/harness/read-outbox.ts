import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { compactVerify, importJWK } from 'jose';
import type { PublicJwk } from '../../contract/key-set.ts';
import { InclusionProof, leafBytes, ReceiptHead } from '../../contract/receipt.ts';
import { pathOf } from '../../electron/outbox/tree.ts';

export type OutboxRecord = {
  txId: string;
  reference: string;
  keptAt: string;
  receivedAt: string | null;
  /** Verified here once more, with the published key and the record's own hash: not taken from what the app says. */
  receiptVerified: boolean;
};

type Row = {
  tx_id: string;
  reference: string;
  generation: string;
  sequence: number;
  kept_at: string;
  record: Buffer;
  received_at: string | null;
  held: number | null;
  head: string | null;
  leaves: Buffer | null;
  place: number | null;
  proofs: string | null;
  /** Place among those that were received together. */
  at: number | null;
};

/** The queue's file beside a running or ended app. */
export const outboxFile = (dataDir: string): string => join(dataDir, 'loket', 'outbox', 'outbox.db');

/** What a terminal's outbox holds, read from its file beside the app. */
export async function readOutbox(dataDir: string, receiptKey: PublicJwk): Promise<OutboxRecord[]> {
  const database = new Database(outboxFile(dataDir), { readonly: true });
  try {
    const rows = database
      .prepare<[], Row>(
        `select entry.*, received_at, held, head, leaves, place, proofs, entry.id - first as at from entry
         left join received on entry.id between first and last order by entry.id`,
      )
      .all();
    return await Promise.all(
      rows.map(async (row) => ({
        txId: row.tx_id,
        reference: row.reference,
        keptAt: row.kept_at,
        receivedAt: row.received_at,
        receiptVerified: row.head !== null && (await verifies(row, row.head, receiptKey)),
      })),
    );
  } finally {
    database.close();
  }
}

async function verifies(row: Row, jws: string, jwk: PublicJwk): Promise<boolean> {
  try {
    const { payload } = await compactVerify(jws, await importJWK(jwk, 'ES256'), { algorithms: ['ES256'] });
    const head = ReceiptHead.parse(JSON.parse(new TextDecoder().decode(payload)));
    const { index, path } = proofOf(row);
    const { tx_id: txId, reference, generation, sequence, held } = row;
    const leaf = {
      txId,
      reference,
      terminal: head.terminal,
      generation,
      sequence,
      record: row.record.toString('base64url'),
      held: held === 1,
    };
    return rootOf(sha256(Buffer.of(0), leafBytes(leaf)), index, head.size, path) === head.root;
  } catch {
    return false;
  }
}

function proofOf({ leaves, place, proofs, at }: Row): InclusionProof {
  const index = (place ?? 0) + (at ?? 0);
  return leaves ? { index, path: pathOf(leaves, index) } : InclusionProof.parse(JSON.parse(proofs ?? '')[at ?? 0]);
}

/** RFC 9162, 2.1.3.2. */
function rootOf(leaf: Buffer, index: number, size: number, path: readonly string[]): string | null {
  let [hash, at, last] = [leaf, index, size - 1];
  for (const step of path) {
    if (last === 0) return null;
    const sibling = Buffer.from(step, 'base64url');
    if (at % 2 === 1 || at === last) {
      hash = sha256(Buffer.of(1), sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at >> 1, last >> 1];
    } else {
      hash = sha256(Buffer.of(1), hash, sibling);
    }
    [at, last] = [at >> 1, last >> 1];
  }
  return last === 0 ? hash.toString('base64url') : null;
}

function sha256(...parts: Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}
