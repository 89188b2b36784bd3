import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Agent, fetch, type Response } from 'undici';
import { mediaType } from '../../contract/wire.ts';
import { MiddlewareConfig } from '../config.ts';
import { type DemoKeys, makeDemoKeys } from '../demo-keys.ts';
import { type LoadedKeys, loadKeys } from '../load-keys.ts';
import { type Middleware, type MiddlewareParts, startMiddleware } from '../server.ts';
import type { Database } from '../store/database.ts';
import { openDatabase } from '../store/open-database.ts';
import { openPostgres } from '../store/postgres.ts';
import { expectDocumented } from './documented.ts';
import { type ClientIdentity, enrolDirectly } from './enrolled.ts';
import { createFakeTerminal, type FakeTerminal } from './fake-terminal.ts';
import { openFreshPglite } from './fresh-pglite.ts';

export type TestBench = {
  keys: DemoKeys;
  /** Real: PGlite in memory, or a fresh schema of the PostgreSQL at DATABASE_URL. One for all tests of a file. */
  database: Database;
  /** `kiosk-1`, enrolled. */
  terminal: FakeTerminal;
  /** Of this bench alone; gone at its end. */
  folder: string;
  /** A second way to the same database, as another instance has. PGlite has one door, which instances then share. */
  beside(): Database;
  /** Gives a terminal its certificate; a second time, anew with the keys that it has then. */
  enrol(terminal: FakeTerminal): Promise<ClientIdentity>;
  start(changes?: Partial<MiddlewareConfig>, parts?: Partial<MiddlewareParts>): Promise<TestMiddleware>;
  empty(): Promise<void>;
  close(): Promise<void>;
};

export type TestMiddleware = Middleware & {
  /**
   * Over HTTPS with the demo root pinned. Every answer is held against the published document, unless a fault is on.
   * `as`: whose client certificate; `bench.terminal`'s when left out, null for none.
   */
  ask(path: string, init?: AskOptions): Promise<Response>;
  deliver(items: unknown, as?: FakeTerminal): Promise<Response>;
};
export type AskOptions = {
  method?: string;
  body?: string | Uint8Array;
  headers?: Record<string, string>;
  redirect?: 'manual';
  undocumented?: true;
  as?: FakeTerminal | ClientIdentity | null;
};

export async function openTestBench(): Promise<TestBench> {
  const folder = await mkdtemp(join(tmpdir(), 'loket-middleware-'));
  const keys = await makeDemoKeys(folder);
  const { database, drop, url } = await openTestDatabase();
  const besides: Database[] = [];
  const [, loaded] = await configure(keys);
  const identities = new Map<FakeTerminal['keys'], ClientIdentity>();
  const dispatchers = new Map<ClientIdentity | null, Agent>();
  const dispatcherFor = (who: FakeTerminal | ClientIdentity | null): Agent => {
    const identity = who === null || 'cert' in who ? who : (identities.get(who.keys) ?? null);
    const known = dispatchers.get(identity);
    if (known !== undefined) return known;
    const made = new Agent({ connect: { ca: keys.tls.root.pem, ...identity } });
    dispatchers.set(identity, made);
    return made;
  };
  const enrol: TestBench['enrol'] = async (terminal) => {
    const identity = await enrolDirectly({ database, keys: loaded }, terminal);
    identities.set(terminal.keys, identity);
    return identity;
  };
  const terminal = createFakeTerminal('kiosk-1', keys.sealKey);
  await enrol(terminal);
  const running: Middleware[] = [];
  return {
    keys,
    database,
    folder,
    beside() {
      if (url === null) return database;
      const other = openPostgres(url);
      besides.push(other);
      return other;
    },
    terminal,
    enrol,
    async start(changes = {}, parts = {}) {
      const middleware = await startMiddleware(...(await configure(keys, changes)), { database, ...parts });
      running.push(middleware);
      const ask: TestMiddleware['ask'] = async (path, { undocumented = false, as = terminal, ...init } = {}) => {
        const response = await fetch(middleware.url + path, { ...init, dispatcher: dispatcherFor(as) });
        if (!undocumented) await expectDocumented(init.method ?? 'GET', path, response);
        return response;
      };
      return {
        ...middleware,
        ask,
        deliver: (items, as = terminal) =>
          ask('/v1/transactions', { method: 'POST', body: JSON.stringify(items), headers: { 'content-type': mediaType.batch }, as }),
      };
    },
    async empty() {
      await Promise.all(running.splice(0).map((middleware) => middleware.close()));
      await database.query(
        `TRUNCATE inbox, cases, delivery, queue, loss, missing, challenge, sign_in, revocation_answer, revocation_list,
           operator, operator_session, operator_act, bundle, blob, attachment, attachment_piece, awaited,
           backup, backup_queue, backup_attachment, profile_entry, profile_change, profile_code`,
      );
    },
    async close() {
      await Promise.all(running.splice(0).map((middleware) => middleware.close()));
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.close()));
      await Promise.all([database, ...besides].map((each) => each.close()));
      await drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function makeConfig(keys: DemoKeys, changes: Partial<MiddlewareConfig> = {}): MiddlewareConfig {
  return MiddlewareConfig.parse({
    port: 0,
    tls: { key: keys.tls.key.pem, cert: keys.tls.certificate.pem, root: keys.tls.root.pem },
    terminalCa: { key: keys.terminalCa.key.pem, cert: keys.terminalCa.certificate.pem },
    keys: keys.keys,
    demo: true,
    ...changes,
  });
}

/** The configuration and what is loaded from it, as main does it. */
export async function configure(keys: DemoKeys, changes: Partial<MiddlewareConfig> = {}): Promise<[MiddlewareConfig, LoadedKeys]> {
  const config = makeConfig(keys, changes);
  const loaded = await loadKeys(config);
  if (!loaded.ok) throw new Error(loaded.error);
  return [config, loaded.value];
}

/** With DATABASE_URL in the environment: a schema of its own there, dropped by `drop`. Else PGlite in memory. */
export async function openTestDatabase(): Promise<{ database: Database; drop: () => Promise<void>; url: string | null }> {
  const base = process.env.DATABASE_URL;
  if (base === undefined || base === '') return { database: await openFreshPglite(), drop: async () => undefined, url: null };
  const schema = `test_${randomBytes(6).toString('hex')}`;
  await inDatabase(base, `CREATE SCHEMA ${schema}`);
  const url = new URL(base);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return {
    database: await openDatabase({ url: url.href }),
    drop: () => inDatabase(base, `DROP SCHEMA ${schema} CASCADE`),
    url: url.href,
  };
}

async function inDatabase(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
