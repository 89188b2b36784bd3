import { type Limit, nextDelivery } from './deliveries.ts';
import type { Delivery } from './outbox.ts';
import type { Parts, Room } from './room.ts';

/** In one transaction: five milliseconds, in which nobody notices that main is busy. */
const rowsAtOnce = 250;
/** `meta`: up to which row what was received before this epoch waits again; not there when all of it does. */
const reached = 'again_up_to';

/** The middleware's, as last entered; empty before the first contact. */
export const readEpoch = ({ sql }: Room): string => sql.meta.get('epoch') ?? '';

/**
 * The middleware was restored: all that is still kept waits again, the oldest first. What is not done in this first step
 * goes on in `sendAgain`, also after a crash. @returns whether there is more of it
 */
export function enterEpoch(room: Room, epoch: string): boolean {
  const { sql, database } = room;
  if (sql.meta.get('epoch') === epoch) return false;
  const enter = database.transaction(() => {
    // What a backup had then may be what was lost now: the middleware says anew what its backups have.
    sql.forgetBackups.run();
    sql.setMeta.run('epoch', epoch);
    sql.setMeta.run(reached, '0');
  });
  enter.immediate();
  return takeStep(room);
}

export function* sendAgain(room: Room): Generator<void> {
  while (isSendingAgain(room) && takeStep(room)) yield;
}

export const isSendingAgain = ({ sql }: Room): boolean => sql.meta.get(reached) !== undefined;

/** @returns whether there is more to do */
function takeStep(room: Room): boolean {
  const { sql, database } = room;
  const step = database.transaction((): boolean => {
    const upTo = sql.meta.get(reached);
    if (upTo === undefined) return false;
    let rows = 0;
    let last: number | null = null;
    for (const run of sql.receivedBefore.all(Number(upTo), readEpoch(room), rowsAtOnce)) {
      rows += run.last - run.first + 1;
      if (last !== null && rows > rowsAtOnce) break;
      sql.dropReceived.run(run.first);
      sql.waitAgain.run(run.first, run.last);
      last = run.last;
    }
    if (last === null) sql.dropMeta.run(reached);
    else sql.setMeta.run(reached, String(last));
    return last !== null;
  });
  return step.immediate();
}

/**
 * Finds what goes next, `first` of it. Meanwhile nothing goes that what does not wait again yet would have to go before: in
 * its lane it would be overtaken.
 */
export function inOrder<T>(room: Room, find: () => { found: T; first: string | 'free' | null }): T {
  for (;;) {
    const { found, first } = find();
    const upTo = room.sql.meta.get(reached);
    if (upTo === undefined || first === 'free') return found;
    const id = first === null ? null : room.sql.idByTx.get(first);
    if (id != null && id <= Number(upTo)) return found;
    takeStep(room);
  }
}

/** What was just kept goes at once, unless something of its lane may still have to go before it. */
export function nextInOrder(parts: Parts, room: Room, limit: Limit): Delivery | null {
  return inOrder(room, () => {
    if (isSendingAgain(room)) room.live = room.live.filter(({ ownLane }) => ownLane);
    const found = nextDelivery(parts, room, limit);
    return { found, first: found?.kind === 'live' ? 'free' : (found?.records[0].txId ?? null) };
  });
}
