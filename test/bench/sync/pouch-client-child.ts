import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { answerErrands } from './errands.ts';
import { pouchFolder } from './pouchdb.ts';
import { makeRecord } from './records.ts';
import { watchWork } from './watch.ts';

type Options = { agent?: Agent };
const load = createRequire(join(pouchFolder, 'package.json'));
const PouchDB = load('pouchdb');

/** Replication with its defaults: a hundred documents a batch. */
answerErrands({
  async fill({ folder, records }: { folder: string; records: number }) {
    const local = new PouchDB(folder);
    const documents = Array.from({ length: records }, () => {
      const { txId, ...record } = makeRecord();
      return { _id: txId, ...record };
    });
    await local.bulkDocs(documents);
    await local.close();
  },

  async catchUp({ folder, url, tls, name, records }: { folder: string; url: string; tls: object; name: string; records: number }) {
    const local = new PouchDB(folder);
    const agent = new Agent({ ...tls, keepAlive: true, minVersion: 'TLSv1.3' });
    const fetch = (address: string, options: Options) => PouchDB.fetch(address, { ...options, agent });
    const remote = new PouchDB(`${url}/${name}`, { fetch });
    const figures = await watchWork(async () => {
      const { docs_written: written } = await local.replicate.to(remote);
      if (written !== records) throw new Error(`${written} documents arrived`);
    });
    await local.close();
    agent.destroy();
    return figures;
  },
});
