import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { WorkStopped } from '../../build/run.ts';
import { CardAddress, Identity } from '../../contract/identity.ts';
import { TerminalConfig } from '../../contract/terminal-config.ts';
import { TicketStatus } from '../../contract/wire.ts';
import { readCardFigures } from './card-figures.ts';
import { type Edges, startEdges } from './edges.ts';
import { type LaunchedApp, launchApp } from './launch.ts';
import { createPerson, words } from './person.ts';
import { readOutbox } from './read-outbox.ts';
import { findInFiles, type Needle } from './search-files.ts';

export type MainJobOptions = {
  /** Where the report and the pictures go. */
  out: string;
  /** A PKCS#11 module in place of the virtual card: whatever card its reader holds is the citizen's. */
  module?: string;
  testRoots?: readonly string[];
  say?: (sentence: string) => void;
};

export type MainJobReport = {
  electron: string;
  module: string;
  /** From insertion (own module: from the first sight of the card) to the identity drawn on the glass. */
  identityMs: number | null;
  photoMs: number | null;
  identityVerified: boolean;
  addressVerified: boolean;
  prefilledFields: number;
  typedFields: number;
  keptMs: number;
  transactions: {
    txId: string;
    product: string | null;
    keptAt: string;
    receivedAt: string | null;
    receiptVerified: boolean;
    middlewareCopies: number;
    /** The ticket's reference, asked of the middleware as a telephone would. */
    referenceResolves: boolean;
  }[];
  remainsAfterVisit: { file: string; needle: string; form: string; offset: number }[];
  screenshots: string[];
  ok: boolean;
};

const persona = 'lotte';
/** For whoever puts the card in by hand. */
const handPatience = 120_000;

/**
 * The main job, in the real app: a certificate with the card while the line is cut, then delivered; a street defect
 * without a card; the card taken; and a search for what remains. Throws where a person would have been stuck.
 */
