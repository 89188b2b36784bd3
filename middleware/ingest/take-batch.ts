import { createHash } from 'node:crypto';
import type { ItemResult, ReceiptClaims, TransactionEvent } from '../../contract/wire.ts';
import type { SignReceipt } from '../receipts/sign-receipt.ts';
import { fingerprint, type Inbox, type SealedRecord } from '../store/inbox.ts';
import type { ReadBatch } from './read-batch.ts';

export type IngestParts = {
  inbox: Inbox;
  signReceipt: SignReceipt;
  /** Ids of the keys that the worker can open with. The keys themselves never come here: accept is not process. */
  knownKeys: ReadonlySet<string>;
  now: () => Date;
};

/**
 * Stores sealed bytes once and answers with a receipt per item: the stored one when the same record comes again,
 * byte for byte. An item whose id nobody can read gets no result; the terminal keeps it.
 */
export async function takeBatch(parts: IngestParts, batch: ReadBatch): Promise<ItemResult[]> {
  const records: SealedRecord[] = [];
  const early = new Map<number, ItemResult>();
  const recordAt = new Map<number, SealedRecord>();
  for (const [index, item] of batch.items.entries()) {
    if (item.kind === 'invalid') {
      if (item.txId !== null) early.set(index, { txId: item.txId, status: 'refused', reason: 'invalid' });
      continue;
    }
    if (!parts.knownKeys.has(item.event.keyid)) {
      early.set(index, { txId: item.event.id, status: 'refused', reason: 'unknown_key' });
      continue;
    }
    const record = toRecord(item.event, batch.terminal);
    records.push(record);
    recordAt.set(index, record);
  }

  const stored = await parts.inbox.find(records.map((record) => record.txId));
  const fresh = new Map<string, SealedRecord>();
  for (const record of records) if (!stored.has(record.txId) && !fresh.has(record.txId)) fresh.set(record.txId, record);
  const receivedAt = parts.now();
  const toStore = await Promise.all(
    [...fresh.values()].map(async (record) => ({ record, receivedAt, receipt: await parts.signReceipt(claimsOf(record, receivedAt)) })),
  );
  await parts.inbox.add(toStore);
  // Read back rather than trusted: another batch may have stored one of these in the meantime, and then its receipt counts.
  for (const [txId, row] of await parts.inbox.find([...fresh.keys()])) stored.set(txId, row);

  return batch.items.flatMap((_, index) => {
    const refused = early.get(index);
    if (refused !== undefined) return [refused];
    const record = recordAt.get(index);
    if (record === undefined) return [];
    const row = stored.get(record.txId);
    if (row === undefined) throw new Error('a record that was stored a moment ago is not there');
    const result: ItemResult =
      row.fingerprint === fingerprint(record)
        ? { txId: record.txId, status: 'received', receipt: row.receipt }
        : { txId: record.txId, status: 'refused', reason: 'different_content' };
    return [result];
  });
}

function toRecord(event: TransactionEvent, terminal: string): SealedRecord {
  const ciphertext = Buffer.from(event.data_base64, 'base64');
  return {
    txId: event.id,
    terminal,
    sequence: event.sequence,
    reference: event.reference,
    keyId: event.keyid,
    encapsulated: Buffer.from(event.encapsulated, 'base64'),
    ciphertext,
    sha256: createHash('sha256').update(ciphertext).digest(),
    keptAt: event.time,
  };
}

function claimsOf(record: SealedRecord, receivedAt: Date): ReceiptClaims {
  return {
    txId: record.txId,
    reference: record.reference,
    terminal: record.terminal,
    sha256: Buffer.from(record.sha256).toString('base64url'),
    receivedAt: receivedAt.toISOString(),
  };
}
