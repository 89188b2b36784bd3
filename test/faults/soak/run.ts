import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { keepFolder } from '../../../build/keeper.ts';
import type { TransactionContent } from '../../../contract/transaction.ts';
import { makeContent } from '../../../electron/testing/outbox-room.ts';
import type { Needle } from '../../harness/search-files.ts';
import { createChance } from '../yank/chance.ts';
import { createJudge } from './judge.ts';
import { type SoakMiddleware, startSoakMiddleware } from './middleware.ts';
import { day, type Happening, hour, planDays } from './plan.ts';
import { createSoakTerminal, enrolSoakTerminal, type SoakTerminal, type SoakTerminalParts } from './terminal.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

export type SoakOptions = {
  days: number;
  seed: number;
  terminals: number;
  say: (line: string) => void;
  /** One line for each thing that is not as it should be. */
  complain: (line: string) => void;
  /** For tests of this tool: what is taken out of the terminals. */
  breaks?: Partial<Pick<SoakTerminalParts, 'alter' | 'keepDays'>>;
};

export type SoakFigures = {
  days: number;
  terminals: number;
  happenings: number;
  kept: number;
  received: number;
  letGo: number;
  deaths: number;
  restores: number;
  renewals: number;
  mebibytesAtMost: number;
  complaints: number;
  /** SHA-256 over all that happened and how it stood after each: the same for the same seed. */
  digest: string;
  seconds: number;
};

/** Less than the days of a run, so that records are let go in it. */
const keepDaysOf = (days: number): number => (days >= 14 ? 7 : 1);
/** A certificate lives for sixty days and is renewed after forty: these are enrolled so long before that it falls into the run. */
const enrolledBefore = (days: number): number => (40 - days * 0.56) * day;
/** In the end: what waits is sent, a backup has it, and the attachments hear so, who ask each half hour. */
const calmDays = 2;

/** What a person says and photographs: of no language, and nothing that a program has in it. */
const said = 'Pfruidzwekvijtjo';
const seen = 'Knoezrigwapflui';
const needles: Needle[] = [
  { name: 'what was said', text: said },
  { name: 'what was photographed', text: seen },
];

/** Days at some terminals and their middleware, each by its own clock. */
export async function runSoak(options: SoakOptions): Promise<SoakFigures> {
  const base = keepFolder(mkdtempSync(join(tmpdir(), 'loket-soak-')));
  // Now, because certificates are judged by the machine's own clock in TLS itself.
  const start = Math.ceil(Date.now() / 1000) * 1000;
  const time = createVirtualTime(start - enrolledBefore(options.days));
  try {
    const middleware = await startSoakMiddleware(join(base, 'middleware'), time);
    try {
      return await runOn(middleware, { base, start, time }, options);
    } finally {
      await middleware.close();
    }
  } finally {
    time.restore();
    rmSync(base, { recursive: true, force: true });
  }
}

type Place = { base: string; start: number; time: VirtualTime };

