import { fork } from 'node:child_process';
import { join } from 'node:path';
import { endChild, keep } from '../../../build/keeper.ts';
import { root } from '../../../build/paths.ts';
import { nodeOptions } from '../../../middleware/node-options.ts';

/**
 * A process of its own for each side of each contender, so that processor time is told apart and nobody's garbage is
 * another's pause. It lives through all rounds: a kiosk does not start anew for each delivery either.
 */
export type Child = {
  /** Rejects when the errand failed there, or the process ended. */
  ask(errand: string, what?: object): Promise<unknown>;
  end(): Promise<void>;
};

type Answer = { number: number; value?: unknown; error?: string };

/** @param name of a file beside this one, without its ending */
export function startChild(name: string): Child {
  const options = name === 'middleware-child' ? { execArgv: [...process.execArgv, ...nodeOptions] } : {};
  const child = keep(fork(join(root, 'test/bench/sync', `${name}.ts`), { ...options, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let number = 0;
  child.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.number);
    waiting.delete(answer.number);
    if (answer.error === undefined) asked?.resolve(answer.value);
    else asked?.reject(new Error(`${name}: ${answer.error}`));
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${name} ended with code ${code ?? 'none'}`));
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
