import { parentPort, workerData } from 'node:worker_threads';
import { fuzzCardFiles } from './fuzz.ts';

/** The thread that `fuzz.ts` watches: it counts the inputs it begins, so that one without an end shows. */
const { inputs, seed, begun } = workerData as { inputs: number; seed: number; begun: Int32Array };
parentPort?.postMessage(await fuzzCardFiles({ inputs, seed }, () => Atomics.add(begun, 0, 1)));
