import { createServer } from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { answerErrands } from './errands.ts';
import { pouchFolder } from './pouchdb.ts';

const load = createRequire(join(pouchFolder, 'package.json'));

answerErrands({
  async start({ folder, tls }: { folder: string; tls: { key: string; cert: string; ca: string } }) {
    const PouchDB = load('pouchdb').defaults({ prefix: join(folder, '/') });
    const app = load('express-pouchdb')(PouchDB, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: join(folder, 'log.txt') });
    const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' }, app);
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    return { url: `https://localhost:${(server.address() as AddressInfo).port}` };
  },
});
