import { join } from 'node:path';
import { makeRow, median, type Row } from '../rows.ts';
import { copyOf, type Stand } from './stand.ts';

type Parts = { stand: Stand; folder: string; rounds: number; say: (sentence: string) => void };

const each = 20;
const waiting = 10_000;

/** Keeping one record, against the least that is as durable, and in queues that are fuller and fuller. */
export async function compareEnqueue({ stand, folder, rounds, say }: Parts): Promise<Row[]> {
  const child = stand.start('enqueue-child');
  const blocks = 20 * rounds;
  const at = (name: string) => stand.terminalOf(join(folder, name));
  const { kept, committed } = (await child.ask('enqueue', { parts: at('enqueue'), blocks, each })) as Record<
    'kept' | 'committed',
    number[][]
  >;
  const rates = (of: readonly number[][]) => of.map((times) => (times.length / sum(times)) * 1000);
  return [
    makeRow(
      'sync.enqueue_vs_bare_commit',
      'records/s',
      rates(kept),
      rates(committed),
      { atLeast: 0.5 },
      'the event loop turns between two, as in service',
    ),
    makeRow('sync.enqueue_p99_ms', 'ms', [percentile99(kept.flat())], [percentile99(committed.flat())], { noMoreThan: 20 }),
    await compareGrown(),
    await compareOpening(),
  ];

  async function compareGrown(): Promise<Row> {
    const sizes = [0, 100_000, 1_000_000];
    say('Filling a queue with a million records: two to three gibibytes, some minutes.');
    for (const rows of sizes) await child.ask('grow', { parts: at(`grown-${rows}`), rows });
    const queues = sizes.map((rows) => at(`grown-${rows}`));
    const times = (await child.ask('keepInEach', { queues, blocks, each })) as number[][][];
    const [none = 0, some = 0, million = 0] = times.map((blocksOf) => median(blocksOf.flat()));
    say(
      `Keeping one takes ${none.toFixed(3)} ms in an empty queue, ${some.toFixed(3)} ms at 100,000 and ${million.toFixed(3)} ms at 1,000,000.`,
    );
    return makeRow(
      'sync.enqueue_growth_1m',
      'ms',
      [Math.max(some, million)],
      [none],
      { atMost: 1.2 },
      'the slower of 100,000 and 1,000,000 kept',
    );
  }

  async function compareOpening(): Promise<Row> {
    const terminal = stand.start('terminal-child');
    await terminal.ask('fill', { parts: at('waiting'), records: waiting });
    await terminal.ask('fill', { parts: at('empty'), records: 0 });
    const opened: [number[], number[]] = [[], []];
    for (let round = 0; round <= 2 * rounds; round += 1) {
      for (const [place, name] of (['waiting', 'empty'] as const).entries()) {
        copyOf(join(folder, name), join(folder, `${name}-now`));
        const ms = await child.ask('open', { parts: at(`${name}-now`) });
        if (round > 0) opened[place]?.push(Number(ms));
      }
    }
    return makeRow('sync.start_10k_waiting_vs_empty', 'ms', ...opened, undefined, 'until a record can be kept');
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function percentile99(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.99)] ?? 0;
}
