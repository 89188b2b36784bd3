import type { TransactionEvent } from '../../contract/wire.ts';
import { base64url } from '../outbox/chain.ts';
import type { Delivery, WaitingRecord } from '../outbox/outbox.ts';

/**
 * A delivery as it crosses the line, or is carried in an export: the first item says what comes before it, the last one
 * carries the terminal's word for all.
 */
export function toBatch({ records }: Pick<Delivery, 'records'>, terminal: string): TransactionEvent[] {
  return records.map((record, at) => ({
    ...toEvent(record, terminal),
    ...(at === 0 && { previous: base64url(record.previous) }),
    ...(at === records.length - 1 && { signature: base64url(record.signature) }),
  }));
}

function toEvent(record: WaitingRecord, terminal: string): TransactionEvent {
  return {
    specversion: '1.0',
    id: record.txId,
    source: `urn:loket:terminal:${terminal}`,
    type: 'be.loket.transaction.v1',
    time: record.keptAt,
    datacontenttype: 'application/octet-stream',
    data_base64: Buffer.from(record.ciphertext).toString('base64'),
    generation: record.generation,
    sequence: record.sequence,
    reference: record.reference,
    lane: record.lane,
    keyid: record.keyId,
    encapsulated: Buffer.from(record.encapsulated).toString('base64'),
  };
}
