import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import Database from 'better-sqlite3';
import { answerErrands } from './errands.ts';

/** The least that can be called a server for this: documents into a table, once each, on disk before it answers. */
type Start = { file: string; tls: { key: string; cert: string; ca: string } };

let empty = () => {};
let count = (): unknown => 0;

answerErrands({
  async start({ file, tls }: Start) {
    const database = new Database(file);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.exec('create table inbox (id text primary key, document text not null)');
    const add = database.prepare<[string, string]>('insert or ignore into inbox (id, document) values (?, ?)');
    const addAll = database.transaction((documents: { txId: string }[]) => {
      for (const document of documents) add.run(document.txId, JSON.stringify(document));
    });
    const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' }, (request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const documents: { txId: string }[] = JSON.parse(Buffer.concat(pieces).toString('utf8'));
        addAll.immediate(documents);
        const answer = JSON.stringify(documents.map(({ txId }) => ({ id: txId, ok: true })));
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) }).end(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    empty = () => database.exec('delete from inbox');
    count = () => database.prepare('select count(*) from inbox').pluck().get();
    return { url: `https://localhost:${(server.address() as AddressInfo).port}` };
  },
  async empty() {
    empty();
  },
  async count() {
    return count();
  },
});
