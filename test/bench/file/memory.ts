import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { listTree } from '../../harness/process-tree.ts';
import type { WatchedApp } from '../watched-app.ts';

/** MiB of the main process and the card's, once their garbage was collected. */
export type Memory = { main: number; card: number };

/** What Electron has to be started with, for `openMainInspector`. */
export const inspectMain = '--inspect=127.0.0.1:0';

export type MainInspector = { collect(): Promise<void>; close(): void };

/** Node's own inspector of the main process; its address stands on stderr. */
export async function openMainInspector({ said }: Pick<WatchedApp, 'said'>): Promise<MainInspector> {
  const address = /Debugger listening on (ws:\S+)/.exec(said())?.[1];
  if (address === undefined) throw new Error('the main process has no inspector');
  return await connect(address);
}

async function connect(address: string): Promise<MainInspector> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, () => void>();
  socket.addEventListener('message', ({ data }) => waiting.get((JSON.parse(String(data)) as { id: number }).id)?.());
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('the inspector went away')));
  });
  let last = 0;
  return {
    collect: () =>
      new Promise((resolve) => {
        last += 1;
        waiting.set(last, resolve);
        socket.send(JSON.stringify({ id: last, method: 'HeapProfiler.collectGarbage', params: {} }));
      }),
    close: () => socket.close(),
  };
}

/** Private bytes: what the process itself took. The card's process collects by itself: it has no inspector. */
export async function measureMemory(child: ChildProcess, inspector: MainInspector): Promise<Memory> {
  const main = child.pid ?? 0;
  const card = await findCardProcess(main);
  for (let looks = 0, before = Number.POSITIVE_INFINITY; looks < 20; looks += 1) {
    await inspector.collect();
    await wait(500);
    const now = privateOf(main);
    if (before - now < 0.5 && looks > 2) break;
    before = now;
  }
  return { main: privateOf(main), card: privateOf(card) };
}

/** It begins once the page is there. */
async function findCardProcess(main: number): Promise<number> {
  for (let looks = 0; looks < 200; looks += 1) {
    const found = listTree(main).find((pid) => commandOf(pid).includes('node.mojom.NodeService'));
    if (found !== undefined) return found;
    await wait(100);
  }
  throw new Error('there is no card process');
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function privateOf(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kibibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1] ?? 0);
  return (kibibytes('Private_Clean') + kibibytes('Private_Dirty')) / 1024;
}
