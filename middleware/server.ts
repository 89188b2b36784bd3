import type { AddressInfo } from 'node:net';
import { takeCarriedAttachments } from './attachments/carried.ts';
import { judgeAttachments } from './attachments/judge.ts';
import { addAttachments } from './attachments/routes.ts';
import { addBundles, readCursor } from './bundles/routes.ts';
import { addChecker } from './checker/routes.ts';
import type { MiddlewareConfig } from './config.ts';
import { writeReading } from './consultations/write-reading.ts';
import { addFaults } from './demo/faults.ts';
import { addDemoMessages, createDemoMessages } from './demo/messages.ts';
import { addDemoRoutes } from './demo/routes.ts';
import { addEnrolment } from './enrolment/routes.ts';
import { createAnswersJudge } from './forms/judge-answers.ts';
import { createGrants } from './grants/grants.ts';
import { createApp } from './http/app.ts';
import { addAssets } from './http/assets.ts';
import { createTokenBucket } from './http/token-bucket.ts';
import { takeCarried } from './ingest/carried.ts';
import { createPacing } from './ingest/pacing.ts';
import { addIngest } from './ingest/routes.ts';
import { addKeySet } from './keys/routes.ts';
import { watchKeys } from './keys/watch-keys.ts';
import type { LoadedKeys } from './load-keys.ts';
import { addOperator } from './operator/routes.ts';
import { type DemoOperator, ensureDemoOperator } from './operators/demo-operator.ts';
import { prepareDatabase } from './prepare-database.ts';
import { createGateway, type Messenger, noMessenger } from './profile/messages.ts';
import { addProfile } from './profile/routes.ts';
import { createRevocations } from './revocation/revocations.ts';
import { addRevocations } from './revocation/routes.ts';
import { addSignIn } from './sign-in/routes.ts';
import { addFileRoutes, type FileChoices, type FileRoutes } from './sources/add-file-routes.ts';
import { createItemProofs } from './sources/item-proof.ts';
import type { Database } from './store/database.ts';
import { createTerminals } from './terminals/terminals.ts';
import { addTickets } from './tickets/routes.ts';
import { rejectHeld, releaseHeld } from './worker/release.ts';
import { startWorker, type Worker } from './worker/worker.ts';

export type Middleware = {
  /** https://localhost:PORT */
  url: string;
  port: number;
  worker: Worker;
  /** Who signs in at /operator in a demo; null in earnest. */
  demoOperator: DemoOperator | null;
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
  /** Other times than usual for reading files. */
  file?: FileChoices;
};

/** Ticket questions per address: 30 at once, then one a second. A reference has 40 random bits; this guards the database. */
const ticketRate = { burst: 30, refillMs: 1000, askers: 10_000 } as const;

/** Challenges, sign-ins and questions about certificates, each per terminal: people are slower than this. */
const terminalRate = { burst: 10, refillMs: 2000, askers: 10_000 } as const;

/** Files and roles, per terminal: a person asks once more for a source that was silent. */
const fileRate = { burst: 30, refillMs: 1000, askers: 10_000 } as const;

/** Codes of 64 random bits and passwords, per network. */
const guessRate = { burst: 10, refillMs: 10_000, askers: 10_000 } as const;

/** Passwords per operator's name, from anywhere. Above what one network may: a few who guess do not keep its owner out. */
const nameRate = { burst: 40, refillMs: 2000, askers: 10_000 } as const;

/**
 * Wires one instance. All that counts is in the database, so several can stand beside each other: what one remembers itself
 * is its own pace, or is looked at again in the database.
 */
