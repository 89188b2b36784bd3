import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { DemoKeys } from '../../../middleware/demo-keys.ts';
import { createChance } from '../yank/chance.ts';
import { type Program, spawnProgram } from './spawn-program.ts';

/** The real middleware, ended with SIGKILL again and again, and each time started anew on the same database. */
export type MiddlewareLives = {
  /** Null while it is not there. */
  origin(): string | null;
  /** A request went to it. */
  forwarded(): void;
  /** An answer of it is about to reach a terminal. */
  answered(): void;
  /** No more killing; it stays. */
  spare(): Promise<void>;
  /** Orderly, as an administrator stops it. */
  stop(): Promise<void>;
  kills(): number;
  /** Milliseconds from start to listening, of each life. */
  startMs(): readonly number[];
};

export type MiddlewareLivesOptions = {
  /** The bundled program, and where what it compiles is kept. */
  program: string;
  compiled: string;
  config: string;
  databaseUrl: string | null;
  seed: number;
  /** Asked before each death: false spares it. */
  mayDie: () => boolean;
};

/** Written once for all its lives. */
export function writeConfig(folder: string, keys: DemoKeys, dataDir: string | null): string {
  const config = join(folder, 'middleware.json');
  const content = {
    port: 0,
    tls: { key: keys.tls.key.path, cert: keys.tls.certificate.path, root: keys.tls.root.path },
    terminalCa: { key: keys.terminalCa.key.path, cert: keys.terminalCa.certificate.path },
    keys: keys.keysFile,
    demo: true,
    ...(dataDir === null ? {} : { dataDir }),
  };
  writeFileSync(config, JSON.stringify(content), { mode: 0o600 });
  return config;
}

/** When a life ends: while its Nth request is under way, as its Nth answer leaves, or some time after it listened. */
type Death = { on: 'request' | 'answer'; count: number; ms: number } | { on: 'time'; ms: number };

const longestLifeMs = 6_000;

export async function startMiddlewareLives(options: MiddlewareLivesOptions): Promise<MiddlewareLives> {
  const { config, compiled, databaseUrl, seed, mayDie } = options;
  const starts: number[] = [];
  let lives = 0;
  let kills = 0;
  let program: Program | null = null;
  let origin: string | null = null;
  let death: Death | null = null;
  let timer: NodeJS.Timeout | undefined;
  let spared = false;
  let failure: unknown = null;
  let living: Promise<void> = Promise.resolve();

  function chooseDeath(): Death {
    const chance = createChance(seed + lives * 104_729);
    const on = chance.weigh({ request: 5, answer: 3, time: 2 });
    if (on === 'time') return { on, ms: chance.int(0, 2_500) };
    return { on, count: chance.int(1, 40), ms: on === 'answer' ? 0 : chance.pick([0, chance.int(0, 6), chance.int(0, 40)]) };
  }

  async function beginLife(): Promise<void> {
    lives += 1;
    const begun = performance.now();
    const started = spawnProgram(options.program, ['--config', config], {
      compiled,
      ...(databaseUrl === null ? {} : { env: { DATABASE_URL: databaseUrl } }),
    });
    program = started;
    origin = (await started.says(/^listening (https:\/\/\S+)$/m))[1] ?? null;
    starts.push(performance.now() - begun);
    if (spared) return;
    death = chooseDeath();
    timer = setTimeout(die, death.on === 'time' ? death.ms : longestLifeMs);
  }

  function die(): void {
    clearTimeout(timer);
    const dying = program;
    if (spared || dying === null || origin === null || !mayDie()) return;
    origin = null;
    death = null;
    kills += 1;
    dying.kill();
    living = dying.gone.then(beginLife).catch((error: unknown) => {
      failure = error;
    });
  }

  function happened(what: 'request' | 'answer'): void {
    if (death?.on !== what) return;
    death.count -= 1;
    if (death.count > 0) return;
    clearTimeout(timer);
    if (death.ms === 0) die();
    else timer = setTimeout(die, death.ms);
  }

  await beginLife();
  return {
    origin() {
      if (failure !== null) throw failure;
      return origin;
    },
    forwarded: () => happened('request'),
    answered: () => happened('answer'),
    async spare() {
      spared = true;
      clearTimeout(timer);
      await living;
      if (failure !== null) throw failure;
    },
    async stop() {
      spared = true;
      clearTimeout(timer);
      await living;
      origin = null;
      program?.child.kill('SIGTERM');
      const late = wait(8_000).then(() => program?.kill());
      await Promise.race([program?.gone, late]);
    },
    kills: () => kills,
    startMs: () => starts,
  };
}