async function runOn(middleware: SoakMiddleware, { base, start, time }: Place, options: SoakOptions): Promise<SoakFigures> {
  const begun = performance.now();
  const { days, seed, say } = options;
  const keepDays = keepDaysOf(days);
  const chance = createChance(seed);
  const complaints = new Set<string>();
  const log = createHash('sha256');
  const counted = { happenings: 0, deaths: 0, restores: 0, renewals: 0 };
  let today = '';
  const note = (line: string) => log.update(`${line}\n`);
  const complain = (line: string) => {
    if (complaints.has(line)) return;
    complaints.add(line);
    options.complain(`${today}: ${line}`);
  };
  const terminals: SoakTerminal[] = [];
  for (let number = 1; number <= options.terminals; number += 1) {
    const name = `kiosk-${number}`;
    const folder = join(base, name);
    mkdirSync(join(folder, 'life-0'), { recursive: true });
    const parts = { name, folder, url: middleware.url, seed: seed + number, time, keepDays, ...options.breaks };
    await enrolSoakTerminal(parts, () => issueCode(middleware, name));
    terminals.push(createSoakTerminal(parts));
  }
  const judge = createJudge({ middleware, terminals, keepDays, needles, complain });
  const world: World = { middleware, terminals, seed, counted, unsure: new Map() };
  await time.runUntil(start);
  for (const terminal of terminals) terminal.start();
  const own = terminals.map((terminal) => terminal.keyIds().own);

  const plan = planDays(chance, { days, terminals: terminals.length });
  for (let at = 0, nights = 0; at < plan.length; at += 1) {
    const happening = plan[at] as Happening;
    for (; happening.at >= (nights + 1) * day; nights += 1) await passMidnight(nights + 1);
    await happen(happening);
  }
  await calmDown();
  await judge.lookAtEnd();
  const received = terminals.flatMap(({ told }) => [...told.values()]).filter(({ receivedAt }) => receivedAt !== null).length;
  const kept = terminals.reduce((sum, { told }) => sum + told.size, 0);
  for (const terminal of terminals) if (!terminal.isDead()) await terminal.stop();
  return {
    days,
    terminals: terminals.length,
    ...counted,
    kept,
    received,
    letGo: judge.letGo(),
    mebibytesAtMost: Math.ceil(judge.mostBytes() / 2 ** 20),
    complaints: complaints.size,
    digest: log.digest('hex').slice(0, 32),
    seconds: Math.round((performance.now() - begun) / 1000),
  };

  async function happen(happening: Happening): Promise<void> {
    await time.runUntil(start + happening.at);
    const { at, terminal: number, ...what } = happening;
    today = `day ${Math.floor(at / day)} ${new Date(at % day).toISOString().slice(11, 19)}`;
    const terminal = terminals[number] as SoakTerminal;
    look(terminal);
    await act(world, terminal, happening);
    await time.settle();
    await middleware.work();
    counted.happenings += 1;
    look(terminal);
    await judge.lookAtMiddleware({ anew: happening.what === 'restore' });
    note(`${at} ${terminal.name} ${JSON.stringify(what)} ${terminals.map(describe).join(' ')}`);
  }

  function look(terminal: SoakTerminal): void {
    if (!terminal.isDead()) judge.lookAtTerminal(terminal);
  }

  async function passMidnight(night: number): Promise<void> {
    await time.runUntil(start + night * day);
    for (const terminal of terminals) {
      look(terminal);
      await judge.lookAtDisk(terminal);
    }
    await judge.lookAtMiddleware({ anew: true });
    countRenewals();
    if (night % 5 === 0) say(`day ${night}: ${terminals.map(describe).join(', ')}; ${complaints.size} complaints`);
  }

  function countRenewals(): void {
    for (const [at, terminal] of terminals.entries()) {
      if (terminal.isDead() || terminal.keyIds().own === own[at]) continue;
      own[at] = terminal.keyIds().own;
      counted.renewals += 1;
    }
  }

  /** The line up, the clocks right, nobody dies; and a backup each night. */
  async function calmDown(): Promise<void> {
    for (const terminal of terminals) {
      terminal.setMood('up');
      terminal.setClock(0);
      if (terminal.isDead()) terminal.start();
    }
    for (let night = days; night < days + calmDays; night += 1) {
      today = `day ${night}`;
      await time.runUntil(start + night * day + 2 * hour);
      await middleware.work();
      await middleware.backUp(true);
    }
    await time.runUntil(start + (days + calmDays) * day);
    await middleware.work();
    countRenewals();
    for (const terminal of terminals) judge.lookAtTerminal(terminal);
    note(terminals.map(describe).join(' '));
  }
}

function describe(terminal: SoakTerminal): string {
  const received = [...terminal.told.values()].filter(({ receivedAt }) => receivedAt !== null).length;
  const here = terminal.isDead() ? 'off' : `${terminal.countWaiting()}+${terminal.countPhotos()}`;
  return `${terminal.name} ${terminal.told.size}/${received} ${here}`;
}

