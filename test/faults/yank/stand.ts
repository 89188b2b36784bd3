import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { keep } from '../../../build/keeper.ts';
import type { CardProcessStart, CardState } from '../../../contract/card.ts';
import { ok, refuse } from '../../../contract/result.ts';
import { TerminalConfig } from '../../../contract/terminal-config.ts';
import type { TransactionContent } from '../../../contract/transaction.ts';
import type { KioskView } from '../../../contract/view.ts';
import { loadCatalogue } from '../../../electron/catalogue/load-catalogue.ts';
import { shippedCatalogue } from '../../../electron/catalogue/shipped.ts';
import { bundledForms } from '../../../electron/forms/bundled-forms.ts';
import { loadForms } from '../../../electron/forms/load-forms.ts';
import { type CardProcess, type CardSupervisor, createCardSupervisor } from '../../../electron/identity/card-supervisor.ts';
import type { Outbox } from '../../../electron/outbox/outbox.ts';
import type { Counter } from '../../../electron/sync/counter.ts';
import { createKiosk } from '../../../electron/visit/kiosk.ts';
import type { Glass } from './person.ts';

/**
 * A kiosk without a window: the app's own supervisor, visits and card process, the real pkcs11js and the virtual card's
 * module. The outbox keeps in memory, so that what was kept can be read; the middleware's answers are given at once; the
 * visits' clock can be moved on, so that minutes between two people pass in no time.
 */
export type Stand = {
  glass: Glass;
  supervisor: CardSupervisor;
  /** The state that main heard last, and when. */
  card(): CardState | null;
  /** The process that runs now, or null while there is none. */
  child(): ChildProcess | null;
  /** Every card process ever started. */
  children: readonly ChildProcess[];
  /** Moves the visits' clock on. */
  pass(ms: number): void;
  /** How many processes outlived their supervisor; they are ended here. */
  stop(): Promise<number>;
};

export type StandParts = {
  /** The card process to start; see bundle-child.ts. */
  script: string;
  /** The virtual reader's folder. */
  reader: string;
  start: CardProcessStart;
  onBeat: () => void;
  onState: (state: CardState) => void;
  onView: (view: KioskView) => void;
  onKept: (content: TransactionContent) => void;
  onEnd: (child: ChildProcess) => void;
  onLog: (event: string) => void;
};

const origin = 'https://middleware.example';
const config = TerminalConfig.parse({
  terminal: 'kiosk-yank',
  name: 'Kiosk 1',
  municipality: { code: '34022', name: { nl: 'Kortrijk' }, prefix: 'KTR', desk: { nl: 'de balie' } },
  languages: ['nl', 'fr'],
  middleware: {
    url: origin,
    ticketUrl: `${origin}/t/`,
  },
  screen: { pxPerMm: 'fit', kiosk: false },
  card: { module: null },
});

export function openStand(parts: StandParts): Stand {
  const children: ChildProcess[] = [];
  let current: ChildProcess | null = null;
  let last: CardState | null = null;
  let view: KioskView | null = null;
  let asksPin = false;
  let passed = 0;
  let stopped = false;

  function forkCardProcess(): CardProcess {
    const child = keep(
      fork(parts.script, {
        env: { ...process.env, LOKET_VIRTUAL_CARD: parts.reader },
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      }),
    );
    children.push(child);
    current = child;
    // A message to a process that died this moment goes nowhere, as with Electron's.
    child.on('error', () => undefined);
    child.once('exit', () => {
      if (current === child) current = null;
      if (!stopped) parts.onEnd(child);
    });
    return {
      postMessage: (message) => void (child.connected && child.send(message)),
      onMessage: (listener) =>
        child.on('message', (message) => {
          if (!isBeat(message)) listener(message);
          else if (!stopped) parts.onBeat();
        }),
      onExit: (listener) => child.on('exit', listener),
      kill: () => child.kill(),
      killNow: () => child.kill('SIGKILL'),
    };
  }

  const supervisor = createCardSupervisor({
    fork: forkCardProcess,
    start: parts.start,
    log: parts.onLog,
    onState(state) {
      last = state;
      parts.onState(state);
      kiosk.cardChanged(state);
    },
  });
  const kiosk = createKiosk({
    config,
    forms: loadForms(bundledForms, () => undefined),
    catalogue: loadCatalogue(shippedCatalogue, '34022', () => undefined),
    outbox: memoryOutbox(parts.onKept),
    attachments: null,
    fileAsker: null,
    profileAsker: null,
    publishFile: () => undefined,
    enrolled: true,
    recentCards: { remember: () => undefined, recall: () => [], forgetOld: () => undefined, forgetTold: () => undefined },
    betweenVisits: () => undefined,
    openOperator: () => undefined,
    sync: { wake: () => undefined, lineState: () => ({ state: 'up', since: null }) },
    counter,
    card: supervisor,
    audit: null,
    clock: { wall: () => new Date(Date.now() + passed), ticks: () => performance.now() + passed },
    log: parts.onLog,
    freshId: randomUUID,
    publish(next) {
      view = next;
      parts.onView(next);
    },
    publishPin: (pin) => {
      asksPin = pin?.state === 'typing';
    },
    wipe: async () => undefined,
  });
  kiosk.start();
  supervisor.start();

  return {
    glass: {
      view: () => view,
      asksPin: () => asksPin,
      press: (command, input) => kiosk.take(command, input),
      pressPin: (command, input) => kiosk.takePin(command, input),
    },
    supervisor,
    card: () => last,
    child: () => current,
    children,
    pass(ms) {
      passed += ms;
    },
    async stop() {
      stopped = true;
      kiosk.stop();
      supervisor.stop();
      await Promise.all(children.map(endOf));
      const left = children.filter(isAlive);
      for (const child of left) child.kill('SIGKILL');
      return left.length;
    },
  };
}

function isBeat(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'beat' in message;
}

/** A process that outlives its supervisor is left to whoever counts; nobody waits for it for ever. */
async function endOf(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 5_000);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

export function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Nobody checks it here. */
const blankTicket = {
  terminal: 'kiosk-yank',
  generation: 'A'.repeat(11),
  sequence: 1,
  record: 'A'.repeat(43),
  chain: 'A'.repeat(43),
  signature: 'A'.repeat(86),
};

function memoryOutbox(onKept: (content: TransactionContent) => void): Outbox {
  const outbox: Pick<Outbox, 'probe' | 'look' | 'keep'> = {
    probe: () => ok(null),
    look: () => ok(null),
    keep(content) {
      onKept(content);
      const { txId, reference } = content;
      return ok({ txId, reference, keptAt: new Date().toISOString(), ticket: { ...blankTicket, reference } });
    },
  };
  return outbox as Outbox;
}

/** The middleware, which is not what is tried here: it believes whatever the card process verified. */
const counter: Counter = {
  askChallenge: async () =>
    ok({ nonce: Buffer.alloc(33, 7).toString('base64'), origin, expiresAt: new Date(Date.now() + 300_000).toISOString() }),
  signIn: async () =>
    ok({
      status: 'accepted',
      acceptedAt: new Date().toISOString(),
      revocation: { status: 'good', source: 'ocsp', asOf: new Date().toISOString() },
    }),
  askRevocation: async () => refuse('no_line'),
};
