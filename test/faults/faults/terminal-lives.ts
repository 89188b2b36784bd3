import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openHeadFile } from '../../../electron/outbox/head-file.ts';
import { type Chance, createChance } from '../yank/chance.ts';
import { readJournal } from './citizen-journal.ts';
import type { Work } from './client.ts';
import type { FaultLine } from './fault-line.ts';
import { type Disk, readDisk, writeDisk } from './power-cut.ts';
import { type Program, spawnProgram } from './spawn-program.ts';
import { underLayer } from './unsynced-layer.ts';

/** One terminal, ended with SIGKILL again and again, sometimes with its power cut at that moment, and started anew. */
export type TerminalLives = {
  name: string;
  data: string;
  journal: string;
  /** One life to its violent end. False: it ended by itself, which no terminal should. */
  live(): Promise<boolean>;
  /** Lives on until nothing waits any more. False: it ended before, or that takes too long. */
  drain(patienceMs: number): Promise<boolean>;
  /** An answer is about to reach it. */
  answered(): void;
  figures(): TerminalFigures;
};

export type TerminalFigures = {
  kills: number;
  powerCuts: number;
  /** Lives that ended by themselves. */
  failures: number;
  headsBehind: number;
};

export type TerminalLivesOptions = {
  name: string;
  folder: string;
  seed: number;
  line: Pick<FaultLine, 'url' | 'setDown'>;
  /** Null: no layer here, and no power cuts. */
  layer: string | null;
  lie: boolean;
  complain: (line: string) => void;
  /** Share of the deaths that are power cuts. */
  powerCuts: number;
  /** Share of the lives in which nobody gets through. */
  withoutLine: number;
  keepsAtMost: number;
  /** The bundled program, and where what it compiles is kept. */
  program: string;
  compiled: string;
};

/**
 * How a life ends: at one of its own calls, when so many were kept or so many answers reached it, some time after it was
 * open, or before that. Mostly by what it did: how long that takes is the machine's matter.
 */
type Death = { by: 'call'; call: string } | { by: 'answer' | 'kept'; count: number; ms: number } | { by: 'time' | 'start'; ms: number };

/** After the last that somebody sent, without a line; and when nothing waits any more. */
const lonelyMs = 1_200;
const idleMs = 150;
/** One that hangs ends too, and has then not drained. */
const longestLifeMs = 60_000;

export function createTerminalLives(options: TerminalLivesOptions): TerminalLives {
  const { name, folder, seed, line, layer, lie, compiled } = options;
  const data = join(folder, 'data');
  const outbox = join(data, 'loket', 'outbox');
  const written = join(folder, 'written');
  const journal = join(folder, 'told.jsonl');
  const figures: TerminalFigures = { kills: 0, powerCuts: 0, failures: 0, headsBehind: 0 };
  let lives = 0;
  let disk: Disk | null = null;
  let answers: { left: number; end(): void } | null = null;
  mkdirSync(outbox, { recursive: true, mode: 0o700 });

  function start(work: Pick<Work, 'seed' | 'keeps' | 'drain'>, call: string | null): Program {
    const given: Work = { terminal: name, data, journal, url: line.url, ...work };
    disk ??= layer === null ? null : readDisk(outbox);
    const env = layer === null ? {} : underLayer(layer, { folder: outbox, journal: written, lie, kill: call });
    return spawnProgram(options.program, [JSON.stringify(given)], { env, compiled });
  }

  async function live(): Promise<boolean> {
    lives += 1;
    const chance = createChance(seed + lives * 15_485_863);
    const death = chooseDeath(chance, layer !== null);
    line.setDown(chance.next() < options.withoutLine);
    const keeps = chance.int(0, options.keepsAtMost);
    const program = start({ seed: chance.int(0, 2 ** 31), keeps, drain: false }, death.by === 'call' ? death.call : null);
    const timers: NodeJS.Timeout[] = [];
    const killIn = (ms: number) => timers.push(setTimeout(program.kill, ms));
    killIn(death.by === 'start' ? death.ms : longestLifeMs);
    if (death.by === 'answer') answers = { left: death.count, end: () => killIn(death.ms) };
    let kept = 0;
    program.onLine((line) => {
      if (line === 'kept') kept += 1;
      if (line === 'open' && death.by === 'time') killIn(death.ms);
      if (line === 'kept' && death.by === 'kept' && kept === death.count) killIn(death.ms);
      // Whatever should have ended it did not come.
      if (line === 'served') killIn(lonelyMs);
      if (line === 'empty') killIn(idleMs);
    });
    const { signal } = await program.gone;
    for (const timer of timers) clearTimeout(timer);
    answers = null;
    if (signal !== 'SIGKILL') {
      fail(program);
      return false;
    }
    figures.kills += 1;
    if (disk !== null && chance.next() < options.powerCuts) cutPower(disk, chance);
    return true;
  }

  function fail(program: Program): void {
    figures.failures += 1;
    options.complain(`${name} ended by itself: ${program.complaints().trim()}`);
  }

  function cutPower(synced: Disk, chance: Chance): void {
    if (existsSync(written)) synced.follow(readFileSync(written));
    rmSync(written, { force: true });
    writeDisk(outbox, synced.cut(chance));
    disk = null;
    figures.powerCuts += 1;
    if (isHeadBehind(outbox, journal)) figures.headsBehind += 1;
  }

  async function drain(patienceMs: number): Promise<boolean> {
    line.setDown(false);
    const program = start({ seed, keeps: 0, drain: true }, null);
    const timer = setTimeout(program.kill, patienceMs);
    const { code, signal } = await program.gone;
    clearTimeout(timer);
    if (code !== 0 && signal === null) fail(program);
    return code === 0;
  }

  return {
    name,
    data,
    journal,
    live,
    drain,
    answered() {
      if (answers === null) return;
      answers.left -= 1;
      if (answers.left === 0) answers.end();
    },
    figures: () => figures,
  };
}

function chooseDeath(chance: Chance, withCalls: boolean): Death {
  const by = chance.weigh({ call: withCalls ? 8 : 0, answer: 5, kept: 4, time: 2, start: 1 });
  if (by === 'answer') return { by, count: chance.int(1, 6), ms: chance.pick([0, 1, chance.int(0, 30)]) };
  if (by === 'kept') return { by, count: chance.int(1, 6), ms: chance.pick([0, chance.int(0, 3), chance.int(0, 30)]) };
  if (by === 'time') return { by, ms: chance.int(0, 1_500) };
  if (by === 'start') return { by, ms: chance.int(0, 400) };
  const call = chance.weigh({ write: 10, sync: 8, open: 1, truncate: 0.3, rename: 0.3, unlink: 0.3 });
  const most = { write: 160, sync: 25, open: 5, truncate: 2, rename: 2, unlink: 2 }[call];
  const when = call === 'write' ? chance.pick(['before', 'after', 'torn']) : chance.pick(['before', 'after']);
  return { by, call: `${call}:${chance.int(1, most)}:${when}` };
}

/** The head must be on disk before anybody is told: it alone says that something is missing. */
function isHeadBehind(outbox: string, journal: string): boolean {
  const kept = [...readJournal(journal).kept.values()];
  const last = kept.at(-1);
  if (!last) return false;
  if (!existsSync(join(outbox, 'outbox.head'))) return true;
  const file = openHeadFile(join(outbox, 'outbox.head'));
  const head = file.read();
  file.close();
  if (head === null) return true;
  const known = [head, ...head.earlier].find(({ generation }) => generation === last.generation);
  return head.generation === last.generation && (known?.sequence ?? 0) < last.sequence;
}
