/**
 * One dialect, PostgreSQL's, for PGlite and PostgreSQL alike (docs/adr/0003-one-sql-dialect.md). The drivers differ in
 * a few types only, and the SQL avoids them: bigint is cast to float8, binary comes back as some Uint8Array.
 */
export type SqlValue = string | number | boolean | Date | Uint8Array | readonly string[] | null;

export type Queries = {
  /** `often`: asked so often, with so much to plan, that the connection keeps it prepared. */
  query(sql: string, values?: readonly SqlValue[], often?: 'often'): Promise<Record<string, unknown>[]>;
};

export type Database = Queries & {
  /** Commits when `work` resolves and rolls back when it rejects. `work` must use the `Queries` it is given. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** The database cannot be opened or used: the world's condition, told as a sentence. */
export class DatabaseUnavailable extends Error {
  override name = 'DatabaseUnavailable';
}
