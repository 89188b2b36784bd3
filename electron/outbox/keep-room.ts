import { makeBackground } from '../store/background.ts';
import { DamagedQueue, isDamage, isOfFile } from './damage.ts';
import { sendAgain } from './epoch.ts';
import { leave } from './keep.ts';
import { enter, replace, replaceOpen } from './replace.ts';
import { isInPlace, type Parts, type Room, writeHead } from './room.ts';
import { salvage } from './salvage.ts';
import { place } from './schema.ts';
import { type Aside, listAside, mendNotes } from './set-aside.ts';
import { isFull, mayBeFull, takesFiles } from './space.ts';
import { stateLaidAside } from './state-laid-aside.ts';
import { verifyAll } from './verify.ts';

const mostRenewals = 5;
const renewalsMs = 3_600_000;

/** The open database of an outbox: looked through in the background, and replaced by another when it turns out damaged. */
export type RoomKeeper = {
  get(): Room;
  /** Carries out `work`; where it finds the file damaged, once more with the one that takes its place. */
  use<T>(work: (room: Room) => T): T;
  /** `use` for what makes the queue shorter: that goes on while the disk is full. */
  drain<T>(work: (room: Room) => T): T;
  /** What was set aside and is not in this database yet: the newest first. */
  listUnsalvaged(): Aside[];
  /** After those that are under way. */
  addCheck(check: () => Generator<void>): void;
  /** All that was received before this epoch. */
  sendAgain(): void;
  finishChecks(): void;
  close(): void;
};

export function keepRoom(parts: Parts, unreadable: 'throw' | 'replace'): RoomKeeper {
  const { folder, clock, space } = parts;
  let room: Room | null = openFirst();
  const slices = { ticks: () => performance.now(), step: stepOnce };
  const background = makeBackground(slices);
  /** Beside the others: a look at each row of a long queue takes minutes, and what was lost elsewhere should not wait for it. */
  const sending = makeBackground(slices);
  let renewals: number[] = [];
  planChecks(get());

  function openFirst(): Room {
    try {
      return enterWithRoom();
    } catch (error) {
      if (unreadable !== 'replace' || !isOfFile(error) || !takesFiles(folder)) throw error;
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

  /** Null after a damaged one could not be replaced: tried again by whoever needs it next. */
  function get(): Room {
    if (!room) {
      room = enterWithRoom();
      planChecks(room);
    }
    return room;
  }

  /** Also where its statements cannot be read any more: they are made anew from what is still there. */
  function listUnsalvaged({ sql }: Room): Aside[] {
    return listAside(folder)
      .filter(({ name, statements }) => statements === null || sql.isSalvaged.get(name) === undefined)
      .toReversed();
  }

  /** What was set aside and is not in this database yet; what a crash cut short; then every row. */
  function planChecks(current: Room): void {
    mendAside(current);
    for (const aside of listUnsalvaged(current)) background.add(() => salvage(parts, current, aside));
    background.add(() => stateAtStart(current));
    background.add(() => verifyAll(current));
    sending.add(() => sendAgain(current));
  }

  function mendAside({ queue: { ordinal, generation } }: Room): void {
    try {
      const mended = mendNotes(folder, { at: clock.wall().toISOString(), successor: { ordinal, generation } });
      if (mended > 0) parts.log('queue_damaged', { why: 'notes_damaged', queues: mended });
    } catch {
      // The disk takes nothing: at the next start again, and nobody keeps or sends less for it.
    }
  }

  function* stateAtStart(current: Room): Generator<void> {
    yield;
    // It may begin a queue: the head of that must not be on disk before it is.
    current.database.pragma('synchronous = FULL');
    stateLaidAside(parts, current);
  }

  /** A step in the background waits for no disk: should it be forgotten, it is done again. */
  function stepOnce(running: Generator<void>): boolean {
    const { database } = get();
    try {
      database.pragma('synchronous = NORMAL');
      return !running.next().done;
    } catch (error) {
      if (isFull(error)) space.release();
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
    sending.clear();
    room = null;
    if (damaged) room = replaceOpen(parts, damaged, error instanceof DamagedQueue ? error.message : 'damaged');
    planChecks(get());
  }

  function use<T>(work: (room: Room) => T): T {
    try {
      return work(get());
    } catch (error) {
      if (!isDamage(error)) throw error;
      renew(error);
      return work(get());
    }
  }

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

  return {
    get,
    use,
    drain,
    listUnsalvaged: () => use(listUnsalvaged),
    addCheck: (check) => background.add(check),
    sendAgain: () => sending.add(() => sendAgain(get())),
    finishChecks() {
      sending.finish();
      background.finish();
    },
    close() {
      sending.stop();
      background.stop();
      if (room) leave(parts, room);
    },
  };
}

/** At each contact, as at each start: the database is the file under its name, and as far as its head. */
export function compareHead(parts: Parts, current: Room): void {
  const { generation, sequence, ordinal } = current.queue;
  if (!isInPlace(current, parts)) throw new DamagedQueue('file_gone');
  if (current.unvouched) return;
  if (current.sql.queues.all().at(-1)?.sequence !== sequence) throw new DamagedQueue('records_gone');
  const head = parts.headFile.reread();
  if (head?.generation === generation && head.sequence === sequence) return;
  writeHead(parts, current, current.sql.entry.get(place(ordinal, sequence)) ?? null);
}
