import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';

export type Migration = (database: Database.Database) => void;

/**
 * Opens a SQLite file for data that must survive power loss: WAL with `synchronous=FULL`, so that a commit is on disk
 * when it returns. Migrations are numbered by their place in the list; `user_version` remembers the last one run.
 *
 * Throws when the file cannot be opened, is no database, or was written by a newer version of the app; also on a runtime
 * that SQLite does not fit.
 * @param pageBytes of a file that is made; one that is there keeps its own
 */
export function openDatabase(file: string, migrations: readonly Migration[], pageBytes = 4096): Database.Database {
  const database = new Database(file, nativeBinding());
  try {
    database.pragma(`page_size = ${pageBytes}`);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    const migrate = database.transaction(() => {
      const version = Number(database.pragma('user_version', { simple: true }));
      if (version > migrations.length) throw new Error('written_by_newer_version');
      for (const migration of migrations.slice(version)) migration(database);
      database.pragma(`user_version = ${migrations.length}`);
    });
    migrate.immediate();
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/**
 * Opens without changing anything: no migration, no checkpoint, and what the log holds stays in the log. Null when there is
 * no file. Throws when it cannot be opened.
 */
export function lookInto(file: string): Database.Database | null {
  return existsSync(file) ? new Database(file, { ...nativeBinding(), readonly: true, fileMustExist: true }) : null;
}

/**
 * Holds a file for this process alone until it is closed, or the process ends in any way: SQLite's own lock, which every
 * system has. Throws `SQLITE_BUSY` when another process holds it.
 */
export function holdFile(file: string): { close(): void } {
  const held = new Database(file, { ...nativeBinding(), timeout: 0 });
  try {
    held.pragma('journal_mode = MEMORY');
    held.pragma('locking_mode = EXCLUSIVE');
    // Written once: to lock a file without a page, SQLite would write one each time, and a full disk has no room for it.
    if (held.pragma('user_version', { simple: true }) !== 1) held.pragma('user_version = 1');
    held.exec('begin exclusive');
  } catch (error) {
    held.close();
    throw error;
  }
  return held;
}

/**
 * better-sqlite3's own prebuild wants N-API 10, and ends an older runtime without a word. There a demo build brings a
 * binding compiled for it; a product build loads no native code that its environment names, and stores nothing.
 */
function nativeBinding(): Database.Options {
  if (Number(process.versions.napi) >= 10) return {};
  if (__LOKET_BUILD__ === 'demo') {
    const binding = process.env.LOKET_SQLITE_BINDING;
    if (binding) return { nativeBinding: binding };
  }
  throw new Error('runtime_too_old');
}

/** SQLite's word for what went wrong, or null when the error is not SQLite's. */
export function sqliteCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_')
    ? error.code
    : null;
}
