import type { LossStatement, Ticket } from '../../contract/kept-record.ts';
import type { NeedsPerson } from '../../contract/operator.ts';
import type { InclusionProof, Receipt } from '../../contract/receipt.ts';
import type { Result } from '../../contract/result.ts';
import type { TransactionContent } from '../../contract/transaction.ts';

export type KeepRefusal = 'disk_full' | 'storage_failed';
export type Kept = { txId: string; reference: string; keptAt: string; ticket: Ticket };

/** A sealed record on its way. Nothing in it names a person. */
export type WaitingRecord = {
  generation: string;
  sequence: number;
  txId: string;
  reference: string;
  lane: string;
  keyId: string;
  keptAt: string;
  encapsulated: Uint8Array;
  ciphertext: Uint8Array;
  /** SHA-256 of `recordBytes`; checked against the bytes when it was read from disk. */
  record: Uint8Array;
  /** The chain before it. */
  previous: Uint8Array;
  /** The terminal's signature over its `KeptStatement`. */
  signature: Uint8Array;
};

/** Consecutive sequences of one generation: what one request may carry. */
export type Delivery = { kind: 'live' | 'backlog'; records: readonly [WaitingRecord, ...WaitingRecord[]] };

/** The same for a person to carry. `terminal`: who vouches for it, which may be one that this terminal was before. */
export type Carried = { terminal: string; records: Delivery['records'] };

export type StoredReceipt = Pick<Receipt, 'proof' | 'head'> & { held: boolean; receivedAt: string };

/** Records that were received together. `leaves`: the hashes of all leaves of the receipt's tree, which are these in this order. */
export type ReceivedRun = {
  txIds: readonly string[];
  receipt: Omit<StoredReceipt, 'proof'> & { proofs: { leaves: Buffer } | { each: readonly InclusionProof[] } };
};

/** Why a person has to look at a record: as the middleware said, or the disk changed it. */
export type Stuck = NeedsPerson['reason'];

/** `stuck`: for a person. `aside`: a person left it where it is. */
export type RecordState = 'waiting' | 'received' | 'stuck' | 'aside';

export type QueueHead = { generation: string; sequence: number; chain: Uint8Array };

export type QueueStatus = {
  generation: string;
  waiting: { form: string; reference: string; keptAt: string }[];
  needsPerson: { form: string; reference: string; keptAt: string; reason: Stuck; behind: number }[];
  received: number;
  /** By the disk, as far as no operator has read of it. */
  lost: number;
  freeMebibytes: number;
};

/** Synchronous: one process, one writer, each commit on disk when it returns. */
export type Outbox = {
  /**
   * Seals, chains, signs and commits, then writes the head to its own file. When it answers ok, both are on disk. A txId
   * that is already there answers its first keeping and seals nothing. `form`: shown to operators as what waits.
   */
  keep(content: TransactionContent, options: { lane?: string }): Result<Kept, KeepRefusal>;
  /** Whether a record would fit now, with the reserve left free; tried with a write of the same kind. */
  probe(): Result<null, KeepRefusal>;
  /** As much of that as can be seen without writing: the room that is left, and the file in its place. */
  look(): Result<null, KeepRefusal>;

  /** What to send next: what was kept in the last minute first (`live`), then the oldest. Null: nothing may go now. */
  next(limit: { records: number; bytes: number }): Delivery | null;
  /** What goes after `underWay`, should all of that be taken: read while it is under way. Null: nothing, or somebody waits. */
  nextAfter(underWay: Delivery, limit: { records: number; bytes: number }): Delivery | null;
  countWaiting(): number;
  head(): QueueHead;

  /**
   * Ends an entry. Only ever called with a receipt that has been verified. Throws when the disk takes nothing, as every
   * method does that changes an entry: then it waits as before, and a repeat brings the same receipt.
   */
  markReceived(txId: string, receipt: StoredReceipt): void;
  /** The same for the records of a delivery, as one transaction: a hundred cost little more than one. */
  markAllReceived(runs: readonly ReceivedRun[]): void;
  /** It stays here, its lane waits behind it, and a person has to look. */
  markStuck(txId: string, reason: Stuck): void;
  /** A person's decision about what waits for one. What is laid aside is stated. @returns how many records it changed */
  decide(reference: string, decision: 'again' | 'aside'): number;
  /** All that the middleware's backup has and whose days are over may go; in small steps. */
  cover(news: readonly { generation: string; linked: number; backedUp: number }[]): void;
  /**
   * The middleware was restored: what is still kept is sent again, and what was lost stated again. Does nothing for the epoch
   * it already knows. A long queue waits again little by little, and nothing is overtaken meanwhile.
   */
  enterEpoch(epoch: string): void;
  /** As last entered; null before the first contact. */
  epoch(): string | null;
  /** The middleware has more of this generation than this disk: the disk is older than it was. A new generation begins. */
  noticeRollback(linked: readonly { generation: string; linked: number }[]): void;
  /**
   * As told when nothing is under way. The middleware has less of a generation than it gave receipts for: it was restored, and
   * nobody said so. What it lacks waits again.
   */
  noticeForgotten(linked: readonly { generation: string; linked: number }[]): void;

  /** Statements of what is lost or laid aside that the middleware has not acknowledged in its present epoch, as compact JWS. */
  losses(): readonly { id: string; statement: string; claims: LossStatement }[];
  markLossHeard(id: string): void;
  /** An operator read how many the disk lost. */
  markLossesRead(): void;

  receiptOf(txId: string): Receipt | null;
  /** Null: not here, not yet or not any more. */
  stateOf(txId: string): RecordState | null;
  status(): QueueStatus;
  /**
   * All that has not ended, still sealed, the oldest first: also what is stuck or behind that, and what a terminal that
   * this one was before kept. One at a time is read. Not what the disk damaged: nobody could open it.
   */
  waitingDeliveries(limit: { records: number; bytes: number }): Generator<Carried>;
  /** Files were set aside, and what is whole of them is still being brought over: not all that waits is seen yet. */
  isSalvaging(): boolean;

  close(): void;
};
