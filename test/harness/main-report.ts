import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as z from 'zod';
import { CardAddress, Identity, isProven } from '../../contract/identity.ts';
import { TicketStatus } from '../../contract/wire.ts';
import { type CardFigures, readCardFigures } from './card-figures.ts';
import type { Edges } from './edges.ts';
import type { LaunchedApp } from './launch.ts';
import type { MainJobOptions } from './main-job.ts';
import { persona, type Story } from './main-story.ts';
import type { Arrival } from './middleware-process.ts';
import { readOutbox } from './read-outbox.ts';
import { findInFiles, type Needle } from './search-files.ts';

export type MainJobReport = {
  electron: string;
  module: string;
  /** Where both figures below begin: with a card that a person put in, nobody knows when it went in, only when it was seen. */
  countedFrom: CardFigures['countedFrom'] | null;
  /** Until the identity was drawn on the glass. */
  identityMs: number | null;
  /** Until the card's process had read the photo. */
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

/** Asks everybody who knows: the log, the outbox, the middleware, the files that are left. */
export async function writeReport(story: Story, app: LaunchedApp, edges: Edges, options: MainJobOptions): Promise<MainJobReport> {
  const figures = readCardFigures(app.dataDir, story.inserted);
  const records = await readOutbox(app.dataDir, edges.middleware.receiptKey);
  const arrivals = await fetchExecuted(edges, new Set(records.map(({ txId }) => txId)));
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
    countedFrom: figures?.countedFrom ?? null,
    identityMs: figures?.shownMs ?? null,
    photoMs: figures?.photoMs ?? null,
    identityVerified: figures?.proof.identity === 'proven' && figures.proof.issuer === 'proven',
    addressVerified: figures?.proof.address === 'proven' && figures.proof.issuer === 'proven',
    prefilledFields: story.prefilledFields,
    typedFields: story.typedFields,
    keptMs: story.keptMs,
    transactions,
    remainsAfterVisit,
    screenshots: story.screenshots,
    ok:
      figures !== null &&
      isProven(figures.proof) &&
      story.prefilledFields > 0 &&
      story.typedFields === 2 &&
      story.screenshots.every(existsSync) &&
      transactions.length === 2 &&
      transactions.every(done) &&
      remainsAfterVisit.length === 0,
  };
}

const mostWaitMs = 15_000;

/** Received is not carried out yet: the worker comes after the reply. */
async function fetchExecuted({ middleware }: Edges, txIds: ReadonlySet<string>): Promise<Arrival[]> {
  const until = Date.now() + mostWaitMs;
  for (;;) {
    const arrivals = (await middleware.fetchTransactions()).filter(({ txId }) => txIds.has(txId));
    const isDone = arrivals.length === txIds.size && arrivals.every(({ state }) => state !== 'received');
    if (isDone || Date.now() > until) return arrivals;
    await wait(200);
  }
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
    ...(options.stop === undefined ? {} : { signal: options.stop }),
  });
  return Citizen.parse(JSON.parse(stdout));
}
