import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { refuse } from '../../contract/result.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { holdFile } from '../store/open-database.ts';
import { syncFolder } from '../store/write-whole.ts';
import { createBackground } from './background.ts';
import { cover } from './cover.ts';
import { carryNext, followingDelivery, type Limit, nextDelivery } from './deliveries.ts';
import { type HeadFile, openHeadFile } from './head-file.ts';
import { DamagedQueue, isDamage, isOfFile } from './inspect.ts';
import { keep, leave, probe, whyNot } from './keep.ts';
import type { Carried, Outbox } from './outbox.ts';
import { enter, replace, replaceOpen } from './replace.ts';
import { noticeRollback } from './rollback.ts';
import { defaultRandom, hidden, isInPlace, type Parts, type Room, type Signer, writeHead } from './room.ts';
import { salvage } from './salvage.ts';
import { place } from './schema.ts';
import { createSeal, type SealKey } from './seal.ts';
import { type Aside, listAside, listUnheard, markHeard } from './set-aside.ts';
import { decide, enterEpoch, markReceived, markStuck, readEpoch, receiptOf, stateOf } from './settle.ts';
import { createSpace, isFull, mayBeFull, takesFiles } from './space.ts';
import { readStatus } from './status.ts';
import { verifyAll } from './verify.ts';

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

const mostRenewals = 5;
const renewalsMs = 3_600_000;

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
  let room: Room | null = openFirst();
  const background = createBackground({ ticks: () => performance.now(), step: stepOnce });
  let renewals: number[] = [];
  planChecks(getRoom());

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

  function openFirst(): Room {
    try {
      const opened = enterOrReplace();
      space.restore();
      return opened;
    } catch (error) {
      headFile.close();
      held.close();
      throw error;
    }
  }

  function enterOrReplace(): Room {
    try {
      return enterWithRoom();
    } catch (error) {
      if (options.unreadable !== 'replace' || !isOfFile(error) || !takesFiles(folder)) throw error;
      return replace(parts, 'unreadable', []);
    }
  }

  /** A disk that is full, or looks like it, may let it be opened without the ballast. */
  function enterWithRoom(): Room {
    try {
      return enter(parts);
    } catch (error) {
      if (!mayBeFull(error)) throw error;
      space.release();
      return enter(parts);
    }
  }

  /** The newest first. */
  function listUnsalvaged({ sql }: Room): Aside[] {
    return listAside(folder)
      .filter(({ name }) => sql.isSalvaged.get(name) === undefined)
      .toReversed();
  }

  /** What was set aside and is not in this database yet; then every row. */
  function planChecks(current: Room): void {
    for (const aside of listUnsalvaged(current)) background.add(() => salvage(parts, current, aside));
    background.add(() => verifyAll(current));
  }

  /** Null after a damaged one could not be replaced: tried again by whoever needs it next. */
  function getRoom(): Room {
    if (!room) {
      room = enterWithRoom();
      planChecks(room);
    }
    return room;
  }

  /** A step of salvage waits for no disk: should it be forgotten, it is done again. */
  function stepOnce(running: Generator<void>): boolean {
    const { database } = getRoom();
    try {
      database.pragma('synchronous = NORMAL');
      return !running.next().done;
    } catch (error) {
      if (!isDamage(error)) throw error;
      renew(error);
      return false;
    } finally {
      if (database.open) database.pragma('synchronous = FULL');
    }
  }

  /** A disk that damages one file after the other is not to be filled with them: then nothing is kept on it. */
  function renew(error: unknown): void {
    const now = clock.ticks();
    renewals = [...renewals.filter((then) => now - then < renewalsMs), now];
    if (renewals.length > mostRenewals) throw new Error('the disk fails again and again');
    const damaged = room;
    background.clear();
    room = null;
    if (damaged) room = replaceOpen(parts, damaged, error instanceof DamagedQueue ? error.message : 'damaged');
    planChecks(getRoom());
  }

  /** Carries out `work`; where it finds the file damaged, once more with the one that takes its place. */
  function use<T>(work: (room: Room) => T): T {
    try {
      return work(getRoom());
    } catch (error) {
      if (!isDamage(error)) throw error;
      renew(error);
      return work(getRoom());
    }
  }

  /** Damage ends it: what is left would be no more than what was salvaged so far. */
  function* carry(limit: Limit): Generator<Carried> {
    const begun = getRoom();
    const readOn = (after: number) =>
      use((current) => {
        if (current !== begun) throw new Error('damaged while it was carried');
        return carryNext(current, after, limit);
      });
    for (let next = readOn(0); next !== null; next = readOn(next.last)) yield next.carried;
  }

  /** `use` for what makes the queue shorter: that goes on while the disk is full. */
  function drain<T>(work: (room: Room) => T): T {
    try {
      return use(work);
    } catch (error) {
      if (!isFull(error)) throw error;
      space.release();
      return use((current) => {
        current.database.pragma('wal_checkpoint(RESTART)');
        return work(current);
      });
    }
  }

  /** At each contact, as at each start: the database is the file under its name, and as far as its head. */
  function compareHead(current: Room): void {
    const { generation, sequence, ordinal } = current.queue;
    if (!isInPlace(current, parts)) throw new DamagedQueue('file_gone');
    if (current.unvouched) return;
    if (current.sql.queues.all().at(-1)?.sequence !== sequence) throw new DamagedQueue('records_gone');
    const head = headFile.reread();
    if (head?.generation === generation && head.sequence === sequence) return;
    writeHead(parts, current, current.sql.entry.get(place(ordinal, sequence)) ?? null);
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
    next: (limit) => use((current) => nextDelivery(parts, current, limit)),
    nextAfter: (underWay, limit) => use((current) => followingDelivery(parts, current, underWay, limit)),
    countWaiting: () => use((current) => current.sql.countWaiting.get(hidden(current)) ?? 0),
    head: () => use(({ queue: { generation, sequence, chain } }) => ({ generation, sequence, chain })),
    markReceived: (txId, receipt) => drain((current) => markReceived(parts, current, [{ txId, receipt }])),
    markAllReceived: (items) => drain((current) => markReceived(parts, current, items)),
    markStuck: (txId, reason) => drain((current) => markStuck(current, txId, reason)),
    decide: (reference, decision) => drain((current) => decide(parts, current, reference, decision)),
    cover(news) {
      drain((current) => cover(parts, current, news));
      space.restore();
    },
    enterEpoch: (epoch) => drain((current) => enterEpoch(current, epoch)),
    noticeRollback(listed) {
      use(compareHead);
      drain((current) => noticeRollback(parts, current, listed));
    },
    losses: () => listUnheard(folder, use(readEpoch)),
    markLossHeard: (id) => markHeard(folder, id, use(readEpoch)),
    receiptOf: (txId) => use((current) => receiptOf(parts, current, txId)),
    stateOf: (txId) => use((current) => stateOf(current, txId)),
    status: () => use((current) => readStatus(parts, current)),
    waitingDeliveries: carry,
    isSalvaging: () => use(listUnsalvaged).length > 0,
    finishChecks: () => background.finish(),
    afterChecks: (work) =>
      background.add(function* () {
        yield;
        // A salvage that failed comes after this: not before that has been done.
        if (listUnsalvaged(getRoom()).length > 0) throw new Error('there is more to salvage');
        work();
      }),
    close() {
      background.stop();
      if (room) leave(parts, room);
      headFile.close();
      held.close();
    },
  };
}
