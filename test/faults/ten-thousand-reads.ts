import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endChild, keep } from '../../build/keeper.ts';
import { runProgram, say, WorkStopped } from '../../build/run.ts';
import { watchTether } from '../../build/tether.ts';
import { CardMessage, type CardRequest, type CardState } from '../../contract/card.ts';
import { buildVirtualCard, type VirtualCard } from '../../native/virtual-card/control.ts';
import { makeReader, readCounters, swapCard } from '../../native/virtual-card/reader.ts';
import { type HeapLook, heapSnapshotArguments, lookAtHeap } from './heap-snapshot.ts';
import { bundleCardChild } from './yank/bundle-child.ts';
import { countDescriptors } from './yank/leaks.ts';

/**
 * `ten-thousand-reads.ts [--reads N]`: one card process reads cards from end to end, again and again, and forgets each as at
 * the end of a visit. Every tenth is another card, the others are read anew. What it holds at the end must be what it held
 * after the warm-up, and when the last visit is over no text of any card may be alive in its heap. Memory is judged from
 * 3,000 reads on: before that, the engine still compiles and is finding its size.
 */
type Held = { reads: number; kibibytes: number; descriptors: number; sessions: number; searches: number; handles: number };
type Complete = Extract<CardState, { state: 'complete' }>;
type Measured = { held: readonly Held[]; warm: HeapLook; last: HeapLook };

const people = ['lotte', 'helene', 'expired', 'amaru', 'robrecht'];
const warmUpShare = 0.3;
const fewestForMemory = 3_000;
/** Of live objects: what compiled code and caches may still add after the warm-up. A name kept from each read is 0.7 KiB. */
const heapWanderKibibytes = 256;
/**
 * Of the whole process, along the slope through all looks: pages that engine, allocator and module keep. 7,000 reads took
 * 5.3 MiB with a heap that stood still; a photo kept outside the heap from each read would be 20.
 */
const wanderKibibytes = 8 * 1024;
const samples = 60;
const patienceMs = 15_000;

