import { createPrivateKey, createPublicKey } from 'node:crypto';
import { makeDemoKeys } from '../../../middleware/demo-keys.ts';
import { type Middleware, startMiddleware } from '../../../middleware/server.ts';
import type { Database } from '../../../middleware/store/database.ts';
import { openDatabase } from '../../../middleware/store/open-database.ts';
import { enrolDirectly } from '../../../middleware/testing/enrolled.ts';
import { configure } from '../../../middleware/testing/harness.ts';
import { answerErrands } from './errands.ts';

/** The real middleware over TLS. `worker`: whether what arrives is opened and carried out meanwhile. */
type Start = { dir: string; databaseUrl: string | null; worker: boolean; terminal: string; privateKey: string };

let running: { middleware: Middleware; database: Database } | null = null;

answerErrands({
  async start({ dir, databaseUrl, worker, terminal, privateKey }: Start) {
    const keys = await makeDemoKeys(dir);
    const database = await openDatabase(databaseUrl === null ? 'memory' : { url: databaseUrl });
    const [config, loaded] = await configure(keys, { demo: false });
    const own = createPrivateKey(privateKey);
    const enrolled = await enrolDirectly(
      { database, keys: loaded },
      { id: terminal, keys: { privateKey: own, publicKey: createPublicKey(own) } },
    );
    const middleware = await startMiddleware(config, loaded, { database });
    if (!worker) await middleware.worker.stop();
    running = { middleware, database };
    return { url: middleware.url, cert: enrolled.cert };
  },
  /**
   * As before the first delivery, and at rest. What a worker has not carried out by then is not waited for: that takes minutes.
   * A server in service writes its log where it wrote before; one that never made a checkpoint first makes each 16 MiB of zeros.
   */
  async empty() {
    await running?.database.query('TRUNCATE inbox, cases, delivery, queue');
    await running?.middleware.worker.drain();
    await running?.database.query('CHECKPOINT');
  },
  async count() {
    const [row] = (await running?.database.query('SELECT count(*)::float8 AS here FROM inbox WHERE NOT held')) ?? [];
    return row?.here;
  },
  async stop() {
    await running?.middleware.close();
    await running?.database.close();
  },
});
