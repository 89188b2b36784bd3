import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepFolder } from '../../../build/keeper.ts';
import { root } from '../../../build/paths.ts';
import { makeIssuers } from '../../../native/virtual-card/issuers.ts';
import { makeCard } from '../../../native/virtual-card/make-cards.ts';
import { makeReader } from '../../../native/virtual-card/reader.ts';
import { type Edges, startEdges } from '../../harness/edges.ts';
import { type LaunchedApp, launchApp } from '../../harness/launch.ts';
import { briskTerminal } from '../../harness/main-job.ts';
import { findInFiles, type Hit } from '../../harness/search-files.ts';
import { createChance } from '../yank/chance.ts';
import { choosePlan, type Ending, endings, makeJourney, type Plan, type Scene } from './journey.ts';
import { type Canary, inventCanary } from './people.ts';

export type CanaryOptions = {
  journeys: number;
  seed: number;
  say?: (sentence: string) => void;
  meanwhile?: Scene['meanwhile'];
  /** In place of what the seed chooses. */
  plans?: readonly Plan[];
};

export type CanaryFigures = {
  journeys: number;
  canaries: number;
  /** How the journeys ended. */
  endings: Record<Ending, number>;
  withoutLine: number;
  starts: number;
  /** What the app had written, at the end. */
  files: number;
  mebibytes: number;
  secondsPerJourney: number;
  hits: Hit[];
};

/**
 * Many people, one after the other, at one kiosk whose folder grows old. What they are and typed is looked for in everything
 * that the app wrote, its words on the terminal and the folder for dumps included: of each person who broke it off, at once,
 * before the next start can tidy up; of all of them, at the end.
 */
export async function runCanaries(options: CanaryOptions): Promise<CanaryFigures> {
  const { journeys, seed, say = () => undefined } = options;
  const folder = keepFolder(mkdtempSync(join(tmpdir(), 'loket-canaries-')));
  const canaries = Array.from({ length: journeys }, (_, at) => inventCanary(seed, at + 1));
  const chance = createChance(seed);
  const plans = options.plans ?? canaries.map(() => choosePlan(chance));
  letDumps();
  const world = await openWorld(folder, canaries);
  const runDir = join(folder, 'run');
  const hits: Hit[] = [];
  let starts = 0;
  let app: LaunchedApp | null = null;
  const begun = performance.now();
  try {
    for (const [at, canary] of canaries.entries()) {
      const plan = plans[at] as Plan;
      app ??= await launchApp({ edges: world.edges, dock: false, runDir });
      starts += app.output() === '' ? 1 : 0;
      const outcome = await makeJourney({ app, ...world, meanwhile: options.meanwhile }, canary, plan);
      if (outcome === 'ended') {
        await keepOutput(app, runDir, at);
        app = null;
        hits.push(...(await findInFiles([runDir], canary.needles)));
      }
      if ((at + 1) % 10 === 0) say(`${at + 1} journeys, ${hits.length} hits so far.`);
    }
    const seconds = (performance.now() - begun) / 1000;
    await app?.close();
    if (app !== null) await keepOutput(app, runDir, journeys);
    hits.push(...(await findInFiles([runDir], canaries.flatMap(({ needles }) => needles))));
    return {
      journeys,
      canaries: canaries.flatMap(({ needles }) => needles).length,
      endings: Object.fromEntries(endings.map((ending) => [ending, plans.filter((plan) => plan.ending === ending).length])) as Record<
        Ending,
        number
      >,
      withoutLine: plans.filter(({ line }) => line === 'down').length,
      starts,
      ...measure(runDir),
      secondsPerJourney: Number((seconds / journeys).toFixed(2)),
      hits: unique(hits, folder),
    };
  } finally {
    await app?.kill();
    await world.edges.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
