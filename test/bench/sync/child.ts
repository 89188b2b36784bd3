import { fork } from 'node:child_process';
import { join } from 'node:path';
import { endChild, keep } from '../../../build/keeper.ts';
import { root } from '../../../build/paths.ts';

/**
 * A process of its own for each side of each contender, so that processor time is told apart and nobody's garbage is
 * another's pause. It lives through all rounds: a kiosk does not start anew for each delivery either.
 */
export type Child = {
  ask(errand: string, what?: object): Promise<unknown>;
  end(): Promise<void>;
};

type Answer = { number: number; value?: unknown; error?: string };

export function startChild(file: string, { dir = root, env = {} }: { dir?: string; env?: Record<string, string> } = {}): Child {
  const child = keep(fork(join(root, 'test/bench', file), { cwd: dir, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: process.env.PROF && file.includes(process.env.PROF) ? ['--cpu-prof', '--cpu-prof-dir=/tmp/prof', '--cpu-prof-interval=200'] : [] }));
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let number = 0;
  child.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.number);
    waiting.delete(answer.number);
    if (answer.error === undefined) asked?.resolve(answer.value);
    else asked?.reject(new Error(`${file}: ${answer.error}`));
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended with code ${code ?? 'none'}`));
    waiting.clear();
  });
  return {
    ask(errand, what = {}) {
      number += 1;
      const mine = number;
      return new Promise((resolve, reject) => {
        waiting.set(mine, { resolve, reject });
        child.send({ number: mine, errand, what });
      });
    },
    end: () => endChild(child),
  };
}
