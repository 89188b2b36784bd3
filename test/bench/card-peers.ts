import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import * as z from 'zod';
import { endChild, keep } from '../../build/keeper.ts';
import { root } from '../../build/paths.ts';

/** The two C programs of minimal-card.c. Times are those of the system's clock, in milliseconds. */
export type Peer = 'minimal' | 'obvious';

const PeerTimes = z.object({ seen: z.number(), identity: z.number(), photo: z.number().optional(), all: z.number(), bytes: z.int() });
export type PeerTimes = z.infer<typeof PeerTimes>;

export async function compilePeers(folder: string): Promise<string> {
  const program = join(folder, 'minimal-card');
  const headers = join(root, 'node_modules/pkcs11js/includes/pkcs11');
  const flags = ['-std=gnu2x', '-O2', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE', `-I${headers}`];
  await promisify(execFile)(process.env.CC ?? 'cc', [...flags, '-o', program, join(root, 'test/bench/minimal-card.c'), '-ldl']);
  return program;
}

export type PeerRun = {
  program: string;
  peer: Peer;
  module: string;
  pollMs: number;
  env: Readonly<Record<string, string>>;
  /** Called once it polls: puts the card in. */
  polling: () => Promise<void>;
};

/** One run of a peer, from its start to the last byte. */
export async function runPeer({ program, peer, module, pollMs, env, polling }: PeerRun): Promise<PeerTimes> {
  const child = keep(
    spawn(program, [module, peer, String(pollMs)], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    await polling();
    const { value } = await lines.next();
    if (value === undefined) throw new Error(`the ${peer} C program read no card`);
    return PeerTimes.parse(JSON.parse(value));
  } finally {
    await endChild(child);
  }
}
