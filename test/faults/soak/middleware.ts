import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { type DemoKeys, makeDemoKeys } from '../../../middleware/demo-keys.ts';
import { type LogReport, proveLog } from '../../../middleware/evidence/prove-log.ts';
import { publicHalf } from '../../../middleware/keys/keys-file.ts';
import { openLiveKeys } from '../../../middleware/keys/live-keys.ts';
import { readKeysFile } from '../../../middleware/keys/read-keys-file.ts';
import { rotateKeys } from '../../../middleware/keys/rotate.ts';
import { type LoadedKeys, loadKeys } from '../../../middleware/load-keys.ts';
import { type Middleware, startMiddleware } from '../../../middleware/server.ts';
import { backUp, enterRestored, startBackup } from '../../../middleware/store/backup.ts';
import type { Database } from '../../../middleware/store/database.ts';
import { findKeys } from '../../../middleware/terminals/terminals.ts';
import { openFreshPglite } from '../../../middleware/testing/fresh-pglite.ts';
import { makeConfig } from '../../../middleware/testing/harness.ts';
import { watchEffects } from '../faults/store.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The real middleware in this process, on PGlite in memory, behind its own HTTPS, by the run's time. */
export type SoakMiddleware = {
  url: string;
  database: Database;
  /** What waits for the worker is carried out, and the file of keys looked at. */
  work(): Promise<void>;
  /** Orderly, or with its database gone from one statement to the next; and there again at the same address. */
  restart(how: 'stopped' | 'killed'): Promise<void>;
  rotateKeys(): Promise<void>;
  /** False: it was begun and did not end well. */
  backUp(endsWell: boolean): Promise<void>;
  /** What the newest backup has, which is nothing that came later. Before the first: nothing. */
  hasBackup(txId: string): boolean;
  restore(): Promise<void>;
  proveLog(): Promise<LogReport>;
  close(): Promise<void>;
};

export async function startSoakMiddleware(folder: string, time: VirtualTime): Promise<SoakMiddleware> {
  const demoKeys = await makeDemoKeys(folder);
  const now = () => new Date(time.now());
  const begun = time.now();
  const uptime = () => time.now() - begun;
  const store = await openFreshPglite();
  await watchEffects(store);
  const keys = await loadLiveKeys(demoKeys, now);
  let backedUp: ReadonlySet<string> = new Set();
  let life = openLife(store);
  let middleware = await start(0);

  function start(port: number): Promise<Middleware> {
    const config = makeConfig(demoKeys, { port, keys: demoKeys.keysFile });
    return startMiddleware(config, keys, { database: life.database, now, uptime, lookAgainMs: 3_600_000, log: { write: () => undefined } });
  }

  async function stop(how: 'stopped' | 'killed'): Promise<void> {
    if (how === 'killed') life.end();
    await middleware.close();
    life.end();
  }

  async function startAgain(): Promise<void> {
    life = openLife(store);
    middleware = await start(middleware.port);
  }

  const listTables = async () => {
    const rows = await store.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`);
    return rows.map(({ tablename }) => String(tablename));
  };

  return {
    url: middleware.url,
    database: store,
    async work() {
      await keys.refresh();
      await middleware.worker.drain();
    },
    async restart(how) {
      await stop(how);
      await startAgain();
    },
    async rotateKeys() {
      const rotated = await rotateKeys(demoKeys.keysFile, null, now());
      if (!rotated.ok) throw new Error(rotated.error);
    },
    async backUp(endsWell) {
      const backup = await startBackup(store);
      if (!endsWell) return;
      await store.query('DROP SCHEMA IF EXISTS backup CASCADE');
      await store.query('CREATE SCHEMA backup');
      for (const table of await listTables()) await store.query(`CREATE TABLE backup.${table} AS SELECT * FROM public.${table}`);
      backedUp = new Set((await store.query('SELECT tx_id::text FROM inbox')).map(({ tx_id }) => String(tx_id)));
      await backUp(store, backup);
    },
    hasBackup: (txId) => backedUp.has(txId),
    async restore() {
      await stop('stopped');
      const tables = await listTables();
      await store.transaction(async (queries) => {
        // As a restore does: rows as they were, without what happens when they are new.
        await queries.query(`SET LOCAL session_replication_role = 'replica'`);
        await queries.query(`TRUNCATE ${tables.map((table) => `public.${table}`).join(', ')}`);
        for (const table of tables)
          await queries.query(`INSERT INTO public.${table} OVERRIDING SYSTEM VALUE SELECT * FROM backup.${table}`);
      });
      await enterRestored(store);
      await startAgain();
    },
    proveLog: () => prove(store, demoKeys),
    async close() {
      await stop('stopped');
      await store.close();
    },
  };
}

/** As `loadKeys`, with keys whose dates are looked at by the run's time. */
async function loadLiveKeys(demoKeys: DemoKeys, now: () => Date): Promise<LoadedKeys> {
  const loaded = await loadKeys(makeConfig(demoKeys));
  const live = await openLiveKeys(demoKeys.keysFile, now);
  if (!loaded.ok) throw new Error(loaded.error);
  if (!live.ok) throw new Error(live.error);
  const { tls, rootSha256, terminalCa, roots } = loaded.value;
  return Object.assign(live.value, { tls, rootSha256, terminalCa, roots });
}

/** The same database, until it is gone for whoever was given it: then each statement fails, and what was under way is undone. */
function openLife(store: Database): { database: Database; end(): void } {
  let over = false;
  const check = <T>(work: () => Promise<T>): Promise<T> => (over ? Promise.reject(new Error('killed')) : work());
  return {
    database: {
      query: (sql, values) => check(() => store.query(sql, values)),
      transaction: (work) =>
        check(() =>
          store.transaction(async (queries) => {
            const done = await work({ query: (sql, values) => check(() => queries.query(sql, values)) });
            if (over) throw new Error('killed');
            return done;
          }),
        ),
      close: async () => undefined,
    },
    end() {
      over = true;
    },
  };
}

async function prove(database: Database, { keysFile }: DemoKeys): Promise<LogReport> {
  const file = await readKeysFile(keysFile);
  if (!file.ok) throw new Error(file.error);
  const receiptKeys = new Map<string, KeyObject>(
    file.value.receipt.map(({ id, privateJwk }) => [id, createPublicKey({ key: publicHalf(privateJwk), format: 'jwk' })]),
  );
  const nameOf = (spki: Uint8Array) => createHash('sha256').update(spki).digest('base64url');
  const isTerminalKey = async (terminal: string, spki: Uint8Array) => {
    const keys = await findKeys(database, terminal, new Date());
    return keys.some(({ publicKey }) => nameOf(publicKey.export({ format: 'der', type: 'spki' })) === nameOf(spki));
  };
  return await proveLog(database, { receiptKeys, isTerminalKey });
}
