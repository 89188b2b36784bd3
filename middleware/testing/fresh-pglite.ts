import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import * as z from 'zod';
import type { Database } from '../store/database.ts';
import { migrate } from '../store/migrations.ts';
import { openPglite } from '../store/pglite.ts';

const root = new URL('../../', import.meta.url);
const Package = z.object({ version: z.string() });

/**
 * An empty, migrated database in memory. Making PostgreSQL's own first files takes seconds of computing, which every test
 * file would pay: they are made once for each version of PGlite and kept in .cache/.
 */
export async function openFreshPglite(): Promise<Database> {
  const path = await templatePath();
  const kept = await readFile(path).catch(() => null);
  let database: Database;
  try {
    database = await openPglite(null, new Blob([kept ?? (await makeTemplate(path))]));
  } catch (error) {
    // A damaged copy is thrown away, so that it costs one run and not all that follow.
    await rm(path, { force: true });
    throw error;
  }
  await migrate(database);
  return database;
}

async function templatePath(): Promise<string> {
  const text = await readFile(new URL('node_modules/@electric-sql/pglite/package.json', root), 'utf8');
  const { version } = Package.parse(JSON.parse(text));
  return fileURLToPath(new URL(`.cache/pglite/empty-${version}.tar`, root));
}

/** Written aside and renamed: test files run beside each other, and each may be the first. */
async function makeTemplate(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const empty = await PGlite.create();
  const dump = new Uint8Array(await (await empty.dumpDataDir('none')).arrayBuffer());
  await empty.close();
  const aside = `${path}.${process.pid}`;
  await mkdir(fileURLToPath(new URL('.cache/pglite/', root)), { recursive: true });
  await writeFile(aside, dump);
  await rename(aside, path);
  return dump;
}
