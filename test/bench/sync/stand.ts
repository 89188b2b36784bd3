import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DemoKeys, makeDemoKeys } from '../../../middleware/demo-keys.ts';
import { findPostgres, startPostgres } from '../../harness/postgres.ts';
import { type Child, startChild } from './child.ts';
import type { TerminalParts } from './terminal-child.ts';

export type Tls = { key: string; cert: string; ca: string };

/** Everybody's server over the same TLS: the terminal's own key and certificate at one end, the middleware's at the other. */
export type Stand = {
  keys: DemoKeys;
  /** Which database is behind the middleware, in words. */
  store: string;
  terminalOf(folder: string): TerminalParts;
  /** Of the terminal. */
  tls: Tls;
  serverTls: Tls;
  /** With the worker not running, and with it. */
  middleware: Served;
  working: Served;
  close(): Promise<void>;
};
export type Served = { child: Child; url: string };

const terminal = 'kiosk-1';

export async function openStand(folder: string, keyFolder = folder): Promise<Stand> {
  const keys = await makeDemoKeys(join(keyFolder, 'keys'));
  const pf = join(keyFolder, 'key.pem'); if (!existsSync(pf)) writeFileSync(pf, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
  const privateKey = readFileSync(pf, 'utf8');
  const durable = findPostgres() !== null;
  const store = durable ? 'PostgreSQL, with fsync' : 'PGlite in memory, because no PostgreSQL is installed here';
  const opened: { close(): Promise<unknown> }[] = [];

  /** A database of its own for each: one does not wait for the other's locks or vacuum the other's rows. */
  async function serve(worker: boolean): Promise<Served & { cert: string }> {
    const postgres = durable ? await startPostgres({ durable: true }) : null;
    if (postgres) opened.push({ close: () => postgres.stop() });
    const child = startChild('sync/middleware-child.ts');
    opened.push({ close: () => child.end() });
    const started = { dir: join(keyFolder, 'keys'), databaseUrl: postgres?.url ?? null, worker, terminal, privateKey };
    const { url, cert } = (await child.ask('start', started)) as { url: string; cert: string };
    return { child, url, cert };
  }

  async function close(): Promise<void> {
    for (const each of opened.toReversed()) await each.close();
  }

  try {
    const middleware = await serve(false);
    const working = await serve(true);
    const ca = keys.tls.root.pem;
    const { sealKey, receiptKey } = keys;
    return {
      keys,
      store,
      tls: { key: privateKey, cert: middleware.cert, ca },
      serverTls: { key: keys.tls.key.pem, cert: keys.tls.certificate.pem, ca: keys.terminalCa.certificate.pem + ca },
      terminalOf: (at) => ({
        folder: at,
        terminal,
        privateKey,
        sealKey: { id: sealKey.id, jwk: sealKey.publicJwk },
        receiptKey: { id: receiptKey.id, jwk: receiptKey.publicJwk },
      }),
      middleware,
      working,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What was filled once is used in each round anew. */
export function copyOf(from: string, to: string): string {
  cpSync(from, to, { recursive: true, force: true });
  return to;
}
