import type { TransactionEvent } from '../../contract/wire.ts';
import { asBuffer, base64url } from '../outbox/chain.ts';
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

/**
 * `toBatch` as UTF-8 JSON, written piece by piece into one buffer: in a fifth of the time that objects take, or one long text.
 * @param desk where it is written if there is room: of a backlog's megabytes, new memory each time is a third of the work
 */
export function writeBatch({ records }: Pick<Delivery, 'records'>, terminal: string, desk?: Buffer): Buffer {
  const source = quote(`urn:loket:terminal:${terminal}`);
  const pieces = records.map((record, at) => ({
    before: `${at === 0 ? '[' : ','}${textBefore(record, source)}`,
    data: record.ciphertext,
    after: `${textAfter(record, { first: at === 0, last: at === records.length - 1 })}${at === records.length - 1 ? ']' : ''}`,
  }));
  const size = pieces.reduce((sum, { before, data, after }) => sum + byteLength(before) + base64Length(data) + byteLength(after), 0);
  const body = desk !== undefined && desk.length >= size ? desk.subarray(0, size) : Buffer.allocUnsafeSlow(size);
  let length = 0;
  for (const { before, data, after } of pieces) {
    length += body.write(before, length);
    length += body.write(base64(data), length, 'latin1');
    length += body.write(after, length);
  }
  return body.subarray(0, length);
}

function textBefore({ txId, keptAt }: WaitingRecord, source: string): string {
  const fixed = `"type":"be.loket.transaction.v1","time":${quote(keptAt)},"datacontenttype":"application/octet-stream"`;
  return `{"specversion":"1.0","id":${quote(txId)},"source":${source},${fixed},"data_base64":"`;
}

function textAfter(record: WaitingRecord, { first, last }: { first: boolean; last: boolean }): string {
  const { generation, sequence, reference, lane, keyId, encapsulated, previous, signature } = record;
  const place = `"generation":${quote(generation)},"sequence":${sequence},"reference":${quote(reference)},"lane":${quote(lane)}`;
  const ends = `${first ? `,"previous":"${base64url(previous)}"` : ''}${last ? `,"signature":"${base64url(signature)}"` : ''}`;
  return `",${place},"keyid":${quote(keyId)},"encapsulated":"${base64(encapsulated)}"${ends}}`;
}

/** Most are of such characters, and JSON as they are: a look at them takes a third of the time. */
const isPlain = /^[\w.:-]*$/;
const quote = (text: string): string => (isPlain.test(text) ? `"${text}"` : JSON.stringify(text));
const base64 = (bytes: Uint8Array): string => asBuffer(bytes).toString('base64');
const base64Length = ({ length }: Uint8Array): number => Math.ceil(length / 3) * 4;
const { byteLength } = Buffer;

function toEvent(record: WaitingRecord, terminal: string): TransactionEvent {
  return {
    specversion: '1.0',
    id: record.txId,
    source: `urn:loket:terminal:${terminal}`,
    type: 'be.loket.transaction.v1',
    time: record.keptAt,
    datacontenttype: 'application/octet-stream',
    data_base64: base64(record.ciphertext),
    generation: record.generation,
    sequence: record.sequence,
    reference: record.reference,
    lane: record.lane,
    keyid: record.keyId,
    encapsulated: base64(record.encapsulated),
  };
}
