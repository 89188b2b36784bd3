import { vi } from 'vitest';
import type { CardProcessStart, CardRequest, CardState } from '../../contract/card.ts';
import { type CardProcess, type CardSupervisor, createCardSupervisor } from './card-supervisor.ts';

/** A card process in the test's hands. */
export class FakeProcess implements CardProcess {
  requests: CardRequest[] = [];
  killed = false;
  kills = 0;
  stubborn = false;
  undead = false;
  tell: (message: unknown) => void = () => undefined;
  exit: () => void = () => undefined;
  postMessage(message: CardRequest): void {
    this.requests.push(message);
  }
  onMessage(listener: (message: unknown) => void): void {
    this.tell = listener;
  }
  onExit(listener: () => void): void {
    this.exit = listener;
  }
  kill(): void {
    this.killed = true;
    this.kills += 1;
    if (!this.stubborn) this.exit();
  }
  killNow(): void {
    if (!this.undead) this.exit();
  }
}

export const start: CardProcessStart = { module: null, testRoots: [], pollMs: 150, allowVirtualCard: false, allowDialog: false };

export type Bench = {
  supervisor: CardSupervisor;
  processes: FakeProcess[];
  states: CardState[];
  newest(): FakeProcess;
  /** As the newest process tells it. */
  say(state: CardState): void;
};

/** A supervisor whose processes and time are in the test's hands, started. */
export function makeBench(): Bench {
  vi.useFakeTimers();
  const processes: FakeProcess[] = [];
  const states: CardState[] = [];
  const newest = () => {
    const found = processes.at(-1);
    if (!found) throw new Error('no process');
    return found;
  };
  const supervisor = createCardSupervisor({
    fork: () => {
      const born = new FakeProcess();
      processes.push(born);
      return born;
    },
    start,
    log: () => undefined,
    onState: (state) => states.push(state),
  });
  supervisor.start();
  return { supervisor, processes, states, newest, say: (state) => newest().tell({ tell: 'state', state }) };
}
