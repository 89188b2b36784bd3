import { isFormer, listFormer } from './former.ts';
import type { QueueStatus, Stuck } from './outbox.ts';
import { hidden, type Parts, type Room } from './room.ts';
import { countUnread } from './set-aside.ts';

/** What an operator sees: forms and references, no names. */
export function readStatus(parts: Parts, room: Room): QueueStatus {
  const { sql } = room;
  const former = listFormer(parts, room).map((row) => ({ ...row, reason: 'former_terminal' }));
  const isNotFormer = ({ id }: { id: number }) => former.length === 0 || !isFormer(parts, room, id);
  const waiting = sql.listWaiting.all(hidden(room)).filter(isNotFormer);
  return {
    generation: room.queue.generation,
    waiting: waiting.map(({ form, reference, kept_at: keptAt }) => ({ form, reference, keptAt })),
    needsPerson: [...former, ...sql.stuckEntries.all()].map(({ form, reference, kept_at: keptAt, reason, lane, id }) => ({
      form,
      reference,
      keptAt,
      reason: toStuck(reason),
      behind: sql.countBehind.get(lane, id) ?? 0,
    })),
    received: sql.countReceived.get() ?? 0,
    lost: countUnread(parts.folder),
    freeMebibytes: parts.space.freeMebibytes(),
  };
}

const reasons: readonly Stuck[] = ['different_content', 'unknown_key', 'invalid', 'damaged', 'former_terminal'];
const toStuck = (reason: string): Stuck => reasons.find((known) => known === reason) ?? 'damaged';
