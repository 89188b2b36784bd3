import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import * as z from 'zod';

/**
 * What people at one terminal were told, written where the terminal's own disk has no part in it: on paper, so to say. A
 * line before somebody sends something, and one when the screen has said "kept" or "received".
 */
const Line = z.union([
  z.object({ asked: z.string(), number: z.int(), lane: z.string(), photos: z.array(z.string()) }),
  z.object({
    kept: z.string(),
    reference: z.string(),
    generation: z.string(),
    sequence: z.int(),
    record: z.string(),
    photos: z.array(z.string()),
  }),
  z.object({ refused: z.string() }),
  z.object({ received: z.string() }),
]);
export type JournalLine = z.infer<typeof Line>;

export type Told = {
  /** By txId. */
  asked: Map<string, { number: number; lane: string; photos: string[] }>;
  kept: Map<string, { reference: string; generation: string; sequence: number; record: string; photos: string[] }>;
  received: Set<string>;
  refused: number;
};

export function openJournal(file: string): { write(line: JournalLine): void; close(): void } {
  const descriptor = openSync(file, 'a', 0o600);
  return {
    write(line) {
      writeSync(descriptor, `${JSON.stringify(line)}\n`);
      fdatasyncSync(descriptor);
    },
    close: () => closeSync(descriptor),
  };
}

/** A line that its process was killed over told nobody anything. */
export function readJournal(file: string): Told {
  const told: Told = { asked: new Map(), kept: new Map(), received: new Set(), refused: 0 };
  if (!existsSync(file)) return told;
  for (const text of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    const line = Line.parse(JSON.parse(text));
    if ('asked' in line) told.asked.set(line.asked, line);
    else if ('kept' in line) told.kept.set(line.kept, line);
    else if ('received' in line) told.received.add(line.received);
    else told.refused += 1;
  }
  return told;
}
