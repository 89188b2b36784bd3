import { hash } from 'node:crypto';
import pg from 'pg';
import { type Database, DatabaseUnavailable, type Queries } from './database.ts';

/** @param url postgres:// address, as libpq writes it */
export function openPostgres(url: string): Database {
  const pool = new pg.Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 5000 });
  // A connection that dies is replaced by the pool, and its query says so; without listeners it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));

  async function connect(): Promise<pg.PoolClient> {
    try {
      return await pool.connect();
    } catch (error) {
      throw new DatabaseUnavailable('it does not answer', { cause: error });
    }
  }

  return {
    async query(sql, values, often) {
      const client = await connect();
      try {
        return await queriesOn(client).query(sql, values, often);
      } finally {
        client.release();
      }
    },

    async transaction(work) {
      const client = await connect();
      const queries = queriesOn(client);
      let broken = false;
      try {
        await queries.query('BEGIN');
        const value = await work(queries);
        await queries.query('COMMIT');
        return value;
      } catch (error) {
        // A connection that cannot even roll back is thrown away, never handed to the next caller.
        await client.query('ROLLBACK').catch(() => {
          broken = true;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

function queriesOn(client: pg.PoolClient): Queries {
  return {
    async query(sql, values = [], often) {
      const prepared = often === undefined ? {} : { name: nameOf(sql) };
      try {
        return (await client.query<Record<string, unknown>>({ ...prepared, text: sql, values: [...values] })).rows;
      } catch (error) {
        throw isGone(error) ? new DatabaseUnavailable('it went away', { cause: error }) : error;
      }
    },
  };
}

const names = new Map<string, string>();

/** Of a prepared statement; a server reads 63 characters of it. */
function nameOf(sql: string): string {
  const name = names.get(sql) ?? hash('sha256', sql, 'base64url');
  names.set(sql, name);
  return name;
}

/** An answer of the server's is a `DatabaseError`, and 57P0x of those says that it is stopping or starting. */
function isGone(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || (error.code ?? '').startsWith('57P0');
}
