import { sqliteCode } from '../store/open-database.ts';

/** The file's fault, not the disk's: SQLite cannot make sense of what it reads, or rows do not fit together. */
export class DamagedQueue extends Error {}

const damages = [
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
  'SQLITE_FORMAT',
  'SQLITE_CONSTRAINT',
  'SQLITE_MISMATCH',
  // Sectors that cannot be read any more would hold up all the others for ever; salvage reads around them.
  'SQLITE_IOERR_READ',
  'SQLITE_IOERR_SHORT_READ',
];
/** Tables that are not there: only while opening. Later it would be our own mistake. */
const damagesOfOpening = ['SQLITE_ERROR'];

export function isDamage(error: unknown, when: 'opening' | 'later' = 'later'): boolean {
  if (error instanceof DamagedQueue) return true;
  const code = sqliteCode(error);
  const known = when === 'opening' ? [...damages, ...damagesOfOpening] : damages;
  return code !== null && known.some((name) => code === name || code.startsWith(`${name}_`));
}

/** This file's matter, or the whole disk's. */
export const isOfFile = (error: unknown): boolean => /^SQLITE_(CANTOPEN|IOERR|READONLY|PERM)/.test(sqliteCode(error) ?? '');
