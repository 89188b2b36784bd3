import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** A process and all that it started, down to the last. Linux only. */
export function listTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== null) parents.set(Number(name), parent);
  }
  const belongs = (pid: number): boolean => pid === root || (parents.has(pid) && belongs(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(belongs);
}

/** Whether there is such a process. One that has ended and that nobody has asked about yet (a zombie) runs no more. Linux only. */
export function isRunning(pid: number): boolean {
  const state = statOf(pid)?.[0];
  return state !== undefined && state !== 'Z';
}

function parentOf(pid: number): number | null {
  const parent = statOf(pid)?.[1];
  return parent === undefined ? null : Number(parent);
}

/** State, parent and so on; null where there is no such process. */
function statOf(pid: number): string[] | null {
  try {
    // The name stands in brackets and may hold anything, brackets too: what follows the last one is regular.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/**
 * Proportional set size of the whole tree in MiB: a page shared by n processes counts for one n-th in each, so that the sum
 * is what the tree really takes (summed RSS counts Electron's shared pages up to seven times).
 */
export function measurePss(root: number): number {
  const kibibytes = listTree(root).reduce((sum, pid) => sum + pssOf(pid), 0);
  return kibibytes / 1024;
}

function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** What the tree takes once it has come to rest: three looks in a row within one percent, or the last of 40. */
export async function measureSettledPss(root: number): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < 40; look += 1) {
    looks.push(measurePss(root));
    const last = looks.slice(-3);
    if (last.length === 3 && Math.max(...last) - Math.min(...last) < Math.max(...last) / 100) break;
    await wait(250);
  }
  return looks.at(-1) ?? 0;
}
