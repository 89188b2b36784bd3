import type Database from 'better-sqlite3';
import { sameBytes, sha256 } from './chain.ts';
import { markRun } from './marks.ts';
import type { ReceivedRow } from './rows.ts';

const rowsAtOnce = 1_000;

type OldRow = {
  id: number;
  lane: string;
  receipt: number;
  proof: string;
  held: number;
  received_at: string;
  epoch: string | null;
  mark: Buffer;
  head: string | null;
};
type Run = { rows: [OldRow, ...OldRow[]]; head: string };

/** From version 3 to 4: a row in `fate` for each received record becomes one for all that were received together. */
export function gatherReceived(database: Database.Database): void {
  database.exec(`
    create table received (
      first integer primary key,
      last integer not null,
      head text not null,
      leaves blob,
      place integer not null,
      proofs text,
      held integer not null check (held in (0, 1)),
      received_at text not null,
      epoch text,
      mark blob not null,
      check (last >= first),
      check ((leaves is null) <> (proofs is null))
    ) strict;
  `);
  const add = database.prepare<[ReceivedRow]>(`
    insert into received values (@first, @last, @head, @leaves, @place, @proofs, @held, @received_at, @epoch, @mark)`);
  const wait = database.prepare<[number]>('insert into waiting (id) values (?)');
  let run: Run | null = null;
  for (const row of readOld(database)) {
    if (!isSound(row)) wait.run(row.id);
    else if (run !== null && belongs(row, run)) run.rows.push(row);
    else {
      if (run !== null) add.run(toRow(run));
      run = { rows: [row], head: row.head };
    }
  }
  if (run !== null) add.run(toRow(run));
  database.exec(`
    delete from fate where state = 'received';
    drop table receipt;
    update meta set value = '4' where name = 'schema';
  `);
}

function* readOld(database: Database.Database): Generator<OldRow> {
  const read = database.prepare<[number, number], OldRow>(`
    select fate.*, receipt.head from fate left join receipt on receipt.id = fate.receipt
    where fate.state = 'received' and fate.id > ? order by fate.id limit ?`);
  for (let rows = read.all(-1, rowsAtOnce); rows.length > 0; rows = read.all(rows.at(-1)?.id ?? 0, rowsAtOnce)) yield* rows;
}

/** One that the disk changed waits again: a repeat gets its receipt again. */
function isSound(row: OldRow): row is OldRow & { head: string } {
  const { id, lane, receipt, proof, held, received_at, epoch, mark, head } = row;
  const known = sha256(JSON.stringify([id, 'received', lane, null, receipt, proof, held, received_at, epoch, head])).subarray(0, 8);
  return head !== null && sameBytes(mark, known);
}

function belongs(row: OldRow, { rows, head }: Run): boolean {
  const [first] = rows;
  const isNext = row.id === first.id + rows.length && row.head === head;
  return isNext && row.held === first.held && row.received_at === first.received_at && row.epoch === first.epoch;
}

function toRow({ rows, head }: Run): ReceivedRow {
  const [{ id: first, held, received_at, epoch }] = rows;
  const proofs = `[${rows.map(({ proof }) => proof).join(',')}]`;
  const row = { first, last: first + rows.length - 1, head, leaves: null, place: 0, proofs, held, received_at, epoch };
  return { ...row, mark: markRun(row) };
}
