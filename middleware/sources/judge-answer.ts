import * as z from 'zod';
import { FileItem, isSameSubject, itemLimits, type SilentWhy, Subject } from '../../contract/file.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';

/** What a back office answers. `asOf`: the moment that its data are of. */
const Answer = z.object({ asOf: z.iso.datetime({ offset: true }), items: z.array(z.unknown()) });

export type Judged = {
  state: 'fresh' | 'stale';
  /** ISO 8601, never in the future. */
  asOf: string;
  items: FileItem[];
  /** Items that it gave a second time under the same id: left out. */
  repeats: number;
};

/** Clocks of other machines are this much out without anybody's fault. */
const clockToleranceMs = 5 * 60_000;

/** Between so many items others get their turn: this is one thread. */
const atOnce = 200;

/**
 * What of an answer may be passed on. One item that is none spoils the answer: nobody knows what else is wrong with it, and
 * half a file passes for a whole one. An item about somebody else does so above all. A source whose clock is ahead is taken
 * to speak of now, and as stale: what it says of its own age is worth nothing.
 */
export async function judgeAnswer(
  raw: unknown,
  { subject, freshForMs, now }: { subject: Subject; freshForMs: number; now: () => Date },
): Promise<Result<Judged, SilentWhy>> {
  const answer = Answer.safeParse(raw);
  if (!answer.success) return refuse('unreadable');
  if (answer.data.items.length > itemLimits.perSource) return refuse('too_much');
  const items = new Map<string, FileItem>();
  let isReadable = true;
  for (const [at, each] of answer.data.items.entries()) {
    if (at > 0 && at % atOnce === 0) await new Promise((resolve) => setImmediate(resolve));
    // Whose it is comes before what it is: somebody else's is an alarm also when something else is wrong with it.
    if (isOfAnother(each, subject)) return refuse('not_yours');
    const item = FileItem.safeParse(each);
    if (!item.success) isReadable = false;
    else if (!items.has(item.data.id)) items.set(item.data.id, item.data);
  }
  if (!isReadable) return refuse('unreadable');
  const ageMs = now().getTime() - Date.parse(answer.data.asOf);
  const isAhead = ageMs < -clockToleranceMs;
  return ok({
    state: isAhead || ageMs > freshForMs ? 'stale' : 'fresh',
    asOf: new Date(now().getTime() - Math.max(0, ageMs)).toISOString(),
    items: [...items.values()],
    repeats: answer.data.items.length - items.size,
  });
}

const Anybody = z.object({ subject: Subject });

function isOfAnother(raw: unknown, subject: Subject): boolean {
  const read = Anybody.safeParse(raw);
  return read.success && !isSameSubject(read.data.subject, subject);
}
