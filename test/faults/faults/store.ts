import { join } from 'node:path';
import type { Database } from '../../../middleware/store/database.ts';
import { openDatabase } from '../../../middleware/store/open-database.ts';
import { findPostgres, startPostgres } from '../../harness/postgres.ts';

export type StoreKind = 'postgres' | 'pglite';

/** Where the middleware of a run stores. */
export type Store = {
  kind: StoreKind;
  /** For DATABASE_URL; null: the folder of `dataDir`. */
  url: string | null;
  dataDir: string | null;
  /** A look beside the middleware; of PGlite only while no middleware runs. */
  use<T>(work: (database: Database) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
};

export const usualStore = (): StoreKind => (findPostgres() === null ? 'pglite' : 'postgres');

/** The table in which the database itself writes down each effect, in the order in which they happened. */
export async function openStore(kind: StoreKind, folder: string): Promise<Store> {
  const postgres = kind === 'postgres' ? await startPostgres() : null;
  const dataDir = postgres === null ? join(folder, 'store') : null;
  const use: Store['use'] = async (work) => {
    const database = await openDatabase(postgres === null ? { folder: dataDir ?? '' } : { url: postgres.url });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  };
  await use(watchEffects);
  return { kind, url: postgres?.url ?? null, dataDir, use, stop: async () => await postgres?.stop() };
}

export async function watchEffects(database: Database): Promise<void> {
  await database.query('CREATE TABLE watched_effect (place bigint GENERATED ALWAYS AS IDENTITY, tx_id uuid NOT NULL)');
  await database.query(
    `CREATE FUNCTION watch_effect() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN INSERT INTO watched_effect (tx_id) VALUES (NEW.tx_id); RETURN NULL; END $$`,
  );
  await database.query('CREATE TRIGGER watch_effect AFTER INSERT ON cases FOR EACH ROW EXECUTE FUNCTION watch_effect()');
}
