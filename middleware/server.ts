import type { AddressInfo } from 'node:net';
import type { MiddlewareConfig } from './config.ts';
import { addFaults } from './demo/faults.ts';
import { addDemoRoutes } from './demo/routes.ts';
import { createApp } from './http/app.ts';
import { addAssets } from './http/assets.ts';
import { addIngest } from './ingest/routes.ts';
import type { LoadedKeys } from './load-keys.ts';
import { addOperator } from './operator/routes.ts';
import type { Database } from './store/database.ts';
import { createInbox } from './store/inbox.ts';
import { addTickets } from './tickets/routes.ts';
import { createTokenBucket } from './tickets/token-bucket.ts';
import { startWorker, type Worker } from './worker/worker.ts';

export type Middleware = {
  /** https://localhost:PORT */
  url: string;
  port: number;
  worker: Worker;
  /** Answers what is under way, finishes the record in hand. The database stays open: it is the caller's. */
  close(): Promise<void>;
};

export type MiddlewareParts = {
  database: Database;
  now?: () => Date;
  /** Milliseconds since any moment, never stepping back: for pacing. */
  uptime?: () => number;
  /** How often the worker looks for what another instance left. */
  lookAgainMs?: number;
  /** Waits for the demo's slow line. */
  wait?: (ms: number) => Promise<void>;
  log?: { write(line: string): void };
};

/** Ticket questions per address: 30 at once, then one a second. A reference has 40 random bits; this guards the database. */
const ticketRate = { burst: 30, refillMs: 1000, addresses: 10_000 } as const;

/** Wires one instance. Everything it remembers is in the database, so several can stand beside each other. */
export async function startMiddleware(config: MiddlewareConfig, keys: LoadedKeys, parts: MiddlewareParts): Promise<Middleware> {
  const { database, now = () => new Date() } = parts;
  const { tls, signReceipt, opening } = keys;
  const app = createApp({ tls, trustedProxies: config.trustedProxies, log: parts.log });
  const closing = new AbortController();
  const worker = startWorker({ database, opening, now, log: app.log, lookAgainMs: parts.lookAgainMs ?? 5000 });

  if (config.demo) {
    const faults = addFaults(app, { signReceipt, now, wait: parts.wait ?? ((ms) => waitUnlessClosing(ms, closing.signal)) });
    addDemoRoutes(app, { database, faults });
    addOperator(app, { database, terminals: new Map(config.terminals.map(({ id, name }) => [id, name])) });
  }
  addIngest(app, {
    inbox: createInbox(database),
    signReceipt,
    knownKeys: new Set(opening.keyIds),
    terminals: new Set(config.terminals.map((terminal) => terminal.id)),
    now,
    taken: worker.wake,
  });
  addTickets(app, { database, bucket: createTokenBucket({ ...ticketRate, now: parts.uptime ?? (() => performance.now()) }) });
  addAssets(app);

  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await worker.stop();
    throw error;
  }
  const port = portOf(app.server.address());
  return {
    url: `https://localhost:${port}`,
    port,
    worker,
    async close() {
      closing.abort();
      await app.close();
      await worker.stop();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('listening without a port');
  return address.port;
}

async function waitUnlessClosing(ms: number, closing: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    closing.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
