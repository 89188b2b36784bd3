import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** What a child must be started with, in a folder of its own as its working directory. */
export const heapSnapshotArguments = ['--heapsnapshot-signal=SIGUSR2'];

/** What is alive in a process after its garbage was collected. `found`: those of the texts that are still there. */
export type HeapLook = { kibibytes: number; found: string[] };

const patienceMs = 60_000;
const snapshotFile = /\.heapsnapshot$/;

type Snapshot = { snapshot: { meta: { node_fields: string[] } }; nodes: number[]; strings: string[] };

/** Takes a heap snapshot of a child, which collects garbage first, and removes its file. */
export async function lookAtHeap(child: ChildProcess, folder: string, texts: ReadonlySet<string>): Promise<HeapLook> {
  child.kill('SIGUSR2');
  const { snapshot, nodes, strings } = await untilWritten(folder);
  const { length } = snapshot.meta.node_fields;
  const size = snapshot.meta.node_fields.indexOf('self_size');
  let bytes = 0;
  for (let node = size; node < nodes.length; node += length) bytes += nodes[node] ?? 0;
  const found = [...texts].filter((text) => strings.some((each) => each.includes(text)));
  return { kibibytes: Math.round(bytes / 1024), found };
}

/** The file grows while it is written: it is there when it can be read as a whole. */
async function untilWritten(folder: string): Promise<Snapshot> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const name = readdirSync(folder).find((each) => snapshotFile.test(each));
    const text = name === undefined ? '' : readFileSync(join(folder, name), 'utf8');
    if (name !== undefined && text.trimEnd().endsWith(']}')) {
      rmSync(join(folder, name));
      return JSON.parse(text) as Snapshot;
    }
    await wait(100);
  }
  throw new Error('no heap snapshot came');
}
