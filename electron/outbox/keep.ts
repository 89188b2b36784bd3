import { keptBytes } from '../../contract/kept-record.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import { base64url, hashRecord, linkChain, type ProvenRecord, sha256, stateKept } from './chain.ts';
import { DamagedQueue } from './inspect.ts';
import { markEntry } from './marks.ts';
import type { KeepRefusal, Kept } from './outbox.ts';
import { closeRoom, dropUnvouched, isInPlace, type Parts, type Room, writeHead } from './room.ts';
import { type EntryRow, toRecord } from './rows.ts';
import { ordinalOf, place } from './schema.ts';
import { isFull } from './space.ts';

/** What `data_base64` of one event can carry (200,000 letters), less the tag of AES-GCM. */
const largestContent = 149_984;
/** As large as a sealed record with all card files gets. */
const probeBytes = 32 * 1024;

export function keep(parts: Parts, room: Room, content: TransactionContent, lane: string | undefined): Result<Kept, KeepRefusal> {
  const plaintext = new TextEncoder().encode(JSON.stringify(content));
  try {
    const before = room.sql.entryByTx.get(content.txId);
    if (before && before.id !== room.unvouched?.id) return ok(toKept(parts, room, before));
    if (before && room.unvouched?.content.equals(sha256(plaintext))) return ok(vouch(parts, room, before, lane === undefined));
    // One record that no request can carry would hold up all that come after it.
    if (plaintext.length > largestContent) return refuse('storage_failed');
    if (!isInPlace(room, parts)) throw new DamagedQueue('file_gone');
    if (!parts.space.hasRoom()) return refuse('disk_full');
    const row = commit(parts, room, content, plaintext, lane ?? base64url(parts.random(16)));
    return ok(vouch(parts, room, row, lane === undefined));
  } finally {
    plaintext.fill(0);
  }
}

/** The one transaction. An earlier try that nobody was told of goes with it. */
function commit(parts: Parts, room: Room, content: TransactionContent, plaintext: Uint8Array, lane: string): EntryRow {
  const row = seal(parts, room, content, plaintext, lane);
  room.sql.inTransaction.immediate(() => {
    dropUnvouched(room);
    room.sql.addEntry.run(row);
    room.sql.addWaiting.run(row.id);
    room.sql.moveQueue.run(row.sequence, linkChain(row.previous, row.record), room.queue.ordinal);
  });
  room.unvouched = { id: row.id, content: sha256(plaintext) };
  return row;
}

function seal(parts: Parts, { queue }: Room, content: TransactionContent, plaintext: Uint8Array, lane: string): EntryRow {
  const { terminal } = parts.identity;
  const { txId, reference } = content;
  const sequence = queue.sequence + 1;
  const sealed = parts.seal(plaintext, { txId, terminal, generation: queue.generation, sequence });
  const keptAt = parts.clock.wall().toISOString();
  const envelope = { terminal, generation: queue.generation, sequence, txId, reference, lane, keptAt, ...sealed };
  const kept: Omit<ProvenRecord, 'signature'> = { ...envelope, record: hashRecord(envelope), previous: queue.chain };
  const row = {
    id: place(queue.ordinal, sequence),
    generation: queue.generation,
    sequence,
    tx_id: txId,
    reference,
    lane,
    form: content.form.id,
    key_id: sealed.keyId,
    kept_at: keptAt,
    record: Buffer.from(kept.record),
    previous: queue.chain,
    signature: Buffer.from(parts.identity.sign(keptBytes(stateKept(terminal, kept)))),
    encapsulated: Buffer.from(sealed.encapsulated),
    ciphertext: Buffer.from(sealed.ciphertext),
  };
  return { ...row, mark: markEntry(row) };
}

/** The second half of keeping: the head on disk. Throws when the disk does not take it; the row then waits for nobody. */
function vouch(parts: Parts, room: Room, row: EntryRow, ownLane: boolean): Kept {
  const before = room.queue;
  room.queue = { ...before, sequence: row.sequence, chain: linkChain(row.previous, row.record) };
  try {
    writeHead(parts, room, row);
  } catch (error) {
    room.queue = before;
    throw error;
  }
  room.unvouched = null;
  room.live.push({ id: row.id, ticks: parts.clock.ticks(), ownLane });
  return toKept(parts, room, row);
}

/** Takes back what was committed without a head, and makes sure that no half-written head speaks of it. */
export function undoUnvouched(parts: Parts, room: Room): void {
  if (!room.unvouched) return;
  room.database.transaction(() => dropUnvouched(room)).immediate();
  room.unvouched = null;
  writeHead(parts, room, room.sql.entry.get(place(room.queue.ordinal, room.queue.sequence)) ?? null);
}

export function probe(parts: Parts, room: Room): Result<null, KeepRefusal> {
  if (!isInPlace(room, parts)) throw new DamagedQueue('file_gone');
  undoUnvouched(parts, room);
  room.sql.fillProbe.run(probeBytes);
  room.sql.emptyProbe.run();
  parts.space.restore();
  return parts.space.hasRoom() ? ok(null) : refuse('disk_full');
}

export function look(parts: Parts, room: Room): Result<null, KeepRefusal> {
  if (!isInPlace(room, parts)) throw new DamagedQueue('file_gone');
  return parts.space.hasRoom() ? ok(null) : refuse('disk_full');
}

export function leave(parts: Parts, room: Room): void {
  try {
    undoUnvouched(parts, room);
  } catch {
    // The disk takes nothing: the next start finds the record beside an older head, as after a crash at that moment.
  }
  closeRoom(room);
}

function toKept(parts: Parts, room: Room, row: EntryRow): Kept {
  const terminal = room.owners.get(ordinalOf(row.id))?.terminal ?? parts.identity.terminal;
  const ticket = { ...stateKept(terminal, toRecord(row)), signature: base64url(row.signature) };
  return { txId: row.tx_id, reference: row.reference, keptAt: row.kept_at, ticket };
}

export function whyNot(error: unknown): KeepRefusal {
  return isFull(error) ? 'disk_full' : 'storage_failed';
}
