import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepFolder } from '../../build/keeper.ts';
import { readyRuntime } from '../../build/runtime.ts';
import { TerminalConfig } from '../../contract/terminal-config.ts';
import { insertCard, makeReader, removeCard, setState } from '../../native/virtual-card/control.ts';
import { allPersonas, isEid } from '../../native/virtual-card/personas.ts';
import type { CardFigures } from '../harness/card-figures.ts';
import { ensureDisplay } from '../harness/display.ts';
import { type Edges, startEdges } from '../harness/edges.ts';
import { chooseSandbox } from '../harness/sandbox.ts';
import { type CardApp, startCardApp } from './card-app.ts';
import { clearJournal, countCalls, readJournal, waitInStepWithPolls } from './card-journal.ts';
import { compilePeers, type Peer, runPeer } from './card-peers.ts';
import { type Bench, fewestRounds, makeRow, median, type Row, takeTurns } from './rows.ts';
import type { Ground } from './watched-app.ts';

/**
 * From the card going in until it is on the glass of the real app, against two C programs on the same module and card: one
 * that makes the fewest calls for the same bytes and proves nothing, and one that does what most sample code does. The
 * virtual card takes the times measured with the real library (`measured`).
 */
type Round = { inserted: number; identity: number; all: number; calls: number };

const persona = 'lotte';

export const bench: Bench = async ({ module, testRoots, rounds, say }) => {
  if (module !== undefined) {
    say(
      'The card bench puts the card in and counts calls itself, so it runs with the virtual card: bench -- card without --pkcs11-module.',
    );
    return [];
  }
  const runtime = await readyRuntime();
  const folder = keepFolder(await mkdtemp(join(tmpdir(), 'loket-bench-')));
  const display = await ensureDisplay();
  const ground: Ground = { folder, runtime, sandbox: chooseSandbox(runtime.executable), display };
  if (ground.sandbox.notice !== null) say(ground.sandbox.notice);
  const edges = await startEdges({ dir: join(folder, 'edges'), testRoots });
  try {
    const app = await startCardApp(edges, ground);
    try {
      return await compare(app, edges, await compilePeers(folder), rounds, say);
    } finally {
      await app.end();
    }
  } finally {
    await edges.stop();
    await display.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

async function compare(app: CardApp, edges: Edges, program: string, rounds: number, say: (sentence: string) => void): Promise<Row[]> {
  const { pollMs } = TerminalConfig.parse(JSON.parse(await readFile(edges.configFile, 'utf8'))).card;
  const surname = surnameOf(persona);
  const phases = 2 * Math.max(rounds, fewestRounds);
  /** Spread over the interval of the polls, and the same for all three. */
  const phaseOf = (round: number) => (((round + phases) % phases) + 0.5) * (pollMs / phases);

  type Times = Pick<Round, 'identity' | 'all'>;
  async function measure(reader: string, round: number, run: (insert: () => Promise<void>) => Promise<Times>): Promise<Round> {
    clearJournal(reader);
    let inserted = 0;
    const times = await run(async () => {
      await waitInStepWithPolls(reader, phaseOf(round));
      inserted = performance.timeOrigin + performance.now();
      insertCard(reader, persona);
    });
    return { inserted, identity: times.identity - inserted, all: times.all - inserted, calls: countCalls(readJournal(reader)) };
  }

  const own = join(edges.dir, 'reader');
  setState(own, { journal: 1 });
  const figures: CardFigures[] = [];
  async function runApp(round: number): Promise<Round> {
    const measured = await measure(own, round, (insert) => app.readCard(surname, insert));
    figures.push(app.figuresSince(measured.inserted));
    removeCard(own);
    await app.waitForAttract();
    return measured;
  }

  const peers = join(edges.dir, 'peers');
  async function runProgram(peer: Peer, round: number): Promise<Round> {
    makeReader(peers);
    setState(peers, { journal: 1 });
    const env = { LOKET_VIRTUAL_CARD: peers };
    return measure(peers, round, (insert) => runPeer({ program, peer, module: edges.module, pollMs, env, polling: insert }));
  }

  const [byApp = [], byMinimal = [], byObvious = []] = await takeTurns(phases, [
    runApp,
    (round) => runProgram('minimal', round),
    (round) => runProgram('obvious', round),
  ]);
  tellMore(figures, say);
  const pick = (of: Round[], figure: keyof Round) => of.map((round) => round[figure]);
  return [
    makeRow('card.identity_vs_minimal_c', 'ms', pick(byApp, 'identity'), pick(byMinimal, 'identity'), nearMinimum),
    makeRow('card.all_vs_minimal_c', 'ms', pick(byApp, 'all'), pick(byMinimal, 'all'), nearMinimum),
    // The other way round, because the question is how many times faster the app is.
    makeRow('card.identity_vs_obvious', 'ms', pick(byObvious, 'identity'), pick(byApp, 'identity'), { atLeast: 2 }),
    makeRow('card.calls_vs_minimum', 'calls', pick(byApp, 'calls'), pick(byMinimal, 'calls'), { atMost: 1 }),
  ];
}

/** A frame on the glass is 16 ms, and the C program draws none. */
const nearMinimum = { atMost: 1.1, plus: 15 } as const;

/** What the glass cannot tell apart, as the card's process saw it. */
function tellMore(figures: readonly CardFigures[], say: (sentence: string) => void): void {
  const of = (figure: 'identityMs' | 'photoMs' | 'provenMs') => Math.round(median(figures.flatMap((each) => each[figure] ?? [])));
  say(
    `In the card's process, from the card going in as well: identity ${of('identityMs')} ms, photo ${of('photoMs')} ms, identity and address verified ${of('provenMs')} ms.`,
  );
}

function surnameOf(id: string): string {
  const found = allPersonas.find((each) => each.id === id);
  if (found === undefined || !isEid(found)) throw new Error(`no such eID: ${id}`);
  return found.identity.surname;
}
