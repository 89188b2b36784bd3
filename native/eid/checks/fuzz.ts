import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { type FuzzTarget, fuzzTargets, makeSamples, type Sample } from './fuzz-targets.ts';

/**
 * Throws hostile bytes at everything that reads a card: mutations of valid files and plain noise, with shrinking. A test
 * runs a few thousand; `node native/eid/checks/fuzz.ts --inputs N --seed S` runs as many as asked and prints one line of JSON.
 */
export type FuzzReport = { inputs: number; seed: number; crashes: number; slowestMs: number };
type Found = FuzzReport & { counterexample: string | null };

type Target = keyof typeof fuzzTargets;
type Mutation = { how: 'set' | 'flip' | 'insert' | 'remove' | 'cut' | 'repeat'; at: number; value: number };
type Input = { target: Target; from: 0 | 1 | 2; mutations: Mutation[] | null; noise: Uint8Array };

/** No input takes a hundredth of this; a busy machine must not look like a hang. */
const hangMs = 5000;
const suspiciousMs = 20;

const mutation: fc.Arbitrary<Mutation> = fc.record({
  how: fc.constantFrom('set', 'flip', 'insert', 'remove', 'cut', 'repeat'),
  at: fc.nat(4000),
  value: fc.oneof(fc.nat(255), fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff)),
});

const input: fc.Arbitrary<Input> = fc.record({
  target: fc.oneof(...Object.entries(fuzzTargets).map(([name, { weight }]) => ({ weight, arbitrary: fc.constant(name as Target) }))),
  from: fc.constantFrom(0, 1, 2),
  mutations: fc.option(fc.array(mutation, { maxLength: 6 }), { freq: 4 }),
  noise: fc.uint8Array({ maxLength: 64 }),
});

export async function fuzzCardFiles(
  { inputs, seed }: { inputs: number; seed: number },
  alive: () => void = () => undefined,
): Promise<Found> {
  const samples = await makeSamples();
  let slowestMs = 0;
  const property = fc.property(input, (given) => {
    alive();
    const time = () => {
      const before = performance.now();
      checkInput(given, samples[given.from]);
      return performance.now() - before;
    };
    const first = time();
    // What is slow is slow twice; a busy machine is not.
    const took = first > suspiciousMs ? Math.min(first, time()) : first;
    slowestMs = Math.max(slowestMs, took);
    if (took > hangMs) throw new Error('hang');
  });
  const details = fc.check(property, { numRuns: inputs, seed });
  const counterexample = details.failed
    ? `${details.counterexamplePath} ${JSON.stringify(details.counterexample)} ${details.errorInstance}`
    : null;
  return { inputs: details.numRuns, seed, crashes: details.failed ? 1 : 0, slowestMs: Math.round(slowestMs * 10) / 10, counterexample };
}

/** Throws when a reader throws, reads past the end, hands out what the contract does not allow, or believes spoilt bytes. */
function checkInput({ target, mutations, noise }: Input, sample: Sample): void {
  const { original, read }: FuzzTarget = fuzzTargets[target];
  const bytes = mutations === null ? noise : mutations.reduce(mutate, Buffer.from(original(sample)));
  // The same bytes with something else behind them must give the same answer: nothing past the end is looked at.
  const [one, other] = [0x00, 0xff].map((behind) => read(placeBefore(bytes, behind), sample));
  if (JSON.stringify(one) !== JSON.stringify(other)) throw new Error('read past the end');
}

function placeBefore(bytes: Uint8Array, behind: number): Buffer {
  const memory = Buffer.alloc(bytes.length + 64, behind);
  memory.set(bytes, 16);
  return memory.subarray(16, 16 + bytes.length);
}

function mutate(bytes: Buffer, { how, at, value }: Mutation): Buffer {
  if (bytes.length === 0) return Buffer.of(value);
  const where = at % bytes.length;
  switch (how) {
    case 'set':
      return bytes.fill(value, where, where + 1);
    case 'flip':
      return bytes.fill((bytes[where] ?? 0) ^ (1 << (value % 8)), where, where + 1);
    case 'insert':
      return Buffer.concat([bytes.subarray(0, where), Buffer.of(value), bytes.subarray(where)]);
    case 'remove':
      return Buffer.concat([bytes.subarray(0, where), bytes.subarray(where + 1 + (value % 16))]);
    case 'cut':
      return bytes.subarray(0, where);
    case 'repeat':
      return Buffer.concat([bytes, bytes.subarray(where, where + value)]);
  }
}

/** In a thread of its own, because one that never comes back can only be seen from outside. */
async function fuzzWatched(asked: { inputs: number; seed: number }): Promise<Found> {
  const begun = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./fuzz-thread.ts', import.meta.url), { workerData: { ...asked, begun } });
  let [seen, since] = [-1, performance.now()];
  return new Promise((resolve, reject) => {
    const watch = setInterval(() => {
      const now = Atomics.load(begun, 0);
      if (now !== seen) [seen, since] = [now, performance.now()];
      if (performance.now() - since < 6 * hangMs) return;
      clearInterval(watch);
      void worker.terminate();
      resolve({ ...asked, inputs: seen, crashes: 1, slowestMs: 6 * hangMs, counterexample: `input ${seen} of this seed never ends` });
    }, 1000);
    worker.once('message', resolve).once('error', reject);
    worker.once('exit', () => clearInterval(watch));
  });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { inputs: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } } });
  const { counterexample, ...report } = await fuzzWatched({ inputs: Number(values.inputs), seed: Number(values.seed) });
  if (counterexample !== null) process.stderr.write(`${counterexample}\n`);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = report.crashes === 0 ? 0 : 1;
}
