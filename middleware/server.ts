import type { AddressInfo } from 'node:net';
import type { MiddlewareConfig } from './config.ts';
import { addFaults } from './demo/faults.ts';
import { addDemoRoutes } from './demo/routes.ts';
import { createApp } from './http/app.ts';
import { addAssets } from './http/assets.ts';
import { createTokenBucket } from './http/token-bucket.ts';
import { addIngest } from './ingest/routes.ts';
import type { LoadedKeys } from './load-keys.ts';
import { addOperator } from './operator/routes.ts';
import { createRevocations } from './revocation/revocations.ts';
import { addRevocations } from './revocation/routes.ts';
import { addSignIn } from './sign-in/routes.ts';
import type { Database } from './store/database.ts';
import { createInbox } from './store/inbox.ts';
import { addTickets } from './tickets/routes.ts';
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
const ticketRate = { burst: 30, refillMs: 1000, askers: 10_000 } as const;

/** Challenges, sign-ins and questions about certificates, each per terminal and network: people are slower than this. */
const terminalRate = { burst: 10, refillMs: 2000, askers: 10_000 } as const;

/** Wires one instance. Everything it remembers is in the database, so several can stand beside each other. */
export async function startMiddleware(config: MiddlewareConfig, keys: LoadedKeys, parts: MiddlewareParts): Promise<Middleware> {
  const { database, now = () => new Date() } = parts;
  const { tls, signReceipt, opening, roots } = keys;
  const app = createApp({ tls, trustedProxies: config.trustedProxies, log: parts.log });
  const closing = new AbortController();
  const worker = startWorker({ database, opening, now, log: app.log, lookAgainMs: parts.lookAgainMs ?? 5000 });

  if (config.demo) {
    const faults = addFaults(app, { signReceipt, now, wait: parts.wait ?? ((ms) => waitUnlessClosing(ms, closing.signal)) });
    addDemoRoutes(app, { database, faults });
    addOperator(app, { database, terminals: new Map(config.terminals.map(({ id, name }) => [id, name])) });
  }
  const terminals = new Set(config.terminals.map((terminal) => terminal.id));
  addIngest(app, {
    inbox: createInbox(database),
    signReceipt,
    knownKeys: new Set(opening.keyIds),
    terminals,
    now,
    taken: worker.wake,
  });
  const uptime = parts.uptime ?? (() => performance.now());
  const makeBucket = () => createTokenBucket({ ...terminalRate, now: uptime });
  addTickets(app, { database, bucket: createTokenBucket({ ...ticketRate, now: uptime }) });
  const revocations = createRevocations({ database, now, log: app.log, ...revocationOf(config) });
  addRevocations(app, { terminals, roots, revocations, now, bucket: makeBucket() });
  let origin = '';
  addSignIn(app, {
    database,
    terminals,
    roots,
    revocations,
    now,
    origin: () => origin,
    buckets: { challenges: makeBucket(), signIns: makeBucket() },
  });
  addAssets(app);

  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await worker.stop();
    await revocations.close();
    throw error;
  }
  const port = portOf(app.server.address());
  origin = config.origin ?? originOf(config.host, port);
  return {
    url: `https://localhost:${port}`,
    port,
    worker,
    async close() {
      closing.abort();
      await app.close();
      await worker.stop();
      await revocations.close();
    },
  };
}

function revocationOf({ revocation: { hosts, instead, timeoutMs } }: MiddlewareConfig) {
  return { hosts: { hosts: new Set(hosts), instead: new Map(Object.entries(instead)) }, timeoutMs };
}

/** As a client writes it: without a default port, IPv6 in brackets. */
function originOf(host: string, port: number): string {
  return new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`).origin;
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
