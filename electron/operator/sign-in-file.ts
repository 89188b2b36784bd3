import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { writeWhole } from '../store/write-whole.ts';

/** What has to outlast a restart, so that pulling the plug buys no more guesses and no code counts twice. */
const Remembered = z.object({
  /** Wrong codes since the last right one. */
  wrong: z.int().nonnegative(),
  /** The time step (RFC 6238, 4.2) of the last right code. */
  lastStep: z.int().nonnegative(),
  /** The middleware's clock minus ours at the last contact, seconds. */
  clockOffset: z.int().nullable(),
});
export type Remembered = z.infer<typeof Remembered>;

/** Null: it is there and cannot be read. */
export function readRemembered(file: string): Remembered | null {
  try {
    return Remembered.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const isNew = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isNew ? { wrong: 0, lastStep: 0, clockOffset: null } : null;
  }
}

/** @returns whether it is on disk */
export function writeRemembered(file: string, remembered: Remembered): boolean {
  try {
    writeWhole(file, JSON.stringify(remembered));
    return true;
  } catch {
    return false;
  }
}
