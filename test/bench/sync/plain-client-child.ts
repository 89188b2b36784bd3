import Database from 'better-sqlite3';
import { Agent, request } from 'undici';
import * as z from 'zod';
import type { LineTls } from '../../../electron/sync/line.ts';
import { answerErrands } from './errands.ts';
import { makeRecord, writeRecord } from './records.ts';
import { watchWork } from './watch.ts';

/** The same queue as anybody would write it in an afternoon: unsealed documents, no chain, no receipt, a flag. */
const perRequest = 100;
const Answer = z.array(z.object({ id: z.string(), ok: z.literal(true) }));

function open(file: string): Database.Database {
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(
    'create table if not exists outbox (place integer primary key, id text not null unique, document text not null, sent integer not null default 0)',
  );
  return database;
}

answerErrands({
  async fill({ file, records }: { file: string; records: number }) {
    const database = open(file);
    const add = database.prepare<[string, string]>('insert into outbox (id, document) values (?, ?)');
    database.transaction(() => {
      for (let number = 0; number < records; number += 1) {
        const record = makeRecord();
        add.run(record.txId, writeRecord(record));
      }
    })();
    database.close();
  },

  async catchUp({ file, url, tls }: { file: string; url: string; tls: LineTls }) {
    const database = open(file);
    const next = database.prepare<[number], { place: number; id: string; document: string }>(
      'select place, id, document from outbox where place > ? order by place limit 100',
    );
    const mark = database.prepare<[string]>('update outbox set sent = 1 where id = ?');
    const markAll = database.transaction((ids: readonly string[]) => {
      for (const id of ids) mark.run(id);
    });
    const dispatcher = new Agent({ connect: { key: tls.key, cert: tls.cert, ca: tls.ca, minVersion: 'TLSv1.3' }, connections: 1 });
    const figures = await watchWork(async () => {
      for (let place = 0; ; ) {
        const rows = next.all(place);
        const last = rows.at(-1);
        if (last === undefined) return;
        const body = `[${rows.map(({ document }) => document).join(',')}]`;
        const headers = { 'content-type': 'application/json' };
        const answer = await request(url, { dispatcher, method: 'POST', headers, body });
        if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
        markAll.immediate(Answer.parse(await answer.body.json()).map(({ id }) => id));
        place = last.place;
        if (rows.length < perRequest) return;
      }
    });
    await dispatcher.destroy();
    const waiting = Number(database.prepare('select count(*) from outbox where sent = 0').pluck().get());
    database.close();
    if (waiting > 0) throw new Error(`${waiting} documents wait`);
    return figures;
  },
});