export async function runMainJob(options: MainJobOptions): Promise<MainJobReport> {
  const say = options.say ?? (() => undefined);
  const work = join(options.out, 'run');
  // Only what an earlier run left there: the folder is somebody's own.
  try {
    for (const left of ['run', 'pictures', 'report.json']) await rm(join(options.out, left), { recursive: true, force: true });
    await mkdir(work, { recursive: true });
  } catch {
    throw new WorkStopped(`The report cannot be written there: ${options.out}`);
  }
  const edges = await startEdges({
    dir: join(work, 'edges'),
    module: options.module,
    testRoots: options.testRoots,
    terminal: briskTerminal,
  });
  try {
    const app = await launchApp({ edges, runDir: join(work, 'app') });
    let told: Story;
    try {
      told = await tellStory(app, edges, options, say).catch(async (error: unknown) => {
        const picture = join(options.out, 'pictures', 'stuck.png');
        await app.kiosk.screenshot({ path: picture }).catch(() => undefined);
        throw new WorkStopped(
          `The main job got stuck; the page is in ${picture}.\n${error instanceof Error ? error.message : String(error)}`,
        );
      });
    } finally {
      await app.close();
    }
    say('The app is closed. Searching everything it wrote for the person.');
    const report = await writeReport(told, app, edges, options);
    await writeFile(join(options.out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    return report;
  } finally {
    await edges.stop();
  }
}

/** Waits short enough for a demonstration: a real kiosk asks for its line every half minute. */
export const briskTerminal: Partial<TerminalConfig> = { sync: { retryBaseMs: 200, retryCapMs: 1_000, healthMs: 1_000 } };

type Story = { identityMs: number | null; keptMs: number; prefilledFields: number; typedFields: number; screenshots: string[] };

async function tellStory(app: LaunchedApp, edges: Edges, options: MainJobOptions, say: (sentence: string) => void): Promise<Story> {
  const person = createPerson(app.kiosk, join(options.out, 'pictures'));
  const screenshots: string[] = [];
  const picture = async (name: string) => screenshots.push(await person.picture(name));

  say('The kiosk invites.');
  if (edges.card) {
    await person.see('attract.title');
    await picture('attract');
  } else say('Put a card in the reader, if there is none in it.');

  say('A card goes in.');
  const inserted = performance.now();
  edges.card?.insert(persona);
  await (edges.card ? person.see('identity.title') : person.see('identity.title', handPatience));
  const identityMs = edges.card ? performance.now() - inserted : null;
  await app.kiosk.getByText(words['identity.proven']).first().waitFor();
  await picture('identity');
  await person.press('identity.yes');

  say('The person chooses a certificate of main residence and answers two questions.');
  await person.see('catalogue.title');
  await picture('catalogue');
  await person.pressNamed(/Attest van hoofdverblijfplaats/);
  await person.seeQuestion('Waarvoor hebt u het attest nodig?');
  await person.press('button.next');
  await app.kiosk.getByRole('heading', { name: 'Kijk uw antwoord nog even na' }).waitFor();
  await picture('question-missing');
  await person.choose('Werk of uitkering');
  await picture('question-purpose');
  await person.press('button.next');
  await person.seeQuestion('Hoe krijgt u het attest?');
  await person.choose('Ik haal het op aan de balie');
  await picture('question-delivery');

  say('The line is cut.');
  edges.line.setLine('down');
  await person.press('button.next');
  await person.see('check.title');
  await app.kiosk.getByRole('button', { name: words['check.keep'] }).waitFor();
  await picture('check');
  const prefilledFields = await app.kiosk.getByText(words['source.card'], { exact: true }).count();
  const typedFields = await app.kiosk.getByText(words['source.said'], { exact: true }).count();
  const sent = performance.now();
  await person.press('check.keep');
  await person.see('kept.title.kept');
  const keptMs = performance.now() - sent;
  await picture('kept');

  say('Kept here, not yet received. The line comes back.');
  edges.line.setLine('up');
  await person.see('kept.title.received');
  await picture('received');

  say('The visit ends.');
  if (edges.card) {
    edges.card.remove();
    await person.see('goodbye.title');
  } else {
    await person.press('kept.close');
    await person.see('goodbye.card.title');
  }
  await picture('goodbye');

  say('The next person reports a street defect, without a card.');
  await person.press('goodbye.begin');
  await person.see('catalogue.title');
  await picture('catalogue-without-card');
  await person.pressNamed(/Probleem op straat melden/);
  await person.seeQuestion('Wat is er aan de hand?');
  await person.choose('Straatlamp brandt niet');
  await picture('defect-category');
  await person.press('button.next');
  await person.seeQuestion('Waar is dat?');
  await person.typeOnGlass('vlasmarkt 3');
  await picture('defect-place');
  await person.press('button.next');
  await person.see('check.title');
  await picture('defect-check');
  await person.press('check.send');
  await person.see('kept.title.received');
  await picture('defect-received');
  await person.press('kept.close');
  await person.see(edges.card ? 'goodbye.title' : 'goodbye.card.title');
  await picture('defect-goodbye');
  return { identityMs, keptMs, prefilledFields, typedFields, screenshots };
}

async function writeReport(story: Story, app: LaunchedApp, edges: Edges, options: MainJobOptions): Promise<MainJobReport> {
  const config = TerminalConfig.parse(JSON.parse(await readFile(edges.configFile, 'utf8')));
  const times = readCardFigures(app.dataDir);
  const arrivals = await edges.middleware.fetchTransactions();
  const records = await readOutbox(app.dataDir, config.middleware.receiptKey.jwk);
  const transactions = await Promise.all(
    records.map(async (record) => {
      const arrival = arrivals.find(({ txId }) => txId === record.txId);
      const status = await edges.middleware.get(`/v1/tickets/${record.reference}`);
      return {
        txId: record.txId,
        product: arrival?.product ?? null,
        keptAt: record.keptAt,
        receivedAt: record.receivedAt,
        receiptVerified: record.receiptVerified,
        middlewareCopies: arrival?.copies ?? 0,
        referenceResolves: status.status === 200 && TicketStatus.parse(JSON.parse(status.text)).received,
      };
    }),
  );
  const remainsAfterVisit = await findInFiles([app.runDir], await readNeedles(edges, options));
  const done = (transaction: MainJobReport['transactions'][number]) =>
    transaction.receiptVerified && transaction.middlewareCopies === 1 && transaction.referenceResolves;
  return {
    electron: app.runtime.version,
    module: edges.module,
    identityMs: story.identityMs ?? times?.shownMs ?? null,
    photoMs: times?.photoMs ?? null,
    identityVerified: times?.identity === 'proven' && times.issuer === 'proven',
    addressVerified: times?.address === 'proven' && times.issuer === 'proven',
    prefilledFields: story.prefilledFields,
    typedFields: story.typedFields,
    keptMs: story.keptMs,
    transactions,
    remainsAfterVisit,
    screenshots: story.screenshots,
    ok:
      times?.identity === 'proven' &&
      times.address === 'proven' &&
      times.issuer === 'proven' &&
      story.prefilledFields > 0 &&
      story.typedFields === 2 &&
      story.screenshots.every(existsSync) &&
      transactions.length === 2 &&
      transactions.every(done) &&
      remainsAfterVisit.length === 0,
  };
}

/** What must not be found: the person's number and names, as the card writes them. */
async function readNeedles(edges: Edges, options: MainJobOptions): Promise<Needle[]> {
  const { identity, address } = await readCitizen(edges, options);
  return [
    { name: 'national number', text: identity.nationalNumber },
    { name: 'surname', text: identity.surname },
    { name: 'first names', text: identity.firstNames },
    { name: 'street and number', text: address.streetAndNumber },
    { name: 'card number', text: identity.cardNumber },
  ];
}

const Citizen = z.object({ identity: Identity, address: CardAddress });

/** Read from the card once more, by a process of its own: the app has forgotten who it was, as it should. */
async function readCitizen(edges: Edges, options: MainJobOptions): Promise<z.infer<typeof Citizen>> {
  edges.card?.insert(persona);
  const script = join(import.meta.dirname, 'read-card-once.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, edges.module, ...(options.testRoots ?? [])], {
    env: { ...process.env, ...edges.env },
  });
  return Citizen.parse(JSON.parse(stdout));
}
