import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { askOnce } from '../../../electron/terminal/identity/ask-once.ts';
import { fileKeyStore } from '../../../electron/terminal/identity/key-store.ts';
import { openRegistry } from '../../../electron/terminal/identity/registry.ts';
import type { SigningKey } from '../../../electron/testing/fake-middleware.ts';
import type { DemoKeys } from '../../../middleware/demo-keys.ts';
import type { Programs } from './bundle-programs.ts';
import type { DemoRoutes } from './demo-routes.ts';
import { startFaultLine } from './fault-line.ts';
import type { CountsByFault } from './line-faults.ts';
import type { MiddlewareLives } from './middleware-lives.ts';
import { createTerminalLives, type TerminalLives } from './terminal-lives.ts';

/** A place at which one terminal after the other stands. */
export type PlaceParts = {
  /** Where the terminals' folders go. */
  base: string;
  seed: number;
  place: number;
  keys: DemoKeys;
  programs: Programs;
  middleware: MiddlewareLives;
  demo: DemoRoutes;
  forger: SigningKey;
  forged: number;
  counts: CountsByFault;
  layer: string | null;
  lie: boolean;
  powerCuts: number;
  withoutLine: number;
  keepsAtMost: number;
  drainMs: number;
  isOver: () => boolean;
  complain: (line: string) => void;
  onTerminal: (terminal: TerminalLives) => void;
  onUndrained: (name: string) => void;
};

/** After so many lives a terminal is drained and another one takes its place, so that no queue grows with the run. */
const livesPerTerminal = 60;
/** A terminal that ends by itself each time is given up: what it had kept is then lost. */
const mostFailures = 3;

export async function occupyPlace(parts: PlaceParts): Promise<void> {
  for (let turn = 0; !parts.isOver(); turn += 1) await standThere(parts, turn);
}

async function standThere(parts: PlaceParts, turn: number): Promise<void> {
  const { base, place, keys, middleware, forger, forged, counts, isOver } = parts;
  const name = `kiosk-${place}-${turn}`;
  const folder = join(base, name);
  mkdirSync(folder);
  const identity = await enrolAt(parts, join(folder, 'data', 'loket', 'identity'), name);
  if (identity === null) return;
  const seed = parts.seed + place * 1_000_003 + turn * 7_368_787;
  const onAnswer = () => {
    middleware.answered();
    terminal.answered();
  };
  const { origin, forwarded: onForward } = middleware;
  const line = await startFaultLine({ seed, keys, identity, forger, forged, counts, origin, onForward, onAnswer });
  const { layer, lie, powerCuts, withoutLine, keepsAtMost, complain, programs } = parts;
  const chances = { seed, layer, lie, powerCuts, withoutLine, keepsAtMost };
  const terminal = createTerminalLives({ name, folder, line, complain, program: programs.client, compiled: programs.compiled, ...chances });
  parts.onTerminal(terminal);
  try {
    for (let life = 0, failed = 0; life < livesPerTerminal && failed < mostFailures && !isOver(); life += 1)
      failed = (await terminal.live()) ? 0 : failed + 1;
    line.setFaults(false);
    if (!(await terminal.drain(parts.drainMs))) parts.onUndrained(name);
  } finally {
    await line.close();
  }
}

/** With the app's own code, past the line. The middleware may be killed over it: then with another code. Null: over. */
async function enrolAt({ middleware, demo, isOver }: PlaceParts, folder: string, terminal: string) {
  while (!isOver()) {
    const url = middleware.origin();
    const code = url === null ? null : await demo.issueCode(url, terminal);
    if (url !== null && code !== null) {
      const registry = openRegistry({ folder, terminal, url, keyStore: fileKeyStore, ask: askOnce, now: () => new Date() });
      const enrolled = await registry.enrol(code);
      if (enrolled.ok) return enrolled.value.tls;
    }
    await wait(50);
  }
  return null;
}