type World = {
  middleware: SoakMiddleware;
  terminals: readonly SoakTerminal[];
  seed: number;
  counted: { deaths: number; restores: number };
  /** What somebody sent and was not told of. */
  unsure: Map<SoakTerminal, Happening & { what: 'keep' }>;
};

async function act({ middleware, terminals, seed, counted, unsure }: World, terminal: SoakTerminal, happening: Happening): Promise<void> {
  switch (happening.what) {
    case 'keep':
      return await keep(happening);
    case 'keep_again': {
      const again = unsure.get(terminal);
      unsure.delete(terminal);
      return again && (await keep({ ...again, dies: false }));
    }
    case 'line':
      return terminal.setMood(happening.mood);
    case 'clock':
      return terminal.setClock(happening.offMs);
    case 'die':
    case 'die_at_request':
      if (terminal.isDead()) return;
      counted.deaths += 1;
      return happening.what === 'die' ? terminal.die() : terminal.dieAtRequest(happening.death);
    case 'restart':
      if (terminal.isDead()) return;
      await terminal.stop();
      return terminal.start();
    case 'start':
      if (!terminal.isDead()) return;
      if (happening.offMs !== null) terminal.setClock(happening.offMs);
      return terminal.start();
    case 'middleware':
      await middleware.restart(happening.how);
      return await hangUp();
    case 'rotate':
      return await middleware.rotateKeys();
    case 'backup':
      return await middleware.backUp(happening.endsWell);
    case 'restore':
      counted.restores += 1;
      await middleware.restore();
      return await hangUp();
  }

  async function hangUp(): Promise<void> {
    for (const each of terminals) await each.hangUp();
  }

  /** Who finds it switched off goes away. */
  async function keep(what: Happening & { what: 'keep' }): Promise<void> {
    if (terminal.isDead()) return;
    if (what.dies) counted.deaths += 1;
    const lane = createHash('sha256')
      .update(`${seed} ${terminal.name} ${what.sameCase ?? `alone ${what.number}`}`)
      .digest('base64url')
      .slice(0, 22);
    const photos = what.photos.map((bytes, at) => makePhoto(`${seed} ${terminal.name} ${what.number} ${at}`, bytes));
    const told = await terminal.keep(makeTransaction(`${seed} ${terminal.name} ${what.number}`), { lane, photos, dies: what.dies });
    if (told === null) unsure.set(terminal, what);
  }
}

/** The same for the same words; nobody's. */
function makeTransaction(words: string): TransactionContent {
  const hash = createHash('sha256').update(words).digest('hex');
  const letters = hash.toUpperCase();
  return {
    ...makeContent(1),
    txId: `${hash.slice(0, 8)}-${hash.slice(8, 12)}-7${hash.slice(12, 15)}-8${hash.slice(15, 18)}-${hash.slice(18, 30)}`,
    reference: `KTR-${letters.slice(30, 34)}-${letters.slice(34, 38)}`,
    person: null,
    trust: 'anonymous',
    answers: { purpose: `${said} ${hash}` },
  };
}

function makePhoto(words: string, bytes: number): Uint8Array {
  const noise = createHash('shake256', { outputLength: bytes }).update(words).digest();
  noise.set([0xff, 0xd8, 0xff]);
  for (let at = 100; at + seen.length < bytes; at += 5_000) noise.write(seen, at, 'latin1');
  return noise;
}

async function issueCode({ url }: SoakMiddleware, terminal: string): Promise<string> {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  try {
    const body = JSON.stringify({ terminal, name: terminal });
    const reply = await fetch(`${url}/demo/enrolments`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
      dispatcher,
    });
    return ((await reply.json()) as { code: string }).code;
  } finally {
    await dispatcher.close();
  }
}
