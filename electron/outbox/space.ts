import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteCode } from '../store/open-database.ts';
import { writeWhole } from '../store/write-whole.ts';

/**
 * Draining writes to the log, and makes room there by moving what the log holds into the file: at most `logBytes` and
 * what one delivery settles, a few pages. The ballast is twice as much, given away when a full disk must
 * drain. A shorter log is moved more often, for which whoever keeps a record waits.
 * Two pieces: SQLite makes two files when it opens, also on a disk that has no room for another name.
 */
export const logBytes = 4_000 * 1024;
const pieceBytes = 4 * 1024 * 1024;
const pieces = ['outbox.ballast-1', 'outbox.ballast-2'] as const;
const ballastBytes = pieces.length * pieceBytes;
const mebibyte = 1024 * 1024;

export type Space = {
  freeMebibytes(): number;
  /** False below the reserve: then new forms are refused, so that what is there can still be sent. */
  hasRoom(): boolean;
  /** Lets the ballast go, so that a full disk can drain. */
  release(): void;
  /** Makes the ballast again when there is room for it. */
  restore(): void;
};

export function createSpace({ folder, reserveMebibytes }: { folder: string; reserveMebibytes: number }): Space {
  const ballast = pieces.map((name) => join(folder, name));
  const free = () => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  return {
    freeMebibytes: () => Math.floor(free() / mebibyte),
    hasRoom: () => free() >= reserveMebibytes * mebibyte,
    release() {
      for (const piece of ballast) rmSync(piece, { force: true });
    },
    restore() {
      if (free() < reserveMebibytes * mebibyte + ballastBytes) return;
      for (const piece of ballast) if (statSync(piece, { throwIfNoEntry: false })?.size !== pieceBytes) fill(piece);
    },
  };
}

/** Not zeros: some file systems keep those for nothing. */
function fill(file: string): void {
  try {
    const descriptor = openSync(file, 'w', 0o600);
    try {
      writeSync(descriptor, randomBytes(pieceBytes));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    rmSync(file, { force: true });
  }
}

/** Whether the disk takes another file in this folder now. */
export function takesFiles(folder: string): boolean {
  const file = join(folder, 'outbox.try');
  try {
    writeWhole(file, 'x');
    return true;
  } catch {
    return false;
  } finally {
    rmSync(file, { force: true });
  }
}

/** While opening, a full disk looks like one that does not let files be made. */
export function mayBeFull(error: unknown): boolean {
  return isFull(error) || /^SQLITE_(CANTOPEN|IOERR)/.test(sqliteCode(error) ?? '');
}

export function isFull(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_FULL' || ['ENOSPC', 'EDQUOT'].includes(String((error as NodeJS.ErrnoException).code));
}
