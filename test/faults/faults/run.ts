import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { keepFolder } from '../../../build/keeper.ts';
import { askOnce } from '../../../electron/terminal/identity/ask-once.ts';
import { fileKeyStore } from '../../../electron/terminal/identity/key-store.ts';
import { openRegistry } from '../../../electron/terminal/identity/registry.ts';
import { makeKey } from '../../../electron/testing/fake-middleware.ts';
import { makeDemoKeys } from '../../../middleware/demo-keys.ts';
import { type Alteration, bundleProgram, endBundling } from './bundle-programs.ts';
import { type Comparison, compare } from './compare.ts';
import { type DemoRoutes, openDemoRoutes } from './demo-routes.ts';
import { type FaultLine, startFaultLine } from './fault-line.ts';
import { type CountsByFault, noFaults } from './line-faults.ts';
import { type MiddlewareLives, startMiddlewareLives, writeConfig } from './middleware-lives.ts';
import { proveLog } from './prove-log.ts';
import { openStore, type StoreKind } from './store.ts';
import { createTerminalLives, type TerminalLives } from './terminal-lives.ts';
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
  /** Share of the terminals' lives in which nobody gets through. */
  withoutLine: number;
  /** Share of the kills that fall on the middleware; 0: it is spared. */
  middlewareShare: number;
  drainMs: number;
  /** For tests of this tool: what is taken out of the programs and the database, and a disk that lies. */
  breaks?: { client?: readonly Alteration[]; middleware?: readonly Alteration[]; database?: readonly string[]; lie?: boolean };
};

export type FaultFigures = Comparison & {
  kills: number;
  clientKills: number;
  middlewareKills: number;
  powerCuts: number;
  headsBehind: number;
  /** Terminals' processes that ended by themselves. */
  failures: number;
  /** Breaks in the middleware's log of receipts (middleware/prove-log.ts). */
  logBreaks: number;
  /** Terminals whose queue did not empty in time at the end. */
  undrained: number;
  lineFaults: CountsByFault;
  middlewareStartMs: number;
  seconds: number;
};

/** After so many lives a terminal is drained and another one takes its place, so that no queue grows with the run. */
const livesPerTerminal = 60;
const keepsAtMost = 8;
/** A terminal that ends by itself each time is given up: what it had kept is then lost. */
const mostFailures = 3;

/**
 * The run. The seed decides when who is killed, what the line does to which exchange, and what is sent. How fast the machine
 * is decides what is under way at that moment, so the same seed makes the same attempts and not the same interleaving.
 */
