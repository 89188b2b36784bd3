import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CardState } from '../../contract/card.ts';
import { buildVirtualCard } from '../../native/virtual-card/control.ts';
import { insertCard, makeReader, readJournal, setFault, setState } from '../../native/virtual-card/reader.ts';
import { type CardProcess, type CardSupervisor, createCardSupervisor } from './card-supervisor.ts';

/** The supervisor with real card processes and the virtual card's module: what a dead process leaves on the card. */
let folder: string;
let states: CardState[];
let alive: number;
let mostAlive: number;
let supervisor: CardSupervisor;
let heard: () => void;
const challenge = { origin: 'https://loket.example', nonce: randomBytes(32).toString('base64') };

beforeEach(async () => {
  const { module, root } = await buildVirtualCard();
  folder = mkdtempSync(join(tmpdir(), 'loket-card-'));
  makeReader(folder, { pace: 'instant' });
  // As long as the supervisor's patience allows: a process takes its time to start, and that must not be what saves us.
  setState(folder, { journal: 1, power_down_us: 1_400_000 });
  insertCard(folder, 'lotte');
  states = [];
  alive = 0;
  mostAlive = 0;
  heard = () => undefined;
  supervisor = createCardSupervisor({
    fork: forkChild,
    start: { module, testRoots: [readFileSync(root, 'utf8')], pollMs: 5000, allowVirtualCard: true, allowDialog: false },
    log: () => undefined,
    onState: (state) => {
      states.push(state);
      heard();
    },
  });
  supervisor.start();
}, 120_000);

afterEach(async () => {
  await supervisor.stop();
  rmSync(folder, { recursive: true, force: true });
});

function forkChild(): CardProcess {
  const script = resolve(import.meta.dirname, '../../native/fake-card-process.ts');
  const child = fork(script, { env: { ...process.env, LOKET_VIRTUAL_CARD: folder }, stdio: 'ignore' });
  alive += 1;
  mostAlive = Math.max(mostAlive, alive);
  child.on('exit', () => {
    alive -= 1;
  });
  return {
    postMessage: (message) => child.send(message),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.on('exit', listener),
    kill: () => child.kill(),
    killNow: () => child.kill('SIGKILL'),
  };
}

/** The number of the card that was read to its end. */
async function untilComplete(after = 0): Promise<number> {
  for (;;) {
    const state = states.at(-1);
    if (state?.state === 'complete' && state.insertion > after) return state.insertion;
    await new Promise<void>((resolve) => {
      heard = resolve;
    });
  }
}

const signIn = (insertion: number) => supervisor.signIn(insertion, { ...challenge, pin: '1234' });
/** The insertion in which the card's PIN was verified and is still; 0 for none. */
const verifiedIn = () => Number(readFileSync(join(folder, 'pins', 'lotte'), 'utf8').split(/ +/)[2]);

test('a library that crashes with the PIN leaves nobody logged in to the process that follows', async () => {
  const insertion = await untilComplete();
  await signIn(insertion);
  const before = readJournal(folder).length;
  expect(await signIn(insertion)).toMatchObject({ answer: 'token' });
  const calls = readJournal(folder)
    .slice(before)
    .filter((line) => line.startsWith('call '));
  setFault(folder, { kind: 'crash', atCall: calls.indexOf('call C_Sign') + 1 });

  expect(await signIn(insertion)).toEqual({ answer: 'problem', problem: 'answer_lost', triesLeft: null });
  expect(states.at(-1)).toEqual({ state: 'restarting' });
  // The dead process never logged out: it is the card's loss of power that does.
  expect(verifiedIn()).not.toBe(0);
  const next = await untilComplete(insertion);
  expect(verifiedIn()).toBe(0);
  expect(await signIn(insertion)).toMatchObject({ problem: 'card_gone' });
  expect(await signIn(next)).toMatchObject({ answer: 'token' });
  expect(mostAlive).toBe(1);
});
