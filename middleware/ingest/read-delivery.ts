import { hash, type KeyObject, verify } from 'node:crypto';
import {
  chainBytes,
  chainStartBytes,
  type KeptStatement,
  keptBytes,
  makeLinkDesk,
  type RecordEnvelope,
  recordText,
} from '../../contract/kept-record.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { batchLimits, TransactionBatch, type TransactionEvent } from '../../contract/wire.ts';
import { base64Size, decodeBase64, isUsualEvent } from './usual-event.ts';

/**
 * A record as the terminal sealed it. `record`: its hash. `chain`: the chain after it. Both 32 bytes. The four stand in the
 * delivery's `bytes`, from `at` on, in this order.
 */
export type DeliveredRecord = {
  txId: string;
  reference: string;
  sequence: number;
  lane: string;
  keyId: string;
  /** The terminal's own text. */
  keptAt: string;
  at: number;
  record: Buffer;
  chain: Buffer;
  encapsulated: Buffer;
  ciphertext: Buffer;
};

/** Consecutive records of one queue, and the terminal's word about the last. */
export type Delivery = {
  terminal: string;
  generation: string;
  previous: Buffer;
  records: readonly [DeliveredRecord, ...DeliveredRecord[]];
  /** All records' in one piece: decoded there, and given to the database as it is. */
  bytes: Buffer;
  head: KeptStatement;
  signature: Buffer;
};

export type DeliveryRefusal = 'not_a_batch' | 'not_a_delivery';

/**
 * Reads a delivery whole or not at all: the chain goes through every record, so one that cannot be read leaves those
 * behind it without anybody's word. Hashes each record once. The signature is checked by `findSigner`.
 */
export function readDelivery(body: unknown, terminal: string): Result<Delivery, DeliveryRefusal> {
  if (!Array.isArray(body) || body.length === 0 || body.length > batchLimits.records) return refuse('not_a_batch');
  const events = body.every(isUsualEvent) ? body : (TransactionBatch.safeParse(body).data ?? []);
  const [first] = events;
  const last = events.at(-1);
  if (first?.previous === undefined || last?.signature === undefined) return refuse('not_a_delivery');
  if (!areOneQueue(events, terminal)) return refuse('not_a_delivery');
  const previous = Buffer.from(first.previous, 'base64url');
  if (first.sequence === 1 && !previous.equals(sha256(chainStartBytes(terminal, first.generation)))) return refuse('not_a_delivery');

  const bytes = Buffer.allocUnsafeSlow(events.reduce((sum, event) => sum + sizeOf(event), 0));
  const read: DeliveredRecord[] = [];
  let place: { at: number; chain: Buffer } = { at: 0, chain: previous };
  for (const event of events) {
    const record = readRecord(event, terminal, bytes, place);
    if (record === null) return refuse('not_a_delivery');
    place = { at: place.at + sizeOf(event), chain: record.chain };
    read.push(record);
  }
  const [firstRecord, ...others] = read;
  if (firstRecord === undefined) return refuse('not_a_batch');
  const records: Delivery['records'] = [firstRecord, ...others];
  const head = stateHead(terminal, first.generation, others.at(-1) ?? firstRecord);
  return ok({
    terminal,
    generation: first.generation,
    previous,
    records,
    bytes,
    head,
    signature: Buffer.from(last.signature, 'base64url'),
  });
}

/** Whose key vouches for the delivery; null: none of these. */
export function findSigner({ head, signature }: Pick<Delivery, 'head' | 'signature'>, keys: readonly KeyObject[]): KeyObject | null {
  const bytes = keptBytes(head);
  return keys.find((key) => verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature)) ?? null;
}

const linkDesk = makeLinkDesk();

export function nextChain(chain: Uint8Array, record: Uint8Array): Buffer {
  return sha256(chainBytes(chain, record, linkDesk));
}

/** In order without a gap, from this terminal, no id twice. One spelling per id: it is bound into the seal as text. */
function areOneQueue(events: readonly TransactionEvent[], terminal: string): boolean {
  const [first] = events;
  if (first === undefined || new Set(events.map((event) => event.id)).size < events.length) return false;
  return events.every(
    (event, at) =>
      event.source === `urn:loket:terminal:${terminal}` &&
      event.generation === first.generation &&
      event.sequence === first.sequence + at &&
      event.id === event.id.toLowerCase(),
  );
}

const hashes = 2 * 32;

const sizeOf = ({ encapsulated, data_base64 }: TransactionEvent): number => hashes + base64Size(encapsulated) + base64Size(data_base64);

/** `place`: where in `bytes`, and the chain before it. */
function readRecord(
  event: TransactionEvent,
  terminal: string,
  bytes: Buffer,
  place: { at: number; chain: Buffer },
): DeliveredRecord | null {
  const { id: txId, reference, generation, sequence, lane, keyid: keyId, time: keptAt } = event;
  const { at } = place;
  const sealedAt = at + hashes;
  const ciphertextAt = sealedAt + base64Size(event.encapsulated);
  if (!decodeBase64(event.encapsulated, bytes, sealedAt) || !decodeBase64(event.data_base64, bytes, ciphertextAt)) return null;
  const encapsulated = bytes.subarray(sealedAt, ciphertextAt);
  const ciphertext = bytes.subarray(ciphertextAt, at + sizeOf(event));
  const record = hashRecord({ terminal, generation, sequence, txId, reference, lane, keyId, keptAt, encapsulated, ciphertext });
  const chain = nextChain(place.chain, record);
  bytes.set(record, at);
  bytes.set(chain, at + 32);
  return { txId, reference, sequence, lane, keyId, keptAt, at, record, chain, encapsulated, ciphertext };
}

/** Larger than any record of `TransactionEvent`. */
const bench = Buffer.allocUnsafe(256 * 1024);

/** Over `recordBytes`, laid out in one place for all: a piece of memory for each would be let go at once. */
function hashRecord(envelope: RecordEnvelope & Pick<DeliveredRecord, 'encapsulated' | 'ciphertext'>): Buffer {
  let end = bench.write(recordText(envelope));
  end += envelope.encapsulated.copy(bench, end);
  end += envelope.ciphertext.copy(bench, end);
  return sha256(bench.subarray(0, end));
}

function stateHead(terminal: string, generation: string, { sequence, reference, record, chain }: DeliveredRecord): KeptStatement {
  return { terminal, generation, sequence, reference, record: record.toString('base64url'), chain: chain.toString('base64url') };
}

/** By way of a text: a buffer of Node's own making takes as long as the hashing. */
function sha256(bytes: Uint8Array): Buffer {
  return Buffer.from(hash('sha256', bytes, 'binary'), 'latin1');
}
