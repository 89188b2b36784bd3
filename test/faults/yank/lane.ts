import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CardState } from '../../../contract/card.ts';
import { makeReader } from '../../../native/virtual-card/reader.ts';
import { type Chance, createChance } from './chance.ts';
import { createHolds, type Holds } from './holds.ts';
import { createLeakWatch, type LeakWatch } from './leaks.ts';
import { type Marks, textsOf, textsOfState, textsOfView, whoFits } from './marks.ts';
import { createOracle, type Oracle } from './oracle.ts';
import { honest, people } from './people.ts';
import { openStand, type Stand } from './stand.ts';
import { makeWorld, type World } from './world.ts';

/** One kiosk with its reader, and all who watch it: what the rounds are played on. */
export type Lane = {
  world: World;
  stand: Stand;
  /** What the round does, and what somebody presses: apart, so that the first does not depend on how far the app had come. */
  chance: Chance;
  hands: Chance;
  oracle: Oracle;
  holds: Holds;
  leaks: LeakWatch;
  figures: { stuck: number; slowestRecoveryMs: number; insertions: number; requestsKept: number; processesEnded: number; passedMs: number };
  /** Visits in which somebody was on the glass. */
  shownVisits: Set<string>;
  now(): number;
  /** A person that was not in a reader lately. */
  somebody(): string;
  somebodyHonest(): string;
  /** Whether the card process says that it reads, or has read, this card; whether it is on the glass. */
  has(persona: string): boolean;
  shows(persona: string): boolean;
  wait(ms: number): Promise<void>;
  /** False when it did not come to be in time. */
  until(isSo: () => boolean, ms: number): Promise<boolean>;
  /** Moves the visits' clock on. */
  pass(ms: number): void;
  note(event: string): void;
  stuck(what: string): void;
  begin(round: number): void;
  name(kind: string): void;
};

export type LaneParts = {
  card: { module: string; root: string; cards: string };
  marks: Marks;
  /** For this lane alone. */
  folder: string;
  script: string;
  /** All that is chosen here follows from it, round by round; only the timing is the machine's. */
  seed: number;
  onTrouble: (round: string, what: string, events: readonly string[]) => void;
};

/** Quicker than a kiosk's 150 ms: less waiting between the rounds. */
const pollMs = 30;
/** After a card left, and beyond what the library held the process: the polls, and the second look after a failed read. */
export const noticeMs = 1_000;
const lookBackEvents = 40;
/** A prime, so that seeds of lanes and rounds do not meet. */
const seedsApart = 7_919;

export function openLane({ card, marks, folder, script, seed, onTrouble }: LaneParts): Lane {
  const now = () => performance.now();
  const chance = createChance(seed);
  const hands = createChance(seed);
  const reader = join(folder, 'reader');
  makeReader(reader, { pace: 'instant', cards: card.cards });
  let where = 'start';
  let events: string[] = [];
  const note = (event: string) => {
    events = [...events, `${Math.round(now())} ${event}`].slice(-lookBackEvents);
  };
  const trouble = (what: string) => onTrouble(where, what, events);
  const oracle = createOracle({ marks, noticeMs, onFinding: trouble });
  const holds = createHolds();
  const leaks = createLeakWatch(reader);
  const world = makeWorld(reader, oracle, now);
  const figures: Lane['figures'] = { stuck: 0, slowestRecoveryMs: 0, insertions: 0, requestsKept: 0, processesEnded: 0, passedMs: 0 };
  const shownVisits = new Set<string>();
  const whoIn = (state: CardState) => whoFits(marks, textsOfState(state));
  let changed = Promise.withResolvers<void>();
  const somethingChanged = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };

  const stand = openStand({
    script,
    reader,
    start: { module: card.module, testRoots: [readFileSync(card.root, 'utf8')], pollMs, allowVirtualCard: true, allowDialog: false },
    onBeat() {
      world.observe();
      oracle.beat(now());
      holds.beat(now());
      oracle.look(now());
      somethingChanged();
    },
    onState(state) {
      note(`state ${state.state}${'insertion' in state ? ` ${state.insertion}` : ''} ${names(whoIn(state))}`);
      world.observe();
      oracle.state(state, now());
      somethingChanged();
    },
    onView(view) {
      const who = whoFits(marks, textsOfView(view));
      note(`view ${view.screen.name}${view.cover ? ` under ${view.cover.kind}` : ''} ${names(who)}`);
      if (view.visit !== null && who !== null) shownVisits.add(view.visit);
      world.observe();
      oracle.view(view, now());
      somethingChanged();
    },
    onKept(content) {
      figures.requestsKept += 1;
      oracle.kept(textsOf(content.person));
    },
    onEnd(child) {
      note('the card process ended');
      figures.processesEnded += 1;
      holds.ended(now());
      leaks.ended(child);
      somethingChanged();
    },
    onLog: (event) => note(`log ${event}`),
  });

  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const lately: string[] = [];
  function somebody(from: readonly string[]): string {
    const persona = chance.pick(from.filter((id) => !lately.includes(id)));
    lately.push(persona);
    if (lately.length > 6) lately.shift();
    figures.insertions += 1;
    note(`${persona} comes`);
    return persona;
  }

  return {
    ...{ world, stand, chance, hands, oracle, holds, leaks, figures, shownVisits, now, wait, note },
    somebody: () => somebody(people),
    somebodyHonest: () => somebody(honest),
    has(persona) {
      const state = stand.card();
      return state !== null && whoIn(state)?.has(persona) === true;
    },
    shows(persona) {
      const view = stand.glass.view();
      return view !== null && whoFits(marks, textsOfView(view))?.has(persona) === true;
    },
    async until(isSo, ms) {
      for (const end = now() + ms; !isSo(); ) {
        const left = end - now();
        if (left <= 0) return false;
        await Promise.race([changed.promise, wait(Math.min(left, 100))]);
      }
      return true;
    },
    pass(ms) {
      figures.passedMs += ms;
      stand.pass(ms);
    },
    stuck(what) {
      figures.stuck += 1;
      trouble(`stuck: ${what}`);
    },
    begin(round) {
      chance.reseed(seed + 2 * round * seedsApart);
      hands.reseed(seed + (2 * round + 1) * seedsApart);
      holds.reset();
      where = `Round ${round}`;
    },
    name(kind) {
      where = `${where} (${kind})`;
      note(`-- ${where}`);
    },
  };
}

function names(who: ReadonlySet<string> | null): string {
  return [...(who ?? [])].join('|');
}
