import { PGlite, types } from '@electric-sql/pglite';
import type { Database, SqlValue } from './database.ts';

/**
 * PostgreSQL inside this process. It syncs nothing to disk itself (PGlite starts with fsync off): what it holds survives
 * the process being killed, not the machine losing power. For the demo, the tests and development.
 * @param dataDir absolute folder, or null for memory
 * @param template a dump of another PGlite to begin with instead of an empty one
 */
export async function openPglite(dataDir: string | null, template?: Blob): Promise<Database> {
  const pglite = await PGlite.create({
    ...(dataDir === null ? {} : { dataDir }),
    ...(template === undefined ? {} : { loadDataDir: template }),
    serializers: { [types.BYTEA]: writeBytes },
  });
  return {
    query: async (sql, values = []) => (await pglite.query<Record<string, unknown>>(sql, [...values])).rows,
    transaction: (work) =>
      pglite.transaction((inside) =>
        work({
          query: async (sql: string, values: readonly SqlValue[] = []) =>
            (await inside.query<Record<string, unknown>>(sql, [...values])).rows,
        }),
      ),
    close: () => pglite.close(),
  };
}

/** PGlite's own goes through the bytes one by one, which takes fifteen times as long. */
function writeBytes(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}
