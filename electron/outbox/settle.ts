import type { InclusionProof, Receipt } from '../../contract/receipt.ts';
import { base64url, sameBytes } from './chain.ts';
import { DamagedQueue } from './damage.ts';
import { markRun } from './marks.ts';
import type { ReceivedRun, RecordState } from './outbox.ts';
import { hidden, nobody, type Parts, type Room } from './room.ts';
import type { ReceivedRow } from './rows.ts';
import { ordinalOf, place, placesOf } from './schema.ts';
import { pathOf } from './tree.ts';

/** Ends entries, as one transaction. What is not here, or has ended, is left as it is. */
export function markReceived({ headFile }: Parts, room: Room, runs: readonly ReceivedRun[]): void {
  const { sql } = room;
  const epoch = sql.meta.get('epoch') ?? null;
  const mark = () => {
    for (const run of runs) end(room, run, epoch);
  };
  lightly(room, mark);
  headFile.writeHint({ generation: room.queue.generation, ...readSettled(room, room.queue.ordinal) });
}

function end({ sql, ...room }: Room, run: ReceivedRun, epoch: string | null): void {
  const ids = run.txIds.map((txId) => sql.idByTx.get(txId) ?? nobody);
  const range = [Math.min(...ids.filter((id) => id !== nobody)), Math.max(...ids)] as const;
  const open = new Set(sql.openBetween.all(...range, ...range).filter((id) => id !== room.unvouched?.id));
  for (const { first, last, at } of findSpans(ids, (id) => open.has(id))) {
    sql.dropWaitingBetween.run(first, last);
    sql.dropFatesBetween.run(first, last);
    sql.addReceived.run(toRow(run, { first, last, at, epoch }));
  }
}

type Span = { first: number; last: number /** Place of `first` in the list. */; at: number };

/** Where consecutive ids stand one after the other. */
function findSpans(ids: readonly number[], isMeant: (id: number) => boolean): Span[] {
  const spans: Span[] = [];
  for (const [at, id] of ids.entries()) {
    const span = spans.at(-1);
    if (!isMeant(id)) continue;
    if (span && id === span.last + 1 && at === span.at + id - span.first) span.last = id;
    else spans.push({ first: id, last: id, at });
  }
  return spans;
}

function toRow(
  { receipt: { head, held, receivedAt, proofs } }: ReceivedRun,
  { first, last, at, epoch }: Span & { epoch: string | null },
): ReceivedRow {
  const isWhole = 'leaves' in proofs;
  const row = {
    first,
    last,
    head,
    leaves: isWhole ? proofs.leaves : null,
    place: isWhole ? at : 0,
    proofs: isWhole ? null : JSON.stringify(proofs.each.slice(at, at + last - first + 1)),
    held: held ? 1 : 0,
    received_at: receivedAt,
    epoch,
  };
  return { ...row, mark: markRun(row) };
}

/**
 * Without waiting for the disk: a power cut that forgets a receipt costs sending once more, and the same receipt comes
 * again. What the log holds before it is on disk first, and the next keeping takes all of it along.
 */
export function lightly(room: Room, work: () => void): void {
  room.database.pragma('synchronous = NORMAL');
  try {
    room.sql.inTransaction.immediate(work);
  } finally {
    room.database.pragma('synchronous = FULL');
  }
}

/** Up to where everything of a queue has a receipt, and up to where it was let go. */
export function readSettled({ sql, queue }: Room, ordinal: number): { settled: number; floor: number } {
  const range = placesOf(ordinal);
  const row = sql.queues.all().find((known) => known.ordinal === ordinal);
  const last = ordinal === queue.ordinal ? queue.sequence : (row?.sequence ?? 0);
  const open = [sql.firstWaiting.get(...range), sql.firstUnsettled.get(...range)].flatMap((id) => id ?? []);
  return { settled: Math.min(last, ...open.map((id) => id - place(ordinal, 0) - 1)), floor: row?.floor ?? 0 };
}

/** The run that a record is in; null: it has no receipt. */
export function findRun({ sql }: Room, id: number): Pick<ReceivedRow, 'first' | 'last'> | null {
  const span = sql.spanBefore.get(id);
  return span && id <= span.last ? span : null;
}

/** All of it. Throws `DamagedQueue`. */
export function readRun({ sql }: Room, { first }: Pick<ReceivedRow, 'first'>): ReceivedRow {
  const row = sql.received.get(first);
  if (!row || !sameBytes(row.mark, markRun(row))) throw new DamagedQueue('received');
  return row;
}

export function stateOf(room: Room, txId: string): RecordState | null {
  const { sql } = room;
  const id = sql.idByTx.get(txId) ?? null;
  if (id === null || id === hidden(room)) return null;
  const fate = sql.fate.get(id);
  if (fate) return fate.state;
  const run = findRun(room, id);
  if (run) readRun(room, run);
  return run ? 'received' : 'waiting';
}

export function receiptOf({ identity }: Parts, room: Room, txId: string): Receipt | null {
  const row = room.sql.entryByTx.get(txId);
  const run = row && findRun(room, row.id);
  if (!row || !run) return null;
  const received = readRun(room, run);
  const { reference, generation, sequence } = row;
  const terminal = room.owners.get(ordinalOf(row.id))?.terminal ?? identity.terminal;
  return {
    leaf: { txId, reference, terminal, generation, sequence, record: base64url(row.record), held: received.held === 1 },
    proof: proofOf(received, row.id),
    head: received.head,
  };
}

function proofOf({ first, leaves, place: from, proofs }: ReceivedRow, id: number): InclusionProof {
  const index = from + id - first;
  if (leaves) return { index, path: pathOf(leaves, index) };
  const each: InclusionProof[] = JSON.parse(proofs ?? '[]');
  const proof = each[id - first];
  if (!proof) throw new DamagedQueue('received');
  return proof;
}
