import { join } from 'node:path';
import Database from 'better-sqlite3';

/** A damaged page can say anything of a column, in spite of STRICT, NOT NULL and CHECK: SQLite minds those only where it writes. */
export type Place = { table: string; column: string; row: 'first' | 'last' };
export type Value = null | bigint | number | string | Buffer;

export const valuesOfAllKinds: readonly Value[] = [
  null,
  5n,
  2n ** 40n,
  2n ** 60n,
  -7n,
  1.5,
  'abc',
  '',
  'z'.repeat(70_000),
  Buffer.from('abc'),
  Buffer.alloc(70_000),
];

/** Every column of each table that has a row. */
export function listPlaces(folder: string): Place[] {
  const database = new Database(join(folder, 'outbox.db'));
  try {
    const columns = database.prepare<[], { table: string; column: string }>(`
      select tables.name as "table", columns.name as "column" from sqlite_schema as tables, pragma_table_xinfo(tables.name) as columns
      where tables.type = 'table' order by 1, 2`);
    const hasRows = (table: string) => database.prepare(`select 1 from ${table}`).get() !== undefined;
    const places = columns.all().filter(({ table }) => hasRows(table));
    return places.flatMap((place): Place[] => [
      { ...place, row: 'first' },
      { ...place, row: 'last' },
    ]);
  } finally {
    database.close();
  }
}

/** Writes past the table's own rules. @returns false where not even SQLite's pages can hold it: twice the same key, or a key that is no number */
export function putValue(folder: string, { table, column, row }: Place, value: Value): boolean {
  const database = new Database(join(folder, 'outbox.db'));
  try {
    database.unsafeMode();
    database.pragma('ignore_check_constraints = ON');
    const rules = database.prepare<[string], string>('select sql from sqlite_schema where name = ?').pluck().get(table) ?? '';
    changeRules(database, table, withoutRules(rules));
    const end = row === 'first' ? 'min' : 'max';
    database.prepare(`update ${table} set ${column} = ? where rowid = (select ${end}(rowid) from ${table})`).run(value);
    changeRules(database, table, rules);
    return true;
  } catch (error) {
    if (error instanceof Error && /UNIQUE|datatype mismatch/.test(error.message)) return false;
    throw error;
  } finally {
    database.close();
  }
}

/** A table whose columns take everything as it is. */
const withoutRules = (rules: string): string =>
  rules
    .replace(/\) strict$/, ')')
    .replace(/ (text|integer|blob) not null/g, ' blob')
    .replace(/ text| integer(?! primary)/g, ' blob');

function changeRules(database: Database.Database, table: string, rules: string): void {
  database.pragma('writable_schema = ON');
  database.prepare('update sqlite_schema set sql = ? where name = ?').run(rules, table);
  database.pragma('writable_schema = RESET');
}