await runProgram(async () => {
  const { values } = parseArgs({ options: { reads: { type: 'string', default: '10000' } } });
  const reads = Number(values.reads);
  if (!Number.isInteger(reads) || reads < samples) throw new WorkStopped(`--reads takes a number from ${samples} on.`);
  watchTether(() => process.exit(1));
  const folder = mkdtempSync(join(tmpdir(), 'loket-reads-'));
  try {
    return judge(await readAgainAndAgain(await buildVirtualCard(), folder, reads));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function readAgainAndAgain(card: VirtualCard, folder: string, reads: number): Promise<Measured> {
  const reader = join(folder, 'reader');
  makeReader(reader, { pace: 'instant', cards: card.cards });
  const child = keep(
    fork(await bundleCardChild(folder), {
      cwd: folder,
      execArgv: heapSnapshotArguments,
      env: { ...process.env, LOKET_VIRTUAL_CARD: reader },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    }),
  );
  const send = (request: CardRequest) => child.send(request);
  const held: Held[] = [];
  const texts = new Set<string>();
  const warmAt = Math.floor(reads * warmUpShare);
  let warm: HeapLook | null = null;
  try {
    const complete = hearCompletes(child);
    const testRoots = [readFileSync(card.root, 'utf8')];
    send({ ask: 'start', start: { module: card.module, testRoots, pollMs: 20, allowVirtualCard: true, allowDialog: false } });
    for (let read = 1; read <= reads; read += 1) {
      if (read % 10 === 1) swapCard(reader, people[((read / 10) % people.length) | 0] ?? 'lotte');
      else send({ ask: 'read' });
      for (const text of textsOf(await complete())) texts.add(text);
      send({ ask: 'forget', insertion: 1_000_000 });
      if (read === warmAt) warm = await lookAtHeap(child, folder, texts);
      if (read % Math.floor(reads / samples) === 0) held.push(look(child, reader, read));
    }
    if (warm === null) throw new Error('no warm-up');
    return { held, warm, last: await lookAtHeap(child, folder, texts) };
  } finally {
    await endChild(child);
  }
}

/** What names a person, as told; nothing so short that it may be a word of the program. */
function textsOf({ identity, address, evidence }: Complete): string[] {
  const { surname, firstNames, nationalNumber, cardNumber } = identity;
  const files = [evidence.identityFile.slice(0, 60), evidence.addressFile.slice(0, 60)];
  return [surname, firstNames, nationalNumber, cardNumber, address.streetAndNumber, ...files].filter((text) => text.length > 4);
}

/** The returned function waits for the next card that was read to the end, of an insertion not seen before. */
function hearCompletes(child: ChildProcess): () => Promise<Complete> {
  let last = 0;
  let waiting: { resolve(state: Complete): void; reject(error: Error): void } | null = null;
  let overdue: NodeJS.Timeout | undefined;
  child.on('message', (message) => {
    const parsed = CardMessage.safeParse(message);
    const state: CardState | null = parsed.success && parsed.data.tell === 'state' ? parsed.data.state : null;
    if (state?.state !== 'complete' || state.insertion <= last) return;
    last = state.insertion;
    clearTimeout(overdue);
    waiting?.resolve(state);
  });
  child.once('exit', () => waiting?.reject(new Error('the card process ended')));
  return () =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      overdue = setTimeout(() => reject(new Error(`after insertion ${last} no card was read any more`)), patienceMs);
    });
}

function look(child: ChildProcess, reader: string, reads: number): Held {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const kibibytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  const { sessions, searches, handles } = readCounters(reader, child.pid);
  return { reads, kibibytes, descriptors: countDescriptors(child), sessions, searches, handles };
}

/** KiB per read, through all points (least squares). */
function slope(looks: readonly Held[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [reads, sizes] = [mean(looks.map((look) => look.reads)), mean(looks.map((look) => look.kibibytes))];
  const over = looks.reduce((sum, look) => sum + (look.reads - reads) * (look.kibibytes - sizes), 0);
  return over / looks.reduce((sum, look) => sum + (look.reads - reads) ** 2, 0);
}

function judge({ held, warm, last: heap }: Measured): number {
  const steady = held.slice(Math.floor(held.length * warmUpShare));
  const [first, last] = [steady[0], steady.at(-1)];
  if (first === undefined || last === undefined) throw new Error('nothing was measured');
  const fifth = Math.max(1, Math.floor(steady.length / 5));
  // The least of several looks: what garbage collection leaves, and no file that happened to be open.
  const least = (looks: readonly Held[], what: keyof Held) => Math.min(...looks.map((each) => each[what]));
  const grown = (what: keyof Held) => least(steady.slice(-fifth), what) - least(steady.slice(0, fifth), what);
  const figures = {
    reads: last.reads,
    firstMebibytes: Math.round(first.kibibytes / 1024),
    lastMebibytes: Math.round(last.kibibytes / 1024),
    grownKibibytes: Math.round(slope(steady) * (last.reads - first.reads)),
    heapKibibytes: heap.kibibytes,
    heapGrownKibibytes: heap.kibibytes - warm.kibibytes,
    textsLeft: heap.found.length + warm.found.length,
    firstDescriptors: least(steady.slice(0, fifth), 'descriptors'),
    lastDescriptors: least(steady.slice(-fifth), 'descriptors'),
    leakedHandles: (['descriptors', 'sessions', 'searches', 'handles'] as const).reduce((sum, what) => sum + Math.max(0, grown(what)), 0),
  };
  for (const [name, value] of Object.entries(figures)) say(`${name.padEnd(18)} ${value}`);
  say(JSON.stringify(figures));
  const flat = figures.grownKibibytes <= wanderKibibytes && figures.heapGrownKibibytes <= heapWanderKibibytes;
  return figures.leakedHandles === 0 && figures.textsLeft === 0 && (flat || last.reads < fewestForMemory) ? 0 : 1;
}
