import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { type CardAnswer, CardMessage, type CardProcessStart, type CardRequest, type CardState, type LeftCard } from '../contract/card.ts';
import type { Question } from './questions/answer-question.ts';

type WithoutId<Q> = Q extends unknown ? Omit<Q, 'id'> : never;

/** In a test, what main is to the card's process: starts one, asks it, and hears what it tells. */
export type FakeParent = {
  /** Everything told so far; a test may empty it. */
  messages: CardMessage[];
  states(): CardState[];
  last(): CardState | undefined;
  complete(): Extract<CardState, { state: 'complete' }>;
  send(request: CardRequest): void;
  ask(question: WithoutId<Question>): Promise<CardAnswer>;
  /** Waits for a message that makes it so; what was told before counts too. */
  until(isSo: () => boolean): Promise<void>;
  untilState(name: CardState['state']): Promise<void>;
  /** SIGKILL, as main does with one that hangs. */
  kill(): Promise<void>;
  pid: number;
};

export function startFakeParent(start: CardProcessStart, options: { reader: string; speed?: number; left?: LeftCard }): FakeParent {
  const child = fork(join(import.meta.dirname, 'fake-card-process.ts'), {
    env: { ...process.env, LOKET_VIRTUAL_CARD: options.reader, LOKET_TEST_SPEED: String(options.speed ?? 1) },
  });
  const parent: FakeParent = {
    messages: [],
    states: () => parent.messages.flatMap((message) => (message.tell === 'state' ? [message.state] : [])),
    last: () => parent.states().at(-1),
    complete() {
      const state = parent.last();
      if (state?.state !== 'complete') throw new Error(`state is ${state?.state}`);
      return state;
    },
    send: (request) => child.send(request),
    async ask(question) {
      const id = randomUUID();
      child.send({ ...question, id });
      const answers = () => parent.messages.flatMap((each) => (each.tell === 'answer' && each.id === id ? [each.answer] : []));
      await parent.until(() => answers().length > 0);
      const [answer] = answers();
      if (answer === undefined || answers().length !== 1) throw new Error(`${answers().length} answers`);
      return answer;
    },
    async until(isSo) {
      while (!isSo()) await toldOrGone(child);
    },
    untilState: (name) => parent.until(() => parent.last()?.state === name),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    pid: child.pid ?? 0,
  };
  child.on('message', (message) => {
    parent.messages.push(CardMessage.parse(message));
    child.emit('told');
  });
  child.once('exit', () => child.emit('told'));
  parent.send({ ask: 'start', start, ...(options.left && { left: options.left }) });
  return parent;
}

async function toldOrGone(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) throw new Error('the card’s process has ended');
  await once(child, 'told');
}
