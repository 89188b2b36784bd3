import type { ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { readCounters } from '../../../native/virtual-card/reader.ts';

/** Descriptors of a card process, and what the module holds for it, after its first read and at its last. */
export type LeakWatch = {
  /** With a card read to the end in the reader, and nothing going on. */
  sample(child: ChildProcess): Promise<void>;
  ended(child: ChildProcess): void;
  /** The most that any process held at its last read above its first. */
  found(): number;
};

type Held = { descriptors: number; sessions: number; searches: number };

export function createLeakWatch(reader: string): LeakWatch {
  const first = new Map<ChildProcess, Held>();
  const last = new Map<ChildProcess, Held>();
  let most = 0;

  function compare(child: ChildProcess): number {
    const [before, after] = [first.get(child), last.get(child)];
    if (before === undefined || after === undefined) return 0;
    const grown = (['descriptors', 'sessions', 'searches'] as const).map((what) => Math.max(0, after[what] - before[what]));
    return grown.reduce((sum, more) => sum + more, 0);
  }

  return {
    async sample(child) {
      // The least of several looks: a file that is just being read is no leak.
      const looks: Held[] = [];
      for (let times = 0; times < 4; times += 1) {
        const { sessions, searches } = readCounters(reader, child.pid);
        looks.push({ descriptors: countDescriptors(child), sessions, searches });
        await wait(3);
      }
      const least = (what: keyof Held) => Math.min(...looks.map((look) => look[what]));
      const held = { descriptors: least('descriptors'), sessions: least('sessions'), searches: least('searches') };
      if (!first.has(child)) first.set(child, held);
      last.set(child, held);
    },
    ended(child) {
      most = Math.max(most, compare(child));
      first.delete(child);
      last.delete(child);
    },
    found: () => Math.max(most, ...[...first.keys()].map(compare)),
  };
}

export function countDescriptors({ pid }: ChildProcess): number {
  return pid === undefined ? 0 : readdirSync(`/proc/${pid}/fd`).length;
}
