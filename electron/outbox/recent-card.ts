import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { uptime } from 'node:os';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { writeWhole } from '../store/write-whole.ts';
import type { Kept } from './outbox.ts';

/**
 * What a card's holder kept here in the last ten minutes, so that somebody who comes back after a crash of the app does
 * not send twice by mistake. Of the card there is a salted hash of its chip number, which names nobody. How much of that
 * number is by chance its maker does not say (many begin with `SLIN` and the same bytes after it), so ten minutes is all.
 */
const Memory = z.object({
  salt: z.string(),
  hash: z.string(),
  /** By the wall clock, and in seconds since the machine started: both must say that it is recent. */
  at: z.iso.datetime(),
  uptime: z.number(),
  kept: z.array(z.object({ reference: z.string(), form: z.string(), keptAt: z.string() })).max(50),
});
type Memory = z.infer<typeof Memory>;
const Memories = z.array(Memory).max(100);

export type RecentlyKept = Memory['kept'][number];

export type RecentCards = {
  /** Never fails: what was kept is kept, whether it can be remembered or not. */
  remember(chipNumber: string, kept: Pick<Kept, 'reference' | 'keptAt'> & { form: string }): void;
  recall(chipNumber: string): RecentlyKept[];
  /** Deletes what is older than ten minutes, and all of it when neither clock can tell. To be called now and then. */
  forgetOld(): void;
  /** A visit ended in order: nobody is to be told of it. What a crash ended stays for whoever was not told of that yet. */
  forgetTold(): void;
};

const seconds = 600;

export function createRecentCards({ file, clock, now = uptime }: { file: string; clock: Clock; now?: () => number }): RecentCards {
  let memories = read(file);
  /** By a program that ended before it could say so. */
  const untold = new Set(memories);
  // Half of a writing that a crash cut off.
  rmSync(`${file}.new`, { force: true });
  forgetOld();

  function isRecent({ at, uptime: then }: Memory): boolean {
    const byWall = (clock.wall().getTime() - Date.parse(at)) / 1000;
    const byMachine = now() - then;
    return byWall >= 0 && byWall <= seconds && byMachine >= 0 && byMachine <= seconds;
  }

  function forgetOld(): void {
    const recent = memories.filter(isRecent);
    if (recent.length === memories.length && recent.length > 0) return;
    memories = recent;
    save();
  }

  function save(): void {
    try {
      if (memories.length > 0) {
        writeWhole(file, JSON.stringify(memories));
        return;
      }
      rmSync(`${file}.new`, { force: true });
      rmSync(file, { force: true });
    } catch {
      // What could not be written is known until the app ends; what could not be deleted is deleted at the next turn.
    }
  }

  return {
    remember(chipNumber, { reference, form, keptAt }) {
      const before = memories.find((memory) => isOf(memory, chipNumber));
      const salt = randomBytes(16).toString('base64url');
      const kept = [...(before?.kept ?? []), { reference, form, keptAt }].slice(-50);
      const memory = { salt, hash: hash(salt, chipNumber), at: clock.wall().toISOString(), uptime: now(), kept };
      memories = [...memories.filter((other) => other !== before && isRecent(other)), memory].slice(-100);
      save();
    },
    recall(chipNumber) {
      forgetOld();
      const memory = memories.find((one) => isOf(one, chipNumber));
      if (memory) untold.delete(memory);
      return memory?.kept ?? [];
    },
    forgetOld,
    forgetTold() {
      if (memories.length === 0) return;
      memories = memories.filter((memory) => untold.has(memory));
      save();
    },
  };
}

const hash = (salt: string, chipNumber: string): string => createHash('sha256').update(`${salt} ${chipNumber}`).digest('base64url');
const isOf = (memory: Memory, chipNumber: string): boolean => memory.hash === hash(memory.salt, chipNumber);

function read(file: string): Memory[] {
  try {
    return Memories.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}
