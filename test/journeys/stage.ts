import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import {
  type Dialogs,
  type Fault,
  insertCard,
  type Keypress,
  makeReader,
  plugReaders,
  pressKeys,
  readJournal,
  readState,
  removeCard,
  setDialogs,
  setFault,
  setPinpad,
  setState,
  swapCard,
} from '../../native/virtual-card/reader.ts';
import { type Edges, startEdges } from '../harness/edges.ts';
import { type LaunchedApp, type LaunchOptions, launchApp } from '../harness/launch.ts';
import { briskTerminal } from '../harness/main-job.ts';
import type { Arrival } from '../harness/middleware-process.ts';
import { createPerson, type Person } from '../harness/person.ts';

/** A world (middleware, line, virtual reader) that the stories of one file share, set back to rest before each. */
export type World = {
  edges: Edges;
  card: NonNullable<Edges['card']> & {
    /** Makes each command to the card take this long, until the next story. */
    slowDown(microseconds: number): void;
    /** Another card in its place in one movement, between two looks of the kiosk. */
    swap(persona: string): void;
    insertSecond(persona: string): void;
    removeSecond(): void;
    plugReaders(count: number): void;
    setPinpad(pinpad: boolean): void;
    /** The module's own PIN dialog; `answered`: `press` types in it. */
    setDialogs(kind: Dialogs): void;
    press(keys: Keypress): void;
    setFault(fault: Fault | null): void;
    /** Writes down every call to the module, for `journal`. */
    keepJournal(): void;
    journal(): string[];
  };
  /** What the middleware received since this story began. */
  arrivals(): Promise<Arrival[]>;
  /** What the worker opened of it and somebody asked for: without the records of looks, which come when they like. */
  requests(): Promise<Arrival[]>;
};

export type Stage = World & { app: LaunchedApp; person: Person };

let shared: Promise<{ edges: Edges; dir: string }> | null = null;

async function makeWorld(): Promise<{ edges: Edges; dir: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'loket-journey-'));
  const edges = await startEdges({ dir, slowMs: 1_500, terminal: briskTerminal });
  return { edges, dir };
}

/** For `afterAll`: ends what the stories of this file shared. */
export async function closeWorld(): Promise<void> {
  const world = await shared;
  shared = null;
  await world?.edges.stop();
  if (world) rmSync(world.dir, { recursive: true, force: true });
}

export async function openWorld(): Promise<World> {
  shared ??= makeWorld();
  const { edges } = await shared;
  const { card } = edges;
  if (card === null) throw new Error('the stories are told with the virtual card');
  const reader = edges.env.LOKET_VIRTUAL_CARD ?? '';
  const slowDown = (latency_us: number) => setState(reader, { latency_us });
  const hand = {
    swap: (persona: string) => swapCard(reader, persona),
    insertSecond: (persona: string) => insertCard(reader, persona, 1),
    removeSecond: () => removeCard(reader, 1),
    plugReaders: (count: number) => plugReaders(reader, count),
    setPinpad: (pinpad: boolean) => setPinpad(reader, pinpad),
    setDialogs: (kind: Dialogs) => setDialogs(reader, kind),
    press: (keys: Keypress) => pressKeys(reader, keys),
    setFault: (fault: Fault | null) => setFault(reader, fault),
    keepJournal: () => setState(reader, { journal: 1 }),
    journal: () => readJournal(reader),
  };
  makeReader(reader, { cards: readState(reader).keys.cards ?? '' });
  await edges.setLine('up');
  const before = new Set((await edges.middleware.fetchTransactions()).map(({ txId }) => txId));
  const arrivals = async () => (await edges.middleware.fetchTransactions()).filter(({ txId }) => !before.has(txId));
  const requests = async () => (await arrivals()).filter(({ product }) => product !== null && product !== 'consultation');
  return { edges, card: { ...card, ...hand, slowDown }, arrivals, requests };
}

export function makeFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'loket-story-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A world at rest and the real app in it, for one story. */
export async function openStage(options: Partial<LaunchOptions> = {}): Promise<Stage> {
  const world = await openWorld();
  return { ...world, ...(await openApp(world.edges, options)) };
}

export async function openApp(edges: Edges, options: Partial<LaunchOptions> = {}): Promise<{ app: LaunchedApp; person: Person }> {
  const app = await launchApp({ edges, dock: false, runDir: makeFolder(), ...options });
  onTestFinished(() => app.close());
  return { app, person: createPerson(app.kiosk, null) };
}

/** Until a visit is over for good: the goodbye is drawn at once, and its page becomes another document a moment later. */
export async function seeWiped({ app }: Pick<Stage, 'app'>): Promise<void> {
  await expect.poll(() => readFileSync(join(app.dataDir, 'loket', 'loket.log'), 'utf8')).toContain('"wiped"');
}

/** From the invitation to the catalogue, with this card proven. */
export async function signIn({ card, person }: Pick<Stage, 'card' | 'person'>, persona = 'lotte'): Promise<void> {
  await person.see('attract.title');
  card.insert(persona);
  await person.see('identity.title');
  await person.press('identity.yes');
  await person.see('catalogue.title');
}

export async function openCertificate(person: Person): Promise<void> {
  await person.pressNamed(/Attest van hoofdverblijfplaats/);
  await person.seeQuestion('Waarvoor hebt u het attest nodig?');
}

export async function fillCertificate(person: Person): Promise<void> {
  await openCertificate(person);
  await person.choose('Werk of uitkering');
  await person.press('button.next');
  await person.seeQuestion('Hoe krijgt u het attest?');
  await person.choose('Ik haal het op aan de balie');
  await person.press('button.next');
  await person.see('check.title');
}

/** A street defect, without a card, up to the check page. */
export async function fillDefect(person: Person): Promise<void> {
  await person.pressNamed(/Probleem op straat melden/);
  await person.seeQuestion('Wat is er aan de hand?');
  await person.choose('Straatlamp brandt niet');
  await person.press('button.next');
  await person.seeQuestion('Waar is dat?');
  await person.typeOnGlass('vlasmarkt 3');
  await person.press('button.next');
  await person.see('check.title');
}
