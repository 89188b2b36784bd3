import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { keepFolder } from '../../../build/keeper.ts';
import type { PublicJwk } from '../../../contract/key-set.ts';
import { makeKey } from '../../../electron/testing/fake-middleware.ts';
import { type DemoKeys, makeDemoKeys } from '../../../middleware/demo-keys.ts';
import { publicHalf } from '../../../middleware/keys/keys-file.ts';
import { readKeysFile } from '../../../middleware/keys/read-keys-file.ts';
import { rotateKeys } from '../../../middleware/keys/rotate.ts';
import { type Alteration, bundlePrograms } from './bundle-programs.ts';
import { type Comparison, compare } from './compare.ts';
import { type DemoRoutes, openDemoRoutes } from './demo-routes.ts';
import { type CountsByFault, noFaults, usualWeights } from './line-faults.ts';
import { type MiddlewareLives, startMiddlewareLives, writeConfig } from './middleware-lives.ts';
import { occupyPlace, type PlaceParts } from './place.ts';
import { proveLog } from './prove-log.ts';
import { openStore, type Store, type StoreKind } from './store.ts';
import type { TerminalLives } from './terminal-lives.ts';
import { buildUnsyncedLayer } from './unsynced-layer.ts';

export type FaultOptions = {
  kills: number;
  seed: number;
  say: (line: string) => void;
  /** One line for each thing that is not as it should be. */
  complain: (line: string) => void;
  store: StoreKind;
  /** Terminals at the same time. */
  side: number;
  /** Share of the terminals' deaths that are power cuts. */
  powerCuts: number;
  /** What is sent in one life of a terminal, at most. */
  keepsAtMost: number;
  /** Share of the terminals' lives in which nobody gets through. */
  withoutLine: number;
  /** Share of the kills that fall on the middleware, at most; 0: it is spared. */
  middlewareShare: number;
  drainMs: number;
  /** How often answers are forged, beside the weights of line-faults.ts. */
  forged?: number;
  /** For tests of this tool: what is taken out of the programs and the database, and a disk that lies. */
  breaks?: { client?: readonly Alteration[]; middleware?: readonly Alteration[]; database?: readonly string[]; lie?: boolean };
};

export type FaultFigures = Comparison & {
  kills: number;
  clientKills: number;
  middlewareKills: number;
  powerCuts: number;
  /** Power cuts after which the head file knew less than somebody had been told. */
  headsBehind: number;
  /** Terminals' processes that ended by themselves. */
  failures: number;
  /** Breaks in the middleware's log of receipts (middleware/prove-log.ts). */
  logBreaks: number;
  /** Terminals whose queue did not empty in time at the end. */
  undrained: number;
  lineFaults: CountsByFault;
  /** Of all keys, in use at once: what was sealed or received by older ones is on its way. */
  rotations: number;
  /** Median, from start to listening. */
  middlewareStartMs: number;
  seconds: number;
};

/**
 * The run. The seed decides when who is killed, what the line does to which exchange, and what is sent. How fast the machine
 * is decides what is under way at that moment: the same seed makes the same attempts and not the same interleaving.
 */
