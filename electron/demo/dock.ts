import type { DemoFault, DockCommand, DockInput, DockView } from '../../contract/dock.ts';
import { personas } from '../../native/virtual-card/personas.ts';
import {
  type Fault,
  insertCard,
  plugReaders,
  pressKeys,
  readState,
  removeCard,
  setFault,
  setPinpad,
} from '../../native/virtual-card/reader.ts';
import { type Edges, fetchReceived, type Received, setLine } from './edges.ts';
import { operatorCodeAt } from './operator-code.ts';

export type Dock = {
  start(): void;
  take<C extends DockCommand>(command: C, input: DockInput<C>): void;
  stop(): void;
};

const refreshMs = 700;

/** Early enough to hit a read that has begun or is about to; a hang outlasts every deadline. */
const demoFaults: Record<DemoFault, Fault | null> = {
  none: null,
  hang: { kind: 'hang', atCall: 5, ms: 600_000 },
  crash: { kind: 'crash', atCall: 5 },
  device_error: { kind: 'device_error', atCall: 5 },
  pulled: { kind: 'remove', atCall: 9 },
  swapped: { kind: 'swap', atCall: 9, persona: 'helene' },
};

export type DockParts = {
  edges: Edges;
  countWaiting: () => number;
  /** Of this terminal's one-time codes; null: not enrolled. */
  operatorSecret: () => string | null;
};

/** The demo's small window: turns presses into cards, readers and lines at the outer edge, and shows what arrived. */
export function createDock(parts: DockParts & { publish: (view: DockView) => void }): Dock {
  const { edges, publish } = parts;
  let beyond: Received = { line: 'up', received: [], messages: [] };
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function show(): DockView {
    const secret = parts.operatorSecret();
    const world = edges.cardControl ? readState(edges.cardControl) : null;
    return {
      cards: personas.map(({ id, label, about, kind }) => ({ id, label, about, kind })),
      inserted: world?.card ?? null,
      second: world?.second ?? null,
      readers: world?.readers ?? 1,
      pinpad: world?.pinpad ?? false,
      fault: world?.fault ?? 'none',
      virtualCard: world !== null,
      line: beyond.line,
      waiting: parts.countWaiting(),
      operatorCode: secret === null ? null : operatorCodeAt(secret, new Date()),
      received: beyond.received.slice(0, 12),
      messages: beyond.messages.slice(0, 3),
    };
  }

  async function refresh(): Promise<void> {
    if (edges.control) beyond = await fetchReceived(edges.control).catch(() => beyond);
    if (stopped) return;
    publish(show());
    timer = setTimeout(refresh, refreshMs);
  }

  async function changeLine(line: DockInput<'dock.line'>['line']): Promise<void> {
    if (!edges.control) return;
    await setLine(edges.control, line);
    beyond = { ...beyond, line };
    publish(show());
  }

  function withCard(change: (control: string) => void): void {
    if (edges.cardControl) change(edges.cardControl);
    publish(show());
  }

  const commands: { [C in DockCommand]: (input: DockInput<C>) => void } = {
    'dock.ready': () => publish(show()),
    'dock.insert': ({ card }) => withCard((control) => personas.some(({ id }) => id === card) && insertCard(control, card)),
    'dock.remove': () => withCard(removeCard),
    'dock.second': ({ card }) =>
      withCard((control) => {
        if (card === null) removeCard(control, 1);
        else if (personas.some(({ id }) => id === card)) insertCard(control, card, 1);
      }),
    'dock.reader': ({ readers }) => withCard((control) => plugReaders(control, readers)),
    'dock.pinpad': ({ pinpad }) => withCard((control) => setPinpad(control, pinpad)),
    'dock.keys': ({ keys }) => withCard((control) => pressKeys(control, keys)),
    'dock.fault': ({ fault }) => withCard((control) => setFault(control, demoFaults[fault])),
    'dock.line': ({ line }) => void changeLine(line).catch(() => undefined),
    'dock.reset': () => {
      withCard((control) => {
        removeCard(control);
        removeCard(control, 1);
        plugReaders(control, 1);
        setPinpad(control, false);
        setFault(control, null);
      });
      changeLine('up').catch(() => undefined);
    },
  };

  return {
    start: () => void refresh(),
    take: (command, input) => commands[command](input),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
