import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleCardChild } from './bundle-child.ts';
import { type Lane, openLane } from './lane.ts';
import { readMarks } from './marks.ts';
import { people } from './people.ts';
import { isAlive } from './stand.ts';
import { chooseKind, playRound } from './story.ts';
import { comeOnGlass, leave, nextPerson, waitForKiosk } from './visitors.ts';

export type YankFigures = {
  rounds: number;
  wrongPerson: number;
  mixedData: number;
  stuck: number;
  /** Descriptors, sessions and searches of a card process at its last read above its first. */
  leakedHandles: number;
  leakedProcesses: number;
  slowestRecoveryMs: number;
  /** How long all this would have taken people at a kiosk. */
  simulatedHours: number;
  insertions: number;
  /** Visits in which somebody was on the glass. */
  peopleShown: number;
  requestsKept: number;
  /** Card processes that a crash or a deadline ended. */
  processesEnded: number;
};

export type YankOptions = {
  rounds: number;
  seed: number;
  card: { module: string; root: string; cards: string };
  say: (sentence: string) => void;
};

/** Each costs half a minute of waiting, and more of them say nothing new. */
const enoughStuck = 5;
/** Kiosks side by side: each waits most of its time for clocks. */
const lanes = 3;

export async function runYank({ rounds, seed, card, say }: YankOptions): Promise<YankFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'loket-yank-'));
  const marks = readMarks(card.cards, people);
  try {
    const script = await bundleCardChild(folder);
    const shares = Array.from({ length: lanes }, (_, at) => Math.floor((rounds + at) / lanes));
    const lived = await Promise.all(
      shares.map((share, at) => {
        const own = join(folder, String(at));
        mkdirSync(own);
        const name = `kiosk ${at + 1} of seed ${seed}`;
        const onTrouble = (where: string, what: string, events: readonly string[]) =>
          say([`${where}, ${name}: ${what}`, ...events.map((event) => `    ${event}`)].join('\n'));
        return live(openLane({ card, marks, folder: own, script, seed: seed * lanes + at, onTrouble }), share);
      }),
    );
    return lived.reduce(addFigures);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function live(lane: Lane, rounds: number): Promise<YankFigures> {
  const { stand, figures, oracle, leaks } = lane;
  await waitForKiosk(lane);
  let round = 0;
  while (round < rounds && figures.stuck < enoughStuck) {
    round += 1;
    lane.begin(round);
    const kind = chooseKind(lane.chance);
    lane.name(kind);
    await playRound(kind, lane);
    const persona = await nextPerson(lane);
    await comeOnGlass(lane, persona);
    const child = stand.child();
    if (child !== null && stand.card()?.state === 'complete') await leaks.sample(child);
    await leave(lane, persona);
  }
  const beyondOne = Math.max(0, stand.children.filter(isAlive).length - 1);
  const outlived = await stand.stop();
  const { passedMs, ...counted } = figures;
  return {
    rounds: round,
    ...oracle.found,
    ...counted,
    leakedHandles: leaks.found(),
    leakedProcesses: beyondOne + outlived,
    simulatedHours: Math.round(passedMs / 3_600_000),
    peopleShown: lane.shownVisits.size,
  };
}

function addFigures(one: YankFigures, other: YankFigures): YankFigures {
  const sum = (what: keyof YankFigures) => one[what] + other[what];
  return {
    rounds: sum('rounds'),
    wrongPerson: sum('wrongPerson'),
    mixedData: sum('mixedData'),
    stuck: sum('stuck'),
    leakedHandles: sum('leakedHandles'),
    leakedProcesses: sum('leakedProcesses'),
    slowestRecoveryMs: Math.max(one.slowestRecoveryMs, other.slowestRecoveryMs),
    simulatedHours: sum('simulatedHours'),
    insertions: sum('insertions'),
    peopleShown: sum('peopleShown'),
    requestsKept: sum('requestsKept'),
    processesEnded: sum('processesEnded'),
  };
}
