import { keptBytes } from '../../contract/kept-record.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import { asBuffer, base64url, hashRecord, linkChain, type ProvenRecord, sha256, stateKept } from './chain.ts';
import { DamagedQueue } from './damage.ts';
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
    const tried = room.unvouched?.content.equals(sha256(plaintext)) ? room.sql.entry.get(room.unvouched.id) : undefined;
    if (tried?.tx_id === content.txId) return ok(vouch(parts, room, chained(tried), lane === undefined));
    const refusal = findRefusal(parts, room, plaintext);
    if (refusal !== null) {
      const known = findKept(room, content.txId);
      return known ? ok(toKept(parts, room, chained(known))) : refuse(refusal);
    }
    const { known, sealed } = commit(parts, room, content, plaintext, lane ?? base64url(parts.random(16)));
    return ok(sealed ? vouchNew(parts, room, sealed, { plaintext, ownLane: lane === undefined }) : toKept(parts, room, chained(known)));
  } finally {
    plaintext.fill(0);
  }
}

/** What is already there is answered also where nothing more can be kept. Throws `DamagedQueue`. */
function findRefusal(parts: Parts, room: Room, plaintext: Uint8Array): KeepRefusal | null {
  // One record that no request can carry would hold up all that come after it.
  if (plaintext.length > largestContent) return 'storage_failed';
  if (!isInPlace(room, parts)) throw new DamagedQueue('file_gone');
  return parts.space.hasRoom() ? null : 'disk_full';
}

function findKept(room: Room, txId: string): EntryRow | undefined {
  const row = room.sql.entryByTx.get(txId);
  return row?.id === room.unvouched?.id ? undefined : row;
}

/** The one transaction, the look for an earlier keeping in it. An earlier try that nobody was told of goes with it. */
function commit(
  parts: Parts,
  room: Room,
  content: TransactionContent,
  plaintext: Uint8Array,
  lane: string,
): { known: EntryRow; sealed?: undefined } | { known?: undefined; sealed: Chained } {
  const { sql } = room;
  let known: EntryRow | undefined;
  let sealed: Chained | undefined;
  sql.inTransaction.immediate(() => {
    known = findKept(room, content.txId);
    if (known) return;
    dropUnvouched(room);
    sealed = seal(parts, room, content, plaintext, lane);
    const { row, chain } = sealed;
    sql.addEntry.run(row);
    sql.addWaiting.run(row.id);
    sql.moveQueue.run(row.sequence, chain, room.queue.ordinal);
  });
  if (known) return { known };
  if (sealed === undefined) throw new Error('a transaction that did nothing');
  return { sealed };
}

/** `chain`: after it. */
type Chained = { row: EntryRow; chain: Buffer };
const chained = (row: EntryRow): Chained => ({ row, chain: linkChain(row.previous, row.record) });

/** A head that the disk does not take leaves a row that nobody was told of: the same content again is the same keeping. */
function vouchNew(parts: Parts, room: Room, sealed: Chained, { plaintext, ownLane }: { plaintext: Uint8Array; ownLane: boolean }): Kept {
  try {
    return vouch(parts, room, sealed, ownLane);
  } catch (error) {
    room.unvouched = { id: sealed.row.id, content: sha256(plaintext) };
    throw error;
  }
}

function seal(parts: Parts, { queue }: Room, content: TransactionContent, plaintext: Uint8Array, lane: string): Chained {
  const { terminal } = parts.identity;
  const { txId, reference } = content;
  const sequence = queue.sequence + 1;
  const sealed = parts.seal(plaintext, { txId, terminal, generation: queue.generation, sequence });
  const keptAt = parts.clock.wall().toISOString();
  const envelope = { terminal, generation: queue.generation, sequence, txId, reference, lane, keptAt, ...sealed };
  const kept: Omit<ProvenRecord, 'signature'> = { ...envelope, record: hashRecord(envelope), previous: queue.chain };
  const chain = linkChain(kept.previous, kept.record);
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
    record: asBuffer(kept.record),
    previous: queue.chain,
    signature: asBuffer(parts.identity.sign(keptBytes(stateKept(terminal, kept, chain)))),
    encapsulated: asBuffer(sealed.encapsulated),
    ciphertext: asBuffer(sealed.ciphertext),
  };
  return { row: { ...row, mark: markEntry(row) }, chain };
}

/** The second half of keeping: the head on disk. Throws when the disk does not take it; the row then waits for nobody. */
function vouch(parts: Parts, room: Room, { row, chain }: Chained, ownLane: boolean): Kept {
  const before = room.queue;
  room.queue = { ...before, sequence: row.sequence, chain };
  try {
    writeHead(parts, room, row);
  } catch (error) {
    room.queue = before;
    throw error;
  }
  room.unvouched = null;
  room.live.push({ id: row.id, ticks: parts.clock.ticks(), ownLane });
  return toKept(parts, room, { row, chain });
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

function toKept(parts: Parts, room: Room, { row, chain }: Chained): Kept {
  const terminal = room.owners.get(ordinalOf(row.id))?.terminal ?? parts.identity.terminal;
  const ticket = { ...stateKept(terminal, toRecord(row), chain), signature: base64url(row.signature) };
  return { txId: row.tx_id, reference: row.reference, keptAt: row.kept_at, ticket };
}

export function whyNot(error: unknown): KeepRefusal {
  return isFull(error) ? 'disk_full' : 'storage_failed';
}
