import Database from 'better-sqlite3';

export type Migration = (database: Database.Database) => void;

/**
 * Opens a SQLite file for data that must survive power loss: WAL with `synchronous=FULL`, so that a commit is on disk
 * when it returns. Migrations are numbered by their place in the list; `user_version` remembers the last one run.
 *
 * Throws when the file cannot be opened, is no database, or was written by a newer version of the app; also on a runtime
 * that SQLite does not fit.
 */
export function openDatabase(file: string, migrations: readonly Migration[]): Database.Database {
  const database = new Database(file, nativeBinding());
  try {
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