export async function runFaults(options: FaultOptions): Promise<FaultFigures> {
  const begun = performance.now();
  const { kills, seed, say, complain, breaks = {} } = options;
  const base = keepFolder(mkdtempSync(join(tmpdir(), 'loket-faults-')));
  const keys = await makeDemoKeys(join(base, 'keys'));
  const compiled = join(base, 'compiled');
  const programs = {
    client: await bundleProgram('test/faults/faults/client.ts', join(base, 'client.mjs'), breaks.client),
    middleware: await bundleProgram('middleware/main.ts', join(base, 'middleware.mjs'), breaks.middleware),
    proveLog: await bundleProgram('middleware/prove-log.ts', join(base, 'prove-log.mjs')),
  };
  await endBundling();
  const layer = await buildUnsyncedLayer();
  if (layer === null) say('No power cuts here: the layer that drops unsynced writes needs Linux and a C compiler.');
  const store = await openStore(options.store, base);
  const demo = openDemoRoutes(keys);
  let middleware: MiddlewareLives | null = null;
  const open = new Set<FaultLine>();
  try {
    await store.use(async (database) => {
      for (const statement of breaks.database ?? []) await database.query(statement);
    });
    const config = writeConfig(base, keys, store.dataDir);
    const terminals: TerminalLives[] = [];
    const clientKills = () => terminals.reduce((sum, terminal) => sum + terminal.figures().kills, 0);
    const lives = await startMiddlewareLives({
      program: programs.middleware,
      compiled,
      config,
      databaseUrl: store.url,
      seed,
      mayDie: () => options.middlewareShare > 0 && lives.kills() <= (clientKills() + 3) * options.middlewareShare,
    });
    middleware = lives;
    const lineFaults = noFaults();
    const forger = makeKey(keys.receiptKey.id);
    const done = () => clientKills() + lives.kills();
    const progress = setInterval(() => say(`${done()} kills, ${terminals.length} terminals so far`), 10_000);

    /** One place at which one terminal after the other stands. */
    async function occupy(place: number): Promise<void> {
      for (let turn = 0; done() < kills; turn += 1) {
        const name = `kiosk-${place}-${turn}`;
        const folder = join(base, name);
        mkdirSync(folder);
        const identity = await enrolAt(lives, join(folder, 'data', 'loket', 'identity'), name, demo);
        const own = seed + place * 1_000_003 + turn * 7_368_787;
        const line = await startFaultLine({
          seed: own,
          keys,
          identity,
          forger,
          counts: lineFaults,
          origin: lives.origin,
          onForward: lives.forwarded,
          onAnswer() {
            lives.answered();
            terminal.answered();
          },
        });
        open.add(line);
        const terminal: TerminalLives = createTerminalLives({
          name,
          folder,
          seed: own,
          line: () => line,
          layer,
          lie: breaks.lie ?? false,
          powerCuts: options.powerCuts,
          withoutLine: options.withoutLine,
          keepsAtMost,
          complain,
          program: programs.client,
          compiled,
        });
        terminals.push(terminal);
        for (let life = 0, failed = 0; life < livesPerTerminal && failed < mostFailures && done() < kills; life += 1)
          failed = (await terminal.live()) ? 0 : failed + 1;
        line.setFaults(false);
        if (!(await terminal.drain(options.drainMs))) undrained.push(name);
        await line.close();
        open.delete(line);
      }
    }

    const undrained: string[] = [];
    try {
      await Promise.all(Array.from({ length: options.side }, (_, place) => occupy(place)));
      await lives.spare();
    } finally {
      clearInterval(progress);
    }
    say(`${done()} kills; the faults are off and the queues empty. Comparing.`);
    await workOff(lives, demo, options.drainMs);
    await lives.stop();
    const compared = await store.use((database) => compare(database, terminals, keys.receiptKey.publicJwk, complain));
    const breaksInLog = await proveLog(programs.proveLog, { config, databaseUrl: store.url, compiled });
    for (const line of breaksInLog) complain(`log: ${line}`);
    for (const name of undrained) complain(`still waiting: ${name}`);
    const sum = (of: 'powerCuts' | 'headsBehind' | 'failures') => terminals.reduce((total, terminal) => total + terminal.figures()[of], 0);
    return {
      ...compared,
      kills: done(),
      clientKills: clientKills(),
      middlewareKills: lives.kills(),
      powerCuts: sum('powerCuts'),
      headsBehind: sum('headsBehind'),
      failures: sum('failures'),
      logBreaks: breaksInLog.length,
      undrained: undrained.length,
      lineFaults,
      middlewareStartMs: Math.round(median(lives.startMs())),
      seconds: Math.round((performance.now() - begun) / 1000),
    };
  } finally {
    await demo.close();
    await middleware?.stop().catch(() => undefined);
    await Promise.all([...open].map((line) => line.close()));
    await store.stop();
    rmSync(base, { recursive: true, force: true });
  }
}

/** With the app's own code, past the line. The middleware may be killed over it; the code is good for a lost answer. */
async function enrolAt(lives: MiddlewareLives, folder: string, terminal: string, demo: DemoRoutes) {
  for (;;) {
    const url = lives.origin();
    if (url !== null) {
      const parts = { folder, terminal, url, keyStore: fileKeyStore, ask: askOnce, now: () => new Date() };
      const code = await demo.issueCode(url, terminal);
      const registry = openRegistry(parts);
      const enrolled = code === null ? null : await registry.enrol(code);
      if (enrolled?.ok) return enrolled.value.tls;
    }
    await wait(50);
  }
}

/** Until the worker has nothing left to carry out, or nothing that it can. */
async function workOff(lives: MiddlewareLives, demo: DemoRoutes, patienceMs: number): Promise<void> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    const origin = lives.origin();
    if (origin !== null && (await demo.countUnprocessed(origin)) === 0) return;
    await wait(100);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
