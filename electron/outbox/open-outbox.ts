import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { refuse } from '../../contract/result.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { holdFile } from '../store/open-database.ts';
import { syncFolder } from '../store/write-whole.ts';
import { cover } from './cover.ts';
import { decide, markStuck } from './decisions.ts';
import { carryNext, followingDelivery, type Limit } from './deliveries.ts';
import { enterEpoch, inOrder, isSendingAgain, nextInOrder, readEpoch } from './epoch.ts';
import { noticeForgotten } from './forgotten.ts';
import { type HeadFile, openHeadFile } from './head-file.ts';
import { keep, look, probe, whyNot } from './keep.ts';
import { compareHead, keepRoom, type RoomKeeper } from './keep-room.ts';
import type { Carried, Outbox } from './outbox.ts';
import { noticeRollback } from './rollback.ts';
import { defaultRandom, hidden, type Parts, type Signer } from './room.ts';
import { createSeal, type SealKey } from './seal.ts';
import { listUnheard, markHeard, markRead } from './set-aside.ts';
import { markReceived, receiptOf, stateOf } from './settle.ts';
import { createSpace } from './space.ts';
import { readStatus } from './status.ts';

export type OutboxOptions = {
  folder: string;
  identity: Signer;
  /** The newest published key, asked at each keeping. */
  sealKey: () => SealKey;
  clock: Clock;
  log?: Log;
  reserveMebibytes: number;
  keepDays: number;
  /** A file that cannot be opened although the folder takes files: set aside as a damaged one, or (usually) thrown about. */
  unreadable?: 'throw' | 'replace';
  /** In place of chance, for tests. */
  random?: (bytes: number) => Uint8Array;
};

/**
 * `finishChecks`: what otherwise goes on in small slices (salvage, looking at each row), done when it returns.
 * `afterChecks`: once, when that has been done; not at all where the file turns out damaged meanwhile.
 */
export type OpenOutbox = Outbox & { finishChecks(): void; afterChecks(work: () => void): void };

/**
 * Opens the queue in `folder`; a damaged one is set aside and replaced by an empty one, into which what is whole of it is
 * salvaged. Throws when the disk lets nothing be read or written, when another process has it (`SQLITE_BUSY`), and when a
 * newer version of the app wrote it: then nothing can be kept (`openWhenPossible` goes on trying).
 */
export function openOutbox(options: OutboxOptions): OpenOutbox {
  const { folder, identity, clock, keepDays, log = () => undefined, random = defaultRandom } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const held = holdFile(join(folder, 'outbox.lock'));
  const headFile = openHeadOrLeave();
  const space = createSpace(options);
  const seal = createSeal(options.sealKey);
  const parts: Parts = { folder, file: join(folder, 'outbox.db'), identity, seal, clock, log, headFile, space, keepDays, random };
  const rooms = openRooms();
  const { use, drain } = rooms;

  function openHeadOrLeave(): HeadFile {
    try {
      const opened = openHeadFile(join(folder, 'outbox.head'));
      syncFolder(folder);
      return opened;
    } catch (error) {
      held.close();
      throw error;
    }
  }

  function openRooms(): RoomKeeper {
    try {
      const opened = keepRoom(parts, options.unreadable ?? 'throw');
      space.restore();
      return opened;
    } catch (error) {
      headFile.close();
      held.close();
      throw error;
    }
  }

  /** Damage ends it: what is left would be no more than what was salvaged so far. */
  function* carry(limit: Limit): Generator<Carried> {
    const begun = rooms.get();
    const readOn = (after: number) =>
      use((current) => {
        if (current !== begun) throw new Error('damaged while it was carried');
        return inOrder(current, () => {
          const found = carryNext(current, after, limit);
          return { found, first: found?.carried.records[0].txId ?? null };
        });
      });
    for (let next = readOn(0); next !== null; next = readOn(next.last)) yield next.carried;
  }

  return {
    keep(content, { lane }) {
      try {
        return use((current) => keep(parts, current, content, lane));
      } catch (error) {
        return refuse(whyNot(error));
      }
    },
    probe() {
      try {
        return use((current) => probe(parts, current));
      } catch (error) {
        return refuse(whyNot(error));
      }
    },
    look() {
      try {
        return use((current) => look(parts, current));
      } catch (error) {
        return refuse(whyNot(error));
      }
    },
    next: (limit) => drain((current) => nextInOrder(parts, current, limit)),
    nextAfter: (underWay, limit) => use((current) => (isSendingAgain(current) ? null : followingDelivery(parts, current, underWay, limit))),
    countWaiting: () => use((current) => current.sql.countWaiting.get(hidden(current)) ?? 0),
    head: () => use(({ queue: { generation, sequence, chain } }) => ({ generation, sequence, chain })),
    markReceived(txId, { proof, ...receipt }) {
      const run = { txIds: [txId], receipt: { ...receipt, proofs: { each: [proof] } } };
      drain((current) => markReceived(parts, current, [run]));
    },
    markAllReceived: (runs) => drain((current) => markReceived(parts, current, runs)),
    markStuck: (txId, reason) => drain((current) => markStuck(current, txId, reason)),
    decide: (reference, decision) => drain((current) => decide(parts, current, reference, decision)),
    cover(news) {
      drain((current) => cover(parts, current, news));
      space.restore();
    },
    enterEpoch(epoch) {
      if (drain((current) => enterEpoch(current, epoch))) rooms.sendAgain();
    },
    epoch: () => use(readEpoch) || null,
    noticeRollback(listed) {
      use((current) => compareHead(parts, current));
      drain((current) => noticeRollback(parts, current, listed));
    },
    noticeForgotten: (listed) => drain((current) => noticeForgotten(parts, current, listed)),
    losses: () => listUnheard(folder, use(readEpoch)),
    markLossHeard: (id) => markHeard(folder, id, use(readEpoch)),
    markLossesRead: () => markRead(folder),
    receiptOf: (txId) => use((current) => receiptOf(parts, current, txId)),
    stateOf: (txId) => use((current) => stateOf(current, txId)),
    status: () => use((current) => readStatus(parts, current)),
    waitingDeliveries: carry,
    isSalvaging: () => rooms.listUnsalvaged().length > 0,
    finishChecks: rooms.finishChecks,
    afterChecks: (work) =>
      rooms.addCheck(function* () {
        yield;
        // A salvage that failed comes after this: not before that has been done.
        if (rooms.listUnsalvaged().length > 0) throw new Error('there is more to salvage');
        work();
      }),
    close() {
      rooms.close();
      headFile.close();
      held.close();
    },
  };
}