export async function runFaults(options: FaultOptions): Promise<FaultFigures> {
  const base = keepFolder(mkdtempSync(join(tmpdir(), 'loket-faults-')));
  try {
    const keys = await makeDemoKeys(join(base, 'keys'));
    const store = await openStore(options.store, base);
    try {
      return await runOn(store, base, keys, options);
    } finally {
      await store.stop();
    }
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

async function runOn(store: Store, base: string, keys: DemoKeys, options: FaultOptions): Promise<FaultFigures> {
  const begun = performance.now();
  const { kills, seed, say, complain, breaks = {}, drainMs } = options;
  const programs = await bundlePrograms(breaks);
  const { compiled } = programs;
  const config = writeConfig(base, keys, store.dataDir);
  const { database: statements = [] } = breaks;
  if (statements.length > 0) {
    await store.use(async (database) => {
      for (const statement of statements) await database.query(statement);
    });
  }
  const terminals: TerminalLives[] = [];
  const undrained: string[] = [];
  const counts = noFaults();
  const sum = (of: 'kills' | 'powerCuts' | 'headsBehind' | 'failures') => terminals.reduce((all, each) => all + each.figures()[of], 0);
  let broken = false;
  const done = (): number => sum('kills') + middleware.kills();
  const isOver = () => broken || done() >= kills;
  const middleware: MiddlewareLives = await startMiddlewareLives({
    program: programs.middleware,
    compiled,
    config,
    databaseUrl: store.url,
    seed,
    mayDie: () => !isOver() && options.middlewareShare > 0 && middleware.kills() <= (sum('kills') + 3) * options.middlewareShare,
  });
  const demo = openDemoRoutes(keys);
  const rotating = rotateMeanwhile(keys, () => done() / kills);
  const progress = setInterval(() => say(`${done()} kills, ${terminals.length} terminals so far`), 10_000);
  try {
    const parts: Omit<PlaceParts, 'place'> = {
      ...options,
      base,
      keys,
      programs,
      middleware,
      demo,
      forger: makeKey(keys.receiptKey.id),
      forged: options.forged ?? usualWeights.forged,
      counts,
      layer: await findLayer(say),
      lie: breaks.lie ?? false,
      isOver,
      onTerminal: (terminal) => terminals.push(terminal),
      onUndrained: (name) => undrained.push(name),
    };
    // What goes wrong at one place ends the others too, and each tidies up first.
    const occupied = await Promise.allSettled(
      Array.from({ length: options.side }, (_, place) =>
        occupyPlace({ ...parts, place }).catch((error: unknown) => {
          broken = true;
          throw error;
        }),
      ),
    );
    for (const { status, ...place } of occupied) if (status === 'rejected' && 'reason' in place) throw place.reason;
    await middleware.spare();
    say(`${done()} kills; the faults are off and the queues empty. Comparing.`);
    await workOff(middleware, demo, drainMs);
  } finally {
    clearInterval(progress);
    await rotating.stop();
    await demo.close();
    await middleware.stop();
  }
  const receiptKeys = await readReceiptKeys(keys);
  const compared = await store.use((database) => compare(database, terminals, receiptKeys, complain));
  const breaksInLog = await proveLog(programs.proveLog, { config, databaseUrl: store.url, compiled });
  for (const line of breaksInLog) complain(`log: ${line}`);
  for (const name of undrained) complain(`still waiting: ${name}`);
  return {
    ...compared,
    kills: done(),
    clientKills: sum('kills'),
    middlewareKills: middleware.kills(),
    powerCuts: sum('powerCuts'),
    headsBehind: sum('headsBehind'),
    failures: sum('failures'),
    logBreaks: breaksInLog.length,
    undrained: undrained.length,
    lineFaults: counts,
    rotations: rotating.count(),
    middlewareStartMs: Math.round(median(middleware.startMs())),
    seconds: Math.round((performance.now() - begun) / 1000),
  };
}

const day = 86_400_000;
const rotations = 2;

/** When so large a part of the kills is done; and used from then on, though an administrator gives terminals a day to hear of it. */
function rotateMeanwhile({ keysFile }: DemoKeys, share: () => number): { count(): number; stop(): Promise<void> } {
  let count = 0;
  let under: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    if (count >= rotations || share() < (count + 1) / (rotations + 1)) return;
    count += 1;
    under = under.then(async () => {
      const rotated = await rotateKeys(keysFile, null, new Date(Date.now() - day));
      if (!rotated.ok) throw new Error(rotated.error);
    });
  }, 50);
  return {
    count: () => count,
    async stop() {
      clearInterval(timer);
      await under;
    },
  };
}

async function readReceiptKeys({ keysFile }: DemoKeys): Promise<PublicJwk[]> {
  const file = await readKeysFile(keysFile);
  if (!file.ok) throw new Error(file.error);
  return file.value.receipt.map(({ privateJwk }) => publicHalf(privateJwk));
}

async function findLayer(say: (line: string) => void): Promise<string | null> {
  const layer = await buildUnsyncedLayer();
  if (layer === null) say('No power cuts here: the layer that drops unsynced writes needs Linux and a C compiler.');
  return layer;
}

/** Until the worker has nothing left to carry out, or nothing that it can. */
async function workOff(middleware: MiddlewareLives, demo: DemoRoutes, patienceMs: number): Promise<void> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    const origin = middleware.origin();
    if (origin !== null && (await demo.countUnprocessed(origin)) === 0) return;
    await wait(100);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
