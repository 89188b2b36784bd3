import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readIfThere } from './control-folder.ts';

/** What the processes that have the module loaded hold now. `handles`: connections to cards, and those that leaked. */
export type Counters = { sessions: number; searches: number; handles: number; calls: number };

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readOne(file: string): number[] {
  const text = readIfThere(() => readFileSync(file, 'utf8')) ?? '';
  return text.trim().split(/ +/).map(Number);
}

/** Summed over the processes that live; `pid` asks for one of them. A process that was killed leaves its file behind. */
export function readCounters(dir: string, pid?: number): Counters {
  const folder = path.join(dir, 'holdings');
  const alive = (readIfThere(() => readdirSync(folder)) ?? []).filter((name) => isAlive(Number(name)));
  const read = alive.filter((name) => pid === undefined || name === String(pid)).map((name) => readOne(path.join(folder, name)));
  const sum = (at: number) => read.reduce((total, numbers) => total + (numbers[at] ?? 0), 0);
  return { sessions: sum(0), searches: sum(1), handles: sum(2), calls: sum(3) };
}

/**
 * What the module's processes did, in its order, once the state has `journal 1`: `call NAME`, with ` length` behind it
 * when only the room for the answer was asked; `read FILE`; `wait pinpad` or `wait dialog`; `fault KIND`.
 */
export function readJournal(dir: string): string[] {
  const text = readIfThere(() => readFileSync(path.join(dir, 'journal'), 'utf8')) ?? '';
  return text.split('\n').filter((line) => line !== '');
}