export async function startMiddleware(config: MiddlewareConfig, keys: LoadedKeys, parts: MiddlewareParts): Promise<Middleware> {
  const { database, now = () => new Date() } = parts;
  const { signReceipt, opening, roots, terminalCa, keySet, operatorKey, rootSha256 } = keys;
  await prepareDatabase(config, keys, { database, now });
  const demoOperator = config.demo ? await ensureDemoOperator(database, operatorKey) : null;
  const app = createApp({
    tls: { ...keys.tls, terminalCa: terminalCa.certificate.toString() },
    trustedProxies: config.trustedProxies,
    log: parts.log,
  });
  const closing = new AbortController();
  const revocations = createRevocations({ database, now, log: app.log, ...revocationOf(config) });
  let file: FileRoutes | null = null;
  const items = createItemProofs(operatorKey);
  const worker = startWorker({
    database,
    opening,
    roots,
    judgeAttachments,
    judgeAnswers: createAnswersJudge(),
    judgeItem: items.judge,
    revocations,
    // Records wait for nothing here: until the sources are open, who would know says nothing.
    confirmActing: async (ssin, as) => (await file?.confirmActing(ssin, as)) ?? 'unknown',
    now,
    log: app.log,
    lookAgainMs: parts.lookAgainMs ?? 5000,
  });
  const uptime = parts.uptime ?? (() => performance.now());
  const makeBucket = (rate: Omit<Parameters<typeof createTokenBucket>[0], 'now'>) => createTokenBucket({ ...rate, now: uptime });
  const terminals = createTerminals({ database, terminalCa: terminalCa.certificate, now });

  let messenger: Messenger = config.messages ? createGateway(config.messages) : noMessenger;
  if (config.demo) {
    const messages = createDemoMessages(now);
    messenger = messages;
    addDemoMessages(app, messages);
    const faults = addFaults(app, { signReceipt, now, wait: parts.wait ?? ((ms) => waitUnlessClosing(ms, closing.signal)) });
    addDemoRoutes(app, { database, faults, rootSha256, now });
  }
  const watch = watchKeys(keys, { log: app.log, uptime });
  const ingest = {
    database,
    signReceipt,
    knownKeys: { has: keys.knowsSealKey },
    lookForKeys: watch.look,
    now,
    taken: worker.wake,
  };
  const pacing = createPacing();
  addIngest(app, {
    ...ingest,
    terminals,
    pacing,
    bucket: makeBucket(terminalRate),
    uptime,
    keySetSerial: () => keySet.set.serial,
    readCursor,
    log: app.log,
  });
  addAttachments(app, { database, terminals, pacing, uptime, now, whole: worker.wake });
  addEnrolment(app, {
    database,
    terminals,
    terminalCa,
    root: keys.tls.root,
    keySet,
    operatorKey,
    now,
    buckets: { enrolments: makeBucket(guessRate), renewals: makeBucket(terminalRate) },
  });
  addKeySet(app, { terminals, keySet });
  addBundles(app, { database, terminals });
  let origin = '';
  const ticketBucket = makeBucket(ticketRate);
  addTickets(app, { database, bucket: ticketBucket });
  addChecker(app, { database, keySet, receiptKey: () => keys.receiptKey, now, bucket: ticketBucket, origin: () => origin });
  addRevocations(app, { terminals, roots, revocations, now, bucket: makeBucket(terminalRate) });
  const grants = createGrants({ database, now });
  file = await addFileRoutes(app, {
    database,
    terminals,
    grants,
    now,
    prove: items.prove,
    config: config.sources,
    closing: closing.signal,
    makeBucket: () => makeBucket(fileRate),
    messenger,
    pageBucket: ticketBucket,
    ...(parts.file === undefined ? {} : { choices: parts.file }),
  });
  addProfile(app, {
    database,
    terminals,
    grants,
    messenger,
    writeReading: (note) => writeReading(database, { ...note, at: now() }),
    now,
    makeBucket: () => makeBucket(terminalRate),
  });
  addSignIn(app, {
    database,
    terminals,
    grants,
    roots,
    revocations,
    now,
    origin: () => origin,
    buckets: { challenges: makeBucket(terminalRate), signIns: makeBucket(terminalRate) },
  });
  addOperator(app, {
    database,
    now,
    rootSha256,
    operatorKey,
    demo: config.demo,
    nextKeySet: () => keySet.set.nextUpdate,
    buckets: { network: makeBucket(guessRate), name: makeBucket(nameRate) },
    ...file.page(config.demo),
    release: releaseHeld,
    reject: rejectHeld,
    released: worker.wake,
    ...takeCarried(ingest),
    ...takeCarriedAttachments({ database, now, whole: worker.wake }),
  });
  addAssets(app);

  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    watch.stop();
    await worker.stop();
    await revocations.close();
    await file.close();
    throw error;
  }
  const port = portOf(app.server.address());
  origin = config.origin ?? originOf(config.host, port);
  return {
    url: `https://localhost:${port}`,
    port,
    worker,
    demoOperator,
    async close() {
      closing.abort();
      watch.stop();
      await app.close();
      await worker.stop();
      await file.close();
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
