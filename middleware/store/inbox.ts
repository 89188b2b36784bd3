import * as z from 'zod';
import type { Queries } from './database.ts';

/** A record as the terminal sealed it. Binary values are raw bytes; `keptAt` is the terminal's own text. */
export type SealedRecord = {
  txId: string;
  terminal: string;
  sequence: number;
  reference: string;
  keyId: string;
  encapsulated: Uint8Array;
  ciphertext: Uint8Array;
  sha256: Uint8Array;
  keptAt: string;
};

export type StoredRecord = { receipt: string; fingerprint: string };

export type Inbox = {
  find(txIds: readonly string[]): Promise<Map<string, StoredRecord>>;
  /** Leaves a record alone that is already there, whoever stored it. Committed when it resolves. */
  add(records: readonly { record: SealedRecord; receivedAt: Date; receipt: string }[]): Promise<void>;
};

const bytes = z.instanceof(Uint8Array);
const FoundRow = z.object({
  tx_id: z.string(),
  terminal: z.string(),
  sequence: z.number(),
  reference: z.string(),
  key_id: z.string(),
  encapsulated: bytes,
  sha256: bytes,
  receipt: z.string(),
});

/**
 * What makes two deliveries the same record: the sealed bytes and everything they are bound to. A repeat may differ in
 * nothing but the terminal's clock.
 */
export function fingerprint(record: Omit<SealedRecord, 'ciphertext' | 'keptAt'>): string {
  const { txId, terminal, sequence, reference, keyId, encapsulated, sha256 } = record;
  return JSON.stringify([txId, terminal, sequence, reference, keyId, toBase64(encapsulated), toBase64(sha256)]);
}

export function createInbox(database: Queries): Inbox {
  return {
    async find(txIds) {
      if (txIds.length === 0) return new Map();
      const rows = await database.query(
        `SELECT tx_id::text, terminal, sequence::float8 AS sequence, reference, key_id, encapsulated, sha256, receipt
         FROM inbox WHERE tx_id = ANY($1::uuid[])`,
        [txIds],
      );
      return new Map(
        rows.map((raw) => {
          const row = FoundRow.parse(raw);
          return [row.tx_id, { receipt: row.receipt, fingerprint: fingerprint({ ...row, txId: row.tx_id, keyId: row.key_id }) }];
        }),
      );
    },

    async add(records) {
      if (records.length === 0) return;
      const rows = records.map(({ record, receivedAt, receipt }) => ({
        tx_id: record.txId,
        terminal: record.terminal,
        sequence: record.sequence,
        reference: record.reference,
        key_id: record.keyId,
        encapsulated: toBase64(record.encapsulated),
        ciphertext: toBase64(record.ciphertext),
        sha256: toBase64(record.sha256),
        kept_at: record.keptAt,
        received_at: receivedAt.toISOString(),
        receipt,
      }));
      // In one order for everybody: two batches with the same records in another order would wait for each other for ever.
      await database.query(
        `INSERT INTO inbox (tx_id, terminal, sequence, reference, key_id, encapsulated, ciphertext, sha256, kept_at, received_at, receipt)
         SELECT tx_id, terminal, sequence, reference, key_id, decode(encapsulated, 'base64'), decode(ciphertext, 'base64'),
                decode(sha256, 'base64'), kept_at, received_at, receipt
         FROM jsonb_to_recordset($1::text::jsonb) AS given (tx_id uuid, terminal text, sequence bigint, reference text, key_id text,
              encapsulated text, ciphertext text, sha256 text, kept_at text, received_at timestamptz, receipt text)
         ORDER BY tx_id
         ON CONFLICT (tx_id) DO NOTHING`,
        [JSON.stringify(rows)],
      );
    },
  };
}

function toBase64(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
}
