import type Database from 'better-sqlite3';
import type * as z from 'zod';
import { DamagedQueue } from './damage.ts';
import { EntryRow, FateRow, type PackedRow, packedColumns, QueueRow, ReceivedRow, type RowInList, StuckRow } from './rows.ts';

export type Sql = ReturnType<typeof prepareSql>;

/**
 * Rows as they must be: a damaged page gives values of another kind in spite of STRICT, NOT NULL and CHECK, which SQLite
 * minds only where it writes. Throws `DamagedQueue`.
 */
export function checked<In extends unknown[], Row>(statement: Database.Statement<In>, schema: z.ZodType<Row>) {
  const check = (row: unknown): Row => {
    const read = schema.safeParse(row);
    if (!read.success) throw new DamagedQueue('row');
    return read.data;
  };
  return {
    get(...values: In): Row | undefined {
      const row = statement.get(...values);
      return row === undefined ? undefined : check(row);
    },
    all: (...values: In): Row[] => statement.all(...values).map(check),
  };
}

/** Every question and every change, prepared once: a missing table is found when the file is opened, not when somebody waits. */
export function prepareSql(database: Database.Database) {
  const prepare = <In extends unknown[], Out = unknown>(text: string) => database.prepare<In, Out>(text);
  const number = <In extends unknown[]>(text: string) => database.prepare<In, number | null>(text).pluck();
  return {
    /** Made once: making one costs as much as what keeping does in it. */
    inTransaction: database.transaction((work: () => void) => work()),
    queues: checked(prepare<[]>('select * from queue order by ordinal'), QueueRow),
    addQueue: prepare<[Omit<QueueRow, 'floor' | 'backed_up'>]>(`
      insert into queue (ordinal, generation, terminal, x, y, sequence, chain, gaps, closed)
      values (@ordinal, @generation, @terminal, @x, @y, @sequence, @chain, @gaps, @closed)`),
    closeQueues: prepare<[number]>('update queue set closed = 1 where ordinal < ?'),
    moveQueue: prepare<[number, Buffer, number]>('update queue set sequence = ?, chain = ? where ordinal = ?'),
    setBackedUp: prepare<[number, number]>('update queue set backed_up = max(backed_up, ?) where ordinal = ?'),
    forgetBackups: prepare<[]>('update queue set backed_up = 0'),
    raiseFloor: prepare<[number, number]>('update queue set floor = max(floor, ?) where ordinal = ?'),
    setOwner: prepare<[string, string, string, number]>('update queue set terminal = ?, x = ?, y = ? where ordinal = ?'),
    setGaps: prepare<[number]>('update queue set gaps = 1 where ordinal = ?'),

    addEntry: prepare<[EntryRow]>(`
      insert into entry (id, generation, sequence, tx_id, reference, lane, form, key_id, kept_at, record, previous, signature, mark, encapsulated, ciphertext)
      values (@id, @generation, @sequence, @tx_id, @reference, @lane, @form, @key_id, @kept_at, @record, @previous, @signature, @mark, @encapsulated, @ciphertext)`),
    entry: checked(prepare<[number]>('select * from entry where id = ?'), EntryRow),
    entryByTx: checked(prepare<[string]>('select * from entry where tx_id = ?'), EntryRow),
    idByTx: number<[string]>('select id from entry where tx_id = ?'),
    entriesAfter: prepare<[number, number, number], PackedRow>(
      `select ${packedColumns} from entry where id > ? and id <= ? order by id limit ?`,
    ),
    newestEntry: checked(prepare<[number, number]>('select * from entry where id between ? and ? order by id desc limit 1'), EntryRow),
    dropEntry: prepare<[number]>('delete from entry where id = ?'),
    hasEntries: number<[number, number]>('select 1 from entry where id between ? and ? limit 1'),
    idsBetween: number<[number, number]>('select id from entry where id between ? and ? order by id'),

    addWaiting: prepare<[number]>('insert into waiting (id) values (?)'),
    dropWaiting: prepare<[number]>('delete from waiting where id = ?'),
    dropWaitingBetween: prepare<[number, number]>('delete from waiting where id between ? and ?'),
    waitAgain: prepare<[number, number]>('insert into waiting select id from entry where id between ? and ?'),
    isWaiting: number<[number]>('select id from waiting where id = ?'),
    countWaiting: number<[number]>('select count(*) from waiting where id <> ?'),
    waitingLanes: prepare<[number], { id: number; lane: string }>(
      'select id, lane from waiting join entry using (id) where id > ? order by id',
    ),
    waitingRows: prepare<[number], PackedRow>(`select ${packedColumns} from waiting join entry using (id) where id >= ? order by id`),
    firstWaiting: number<[number, number]>('select min(id) from waiting where id between ? and ?'),
    listWaiting: prepare<[number], RowInList>(
      'select id, lane, form, reference, kept_at from waiting join entry using (id) where id <> ? order by id',
    ),

    setFate: prepare<[FateRow]>(`
      insert or replace into fate (id, state, lane, reason, mark) values (@id, @state, @lane, @reason, @mark)`),
    fate: checked(prepare<[number]>('select * from fate where id = ?'), FateRow),
    isIndexedStuck: number<[string, number]>(`select 1 from fate indexed by fate_stuck where state = 'stuck' and lane = ? and id = ?`),
    dropFate: prepare<[number]>('delete from fate where id = ?'),
    dropFatesBetween: prepare<[number, number]>('delete from fate where id between ? and ?'),
    /** Waiting or with a person. */
    openBetween: database
      .prepare<[number, number, number, number], number>(
        'select id from waiting where id between ? and ? union all select id from fate where id between ? and ?',
      )
      .pluck(),
    firstUnsettled: number<[number, number]>(`select min(id) from fate indexed by fate_stuck where state = 'stuck' and id between ? and ?`),
    asideIds: database.prepare<[], number>(`select id from fate where state = 'aside' order by id`).pluck(),
    stuckLanes: prepare<[], { lane: string; id: number }>(`select lane, min(id) as id from fate where state = 'stuck' group by lane`),
    stuckEntries: checked(
      prepare<[]>(`select entry.*, fate.reason as reason from fate join entry using (id) where state = 'stuck' order by id`),
      StuckRow,
    ),
    countBehind: number<[string, number]>('select count(*) from waiting join entry using (id) where lane = ? and id > ?'),
    waitsEarlier: number<[string, number]>('select 1 from waiting join entry using (id) where lane = ? and id < ? limit 1'),
    waitingBetween: prepare<[number, number], RowInList>(
      'select id, lane, form, reference, kept_at from waiting join entry using (id) where id between ? and ? order by id',
    ),
    /** All that has not ended: what waits, and what waits for a person. What the disk damaged is no use to anybody. */
    unended: prepare<[number, number, number], PackedRow>(`
      select ${packedColumns} from entry join (
        select id from waiting where id > ?
        union all select id from fate indexed by fate_stuck where state = 'stuck' and reason <> 'damaged' and id > ?
        order by id limit ?
      ) using (id) order by id`),

    addReceived: prepare<[ReceivedRow]>(`
      insert into received (first, last, head, leaves, place, proofs, held, received_at, epoch, mark)
      values (@first, @last, @head, @leaves, @place, @proofs, @held, @received_at, @epoch, @mark)`),
    received: checked(prepare<[number]>('select * from received where first = ?'), ReceivedRow),
    /** The one that may have this id in it: none begins between the two. */
    spanBefore: prepare<[number], Pick<ReceivedRow, 'first' | 'last'>>(
      'select first, last from received where first <= ? order by first desc limit 1',
    ),
    firstReceived: prepare<[number, number, number, number], { id: number; received_at: string; first: number }>(`
      select entry.id, received_at, first from received cross join entry on entry.id between first and last
      where first between ? and ? and entry.id <= ? order by first, entry.id limit ?`),
    receivedBefore: prepare<[number, string, number], Pick<ReceivedRow, 'first' | 'last'>>(
      'select first, last from received where first > ? and epoch is not ? order by first limit ?',
    ),
    receivedFrom: prepare<[number, number, number], Pick<ReceivedRow, 'first' | 'last'>>(
      'select first, last from received where first between ? and ? order by first limit ?',
    ),
    dropReceived: prepare<[number]>('delete from received where first = ?'),
    dropReceivedWithoutEntries: prepare<[number]>(
      'delete from received where first = ? and not exists (select 1 from entry where id between first and last)',
    ),
    countReceived: number<[]>('select (select count(*) from entry) - (select count(*) from waiting) - (select count(*) from fate)'),

    meta: database.prepare<[string], string>('select value from meta where name = ?').pluck(),
    setMeta: prepare<[string, string]>('insert or replace into meta (name, value) values (?, ?)'),
    dropMeta: prepare<[string]>('delete from meta where name = ?'),
    isSalvaged: number<[string]>('select 1 from salvaged where folder = ?'),
    setSalvaged: prepare<[string]>('insert or ignore into salvaged (folder) values (?)'),

    fillProbe: prepare<[number]>('update probe set filler = randomblob(?)'),
    emptyProbe: prepare<[]>('update probe set filler = zeroblob(0)'),
  };
}
