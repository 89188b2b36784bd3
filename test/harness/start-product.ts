import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { endChild, keep } from '../../build/keeper.ts';
import { type Runtime, runtimeEnvironment } from '../../build/runtime.ts';
import type { Edges } from './edges.ts';
import { makeRunFolder } from './run-folder.ts';
import { chooseSandbox, ownerOf } from './sandbox.ts';

const Line = z.looseObject({ event: z.string() });
export type LogLine = z.infer<typeof Line>;

/** A product build that runs. It lets nobody look into its pages, so that its own log and streams have to tell. */
export type Product = {
  /** What it logged so far. */
  log(): LogLine[];
  /** Waits until it has logged something of the kind. Throws when it ends before, or after half a minute. */
  waitForLog(what: (line: LogLine) => boolean): Promise<void>;
  /** Its exit code once it has ended by itself, and what it wrote on its error stream. */
  ended(): Promise<{ code: number | null; said: string }>;
  stop(): Promise<void>;
};

export type ProductOptions = {
  /** The executable, and the app's folder where the executable is Electron's. */
  command: readonly [string, ...string[]];
  runtime: Runtime;
  edges: Edges;
  /** Where all that it writes lands. */
  runDir: string;
  extraArgs?: readonly string[];
  env?: Readonly<Record<string, string>>;
};

const patienceMs = 30_000;

/** Starts it as a town hall would: with a configuration file, and none of the words of the demo. */
export function startProduct({
  command: [executable, ...words],
  runtime,
  edges,
  runDir,
  extraArgs = [],
  env = {},
}: ProductOptions): Product {
  const sandbox = chooseSandbox(executable);
  const run = makeRunFolder({ dir: runDir, owner: ownerOf(sandbox) });
  const [program = executable, ...args] = [
    ...[...sandbox.prefix, executable, ...sandbox.switches, ...words],
    ...['--config', edges.configFile, '--data', run.data, ...extraArgs],
  ];
  const all = { ...process.env, ...runtimeEnvironment(runtime), ...edges.env, ...run.env, ...env };
  const child = keep(spawn(program, args, { env: all, cwd: run.dir, stdio: ['ignore', 'ignore', 'pipe'] }));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const gone = whenGone(child);
  const log = () => readLog(join(run.data, 'loket', 'loket.log'));
  return {
    log,
    async waitForLog(what) {
      for (const end = Date.now() + patienceMs; Date.now() < end; await wait(100)) {
        if (log().some(what)) return;
        if (child.exitCode !== null) throw new Error(`the product ended with code ${child.exitCode}:\n${said}`);
      }
      throw new Error(`the product never logged that; it logged ${JSON.stringify(log())}`);
    },
    async ended() {
      return { code: await gone, said };
    },
    async stop() {
      await endChild(child);
      await gone;
    },
  };
}

/** Its streams have been read to the end then. */
function whenGone(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
}

function readLog(file: string): LogLine[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  // The last line may be half written.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => Line.parse(JSON.parse(line)));
}
