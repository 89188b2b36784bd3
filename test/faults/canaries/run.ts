import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { keepFolder } from '../../../build/keeper.ts';
import { root } from '../../../build/paths.ts';
import { writeAuthority } from '../../../native/virtual-card/authority-keys.ts';
import { makeIssuers } from '../../../native/virtual-card/issuers.ts';
import { makeCard } from '../../../native/virtual-card/make-cards.ts';
import { makeReader } from '../../../native/virtual-card/reader.ts';
import { type Edges, startEdges } from '../../harness/edges.ts';
import { type LaunchedApp, launchApp } from '../../harness/launch.ts';
import { briskTerminal } from '../../harness/main-job.ts';
import { writePaperVideo } from '../../harness/paper-camera.ts';
import { findInFiles, type Hit, type Needle } from '../../harness/search-files.ts';
import { createChance } from '../yank/chance.ts';
import { exportQueue } from './export-queue.ts';
import { choosePlan, type Ending, type Errand, endings, errands, makeJourney, type Plan, type Scene } from './journey.ts';
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
  errands: Record<Errand, number>;
  /** Of what an operator carried away, which was searched too. */
  exports: number;
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
  const places = [runDir, world.stick];
  const camera = { file: writePaperVideo(join(folder, 'paper.y4m')) };
  const hits: Hit[] = [];
  const seen: Needle[] = [];
  let starts = 0;
  let exports = 0;
  let app: LaunchedApp | null = null;
  const begun = performance.now();
  try {
    for (const [at, canary] of canaries.entries()) {
      const plan = plans[at] as Plan;
      if (app === null) {
        app = await launchApp({ edges: world.edges, dock: false, runDir, camera });
        starts += 1;
      }
      const own = [...canary.needles];
      const onSeen = (needle: Needle) => void own.push({ ...needle, name: `${needle.name} of person ${at + 1}` });
      const outcome = await makeJourney({ app, ...world, meanwhile: options.meanwhile, onSeen }, canary, plan);
      seen.push(...own);
      if (outcome === 'ended') {
        keepOutput(app, runDir, at);
        app = null;
        hits.push(...(await findInFiles(places, own)));
      } else if (plan.ending === 'kept' && plan.line === 'down' && exports < mostExports) {
        await exportQueue(app);
        exports += 1;
      }
      if ((at + 1) % 10 === 0) say(`${at + 1} journeys, ${hits.length} hits so far.`);
    }
    const seconds = (performance.now() - begun) / 1000;
    await app?.close();
    if (app !== null) keepOutput(app, runDir, journeys);
    hits.push(...(await findInFiles(places, seen)));
    return {
      journeys,
      canaries: seen.length,
      endings: count(endings, (ending) => plans.filter((plan) => plan.ending === ending)),
      errands: count(errands, (errand) => plans.filter((plan) => plan.errand === errand)),
      exports,
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

function count<K extends string>(names: readonly K[], of: (name: K) => readonly unknown[]): Record<K, number> {
  return Object.fromEntries(names.map((name) => [name, of(name).length])) as Record<K, number>;
}

/** Each may take half a minute: an operator waits for the next code. */
const mostExports = 5;

type World = { edges: Edges; card: NonNullable<Edges['card']>; stick: string };

/** The usual one, but for the cards in it: each person's is made for this run, and gone with it. */
async function openWorld(folder: string, canaries: readonly Canary[]): Promise<World> {
  const issuers = await makeIssuers();
  const cards = join(folder, 'cards');
  for (const { persona, pin } of canaries) {
    const card = join(cards, persona.id);
    await makeCard(card, persona, issuers.of(persona), join(root, 'native/virtual-card/photos'));
    writeFileSync(join(card, 'card'), readFileSync(join(card, 'card'), 'utf8').replace('pin 1234', `pin ${pin}`));
  }
  const rootFile = join(folder, 'root.pem');
  writeFileSync(rootFile, issuers.root.certificate.toString('pem'));
  const authority = join(folder, 'authority');
  const stick = join(folder, 'stick');
  for (const each of [authority, stick]) mkdirSync(each);
  await writeAuthority(authority, { signers: [issuers.root, ...Object.values(issuers.citizens)], revoked: [] });
  // The app may run as another user.
  chmodSync(stick, 0o777);
  const terminal = { ...briskTerminal, visit: { goodbyeSeconds: 5 }, storage: { exportFolder: stick } };
  const edges = await startEdges({ dir: join(folder, 'edges'), testRoots: [rootFile], authority, pace: 'instant', terminal });
  const reader = edges.env.LOKET_VIRTUAL_CARD;
  if (edges.card === null || reader === undefined) throw new Error('the canaries come with virtual cards');
  makeReader(reader, { cards, pace: 'instant' });
  return { edges, card: edges.card, stick };
}

/** So that whatever would leave a dump of its memory where the system lets it, leaves one here: in the folder it runs in. */
function letDumps(): void {
  spawnSync('prlimit', ['--core=unlimited', '--pid', String(process.pid)]);
}

function keepOutput(app: LaunchedApp, runDir: string, at: number): void {
  writeFileSync(join(runDir, `output-${at}.txt`), app.output());
}

function measure(runDir: string): { files: number; mebibytes: number } {
  const files = readdirSync(runDir, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  return { files: files.length, mebibytes: Math.round(bytes / 2 ** 20) };
}

/** Each once, though it was found twice; the place below the run's own folder. */
function unique(hits: readonly Hit[], folder: string): Hit[] {
  const short = hits.map((hit) => ({ ...hit, file: relative(folder, hit.file) }));
  return [...new Map(short.map((hit) => [JSON.stringify(hit), hit])).values()];
}
