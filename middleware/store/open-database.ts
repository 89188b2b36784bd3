import { join, resolve } from 'node:path';
import { type Database, DatabaseUnavailable } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import { migrate } from './migrations.ts';
import { openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';

export type DatabasePlace = { url: string } | { folder: string } | 'memory';

/** Opens and migrates. Throws `DatabaseUnavailable` with a sentence's end that names no secret of the address. */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  try {
    const database = await openAt(place);
    try {
      await migrate(database);
    } catch (error) {
      await database.close();
      throw error;
    }
    return database;
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error;
    throw new DatabaseUnavailable(describe(error), { cause: error });
  }
}

async function openAt(place: DatabasePlace): Promise<Database> {
  if (place === 'memory') return await openPglite(null);
  if ('url' in place) return openPostgres(place.url);
  const folder = resolve(place.folder);
  const unlock = await lockFolder(folder);
  try {
    const database = await openPglite(join(folder, 'pglite'));
    return { ...database, close: () => database.close().finally(unlock) };
  } catch (error) {
    await unlock();
    throw error;
  }
}

function describe(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return `reason ${error.code}`;
  return error instanceof Error ? error.name : 'unknown reason';
}
