import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { compactVerify, importJWK, type JWK } from 'jose';
import { ReceiptClaims } from '../../contract/wire.ts';

export type OutboxRecord = {
  txId: string;
  reference: string;
  keptAt: string;
  receivedAt: string | null;
  /** Verified here once more, with the published key and the record's own bytes: not taken from what the app says. */
  receiptVerified: boolean;
};

type Row = { tx_id: string; reference: string; kept_at: string; received_at: string | null; receipt: string | null; ciphertext: Buffer };

/** What a terminal's outbox holds, read from its file beside the app. */
export async function readOutbox(dataDir: string, receiptKey: Record<string, unknown>): Promise<OutboxRecord[]> {
  const database = new Database(join(dataDir, 'loket', 'outbox.db'), { readonly: true });
  try {
    const rows = database.prepare<[], Row>('select * from entry order by sequence').all();
    return await Promise.all(
      rows.map(async (row) => ({
        txId: row.tx_id,
        reference: row.reference,
        keptAt: row.kept_at,
        receivedAt: row.received_at,
        receiptVerified: row.receipt !== null && (await verifies(row, row.receipt, receiptKey)),
      })),
    );
  } finally {
    database.close();
  }
}

async function verifies(row: Row, receipt: string, jwk: Record<string, unknown>): Promise<boolean> {
  try {
    const key = await importJWK(jwk as JWK, 'ES256');
    const { payload } = await compactVerify(receipt, key, { algorithms: ['ES256'] });
    const claims = ReceiptClaims.parse(JSON.parse(new TextDecoder().decode(payload)));
    return claims.txId === row.tx_id && claims.sha256 === createHash('sha256').update(row.ciphertext).digest('base64url');
  } catch {
    return false;
  }
}
