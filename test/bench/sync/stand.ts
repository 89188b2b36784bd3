import { generateKeyPairSync } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type DemoKeys, makeDemoKeys } from '../../../middleware/demo-keys.ts';
import { findPostgres, startPostgres } from '../../harness/postgres.ts';
import { type Child, startChild } from './child.ts';
import type { TerminalParts } from './open-queue.ts';

/** PEM. */
export type Tls = { key: string; cert: string; ca: string };
/** `tls`: the terminal's end. */
export type Served = { child: Child; url: string; tls: Tls };

/** Everybody's server over the same TLS: the terminal's own key and certificate at one end, the middleware's at the other. */
export type Stand = {
  /** Which database is behind the middleware, in words. */
  store: string;
  terminalOf(folder: string): TerminalParts;
  /** Of the servers that are no middleware. */
  serverTls: Tls;
  /** The middleware with its worker not running, and another one with it. */
  middleware: Served;
  working: Served;
  /** A child that ends with the stand. */
  start(name: string): Child;
  close(): Promise<void>;
};

const terminal = 'kiosk-1';

export async function openStand(folder: string): Promise<Stand> {
  const keyFolder = join(folder, 'keys');
  const keys = await makeDemoKeys(keyFolder);
  const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const hasPostgres = findPostgres() !== null;
  const opened: (() => Promise<unknown>)[] = [];

  function start(name: string): Child {
    const child = startChild(name);
    opened.push(() => child.end());
    return child;
  }

  /** A database of its own for each: one does not wait for what the other tidies up. */
  async function serve(worker: boolean): Promise<Served> {
    const postgres = hasPostgres ? await startPostgres({ durable: true, port: true }) : null;
    if (postgres) opened.push(() => postgres.stop());
    const child = start('middleware-child');
    const how = { dir: keyFolder, databaseUrl: postgres?.url ?? null, worker, terminal, privateKey };
    const { url, cert } = (await child.ask('start', how)) as { url: string; cert: string };
    return { child, url, tls: { key: privateKey, cert, ca: keys.tls.root.pem } };
  }

  async function close(): Promise<void> {
    for (const end of opened.toReversed()) await end();
  }

  try {
    const [middleware, working] = [await serve(false), await serve(true)];
    return {
      store: hasPostgres ? 'PostgreSQL that syncs to disk' : 'PGlite in memory, because no PostgreSQL is installed here',
      terminalOf: (at) => describeTerminal(at, privateKey, keys),
      serverTls: { key: keys.tls.key.pem, cert: keys.tls.certificate.pem, ca: keys.terminalCa.certificate.pem + keys.tls.root.pem },
      middleware,
      working,
      start,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function describeTerminal(folder: string, privateKey: string, { sealKey, receiptKey }: DemoKeys): TerminalParts {
  return {
    folder,
    terminal,
    privateKey,
    sealKey: { id: sealKey.id, jwk: sealKey.publicJwk },
    receiptKey: { id: receiptKey.id, jwk: receiptKey.publicJwk },
  };
}

/** What was filled once is used in each round anew. */
export function copyOf(from: string, to: string): string {
  cpSync(from, to, { recursive: true, force: true });
  return to;
}
