import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import type { TransactionContent } from '../../../contract/transaction.ts';
import { systemClock as clock } from '../../../electron/clock.ts';
import { openAttachments } from '../../../electron/outbox/attachments/attachments.ts';
import { openOutbox } from '../../../electron/outbox/open-outbox.ts';
import { createUploads } from '../../../electron/sync/attachments.ts';
import { openKeySets } from '../../../electron/sync/keys/key-set.ts';
import { createLine } from '../../../electron/sync/line.ts';
import { createSync } from '../../../electron/sync/sync.ts';
import { askOnce } from '../../../electron/terminal/identity/ask-once.ts';
import { fileKeyStore } from '../../../electron/terminal/identity/key-store.ts';
import { openRegistry } from '../../../electron/terminal/identity/registry.ts';
import { makeContent } from '../../../electron/testing/outbox-room.ts';
import { createChance } from '../yank/chance.ts';
import { openJournal, readJournal } from './citizen-journal.ts';

/**
 * A terminal without its screens: the app's own identity, outbox, photos and sync, put together as electron/main.ts does it. People
 * send something at moments that the seed decides, until somebody ends the process; with `drain` nobody does, and it ends
 * by itself when nothing waits any more.
 */
const Work = z.object({
  terminal: z.string(),
  /** As the app's folder is: `loket/outbox` and `loket/identity` in it. */
  data: z.string(),
  journal: z.string(),
  url: z.string(),
  seed: z.int(),
  keeps: z.int(),
  drain: z.boolean(),
});
export type Work = z.infer<typeof Work>;

/** Without a slot a terminal waits up to five minutes after a failure; here a run would be nothing but waiting. */
const pace = { retryBaseMs: 20, retryCapMs: 250, healthMs: 300 };
const deadlineMs = 1_500;

const work = Work.parse(JSON.parse(process.argv[2] ?? ''));
const chance = createChance(work.seed);
const loket = join(work.data, 'loket');
const { terminal, url } = work;
const parts = { folder: join(loket, 'identity'), terminal, url, keyStore: fileKeyStore, ask: askOnce, now: () => new Date() };
const identity = openRegistry(parts).current();
if (identity === null) throw new Error('a terminal without an identity');
const told = readJournal(work.journal);
const journal = openJournal(work.journal);
const line = createLine({ url, tls: () => identity.tls, deadlineMs });
const log = () => undefined;
const keySets = openKeySets({ file: join(loket, 'keys', 'set.jws'), identity, line, clock, log });
const room = { folder: join(loket, 'outbox'), reserveMebibytes: 0, keepDays: 30 };
const outbox = openOutbox({ ...room, identity, sealKey: () => keySets.sealKey(), clock, log });
const attachments = openAttachments({ folder: loket, reserveMebibytes: 0, stateOf: outbox.stateOf });
outbox.afterChecks(attachments.removeLeftovers);
const sync = createSync({
  outbox,
  line,
  receiptKeys: () => keySets.receiptKeys(),
  terminal,
  clock,
  log,
  pace,
  onLine({ state }) {
    if (state === 'up') uploads.wake();
  },
  onReceived(txId) {
    journal.write({ received: txId });
    uploads.wake();
  },
  onStuck: () => undefined,
  onNews: (news) => {
    keySets.hear(news).catch(() => undefined);
  },
});

const uploads = createUploads({ line, attachments, recordsGo: sync.isBusy, clock, log, pace });

/** For whoever waits for the moment to end this. */
function say(word: 'open' | 'kept' | 'served' | 'empty'): void {
  process.stdout.write(`${word}\n`);
}

async function send(number: number, lane: string): Promise<void> {
  const content = makeTransaction(number);
  const { txId } = content;
  // What is kept already is answered as it was: its photos are the ones that it was kept with.
  const before = outbox.stateOf(txId) === null ? null : told.asked.get(txId)?.photos;
  const photos = before ?? (await takePhotos(content));
  journal.write({ asked: txId, number, lane, photos });
  const kept = outbox.keep(content, { lane });
  if (!kept.ok) {
    journal.write({ refused: txId });
    return;
  }
  const { generation, sequence, record } = kept.value.ticket;
  journal.write({ kept: txId, reference: kept.value.reference, generation, sequence, record, photos });
  say('kept');
  sync.wake();
}

/** Of some, and few: whether the middleware has them whole is asked for each, in each life. */
async function takePhotos(content: TransactionContent): Promise<string[]> {
  if (chance.next() > 0.06) return [];
  const photo = createHash('shake256', { outputLength: chance.pick([30_000, 262_144, 300_000, 700_000]) })
    .update(content.txId)
    .digest();
  photo.set([0xff, 0xd8, 0xff]);
  const prepared = await attachments.prepare(content.txId, photo, { name: 'foto.jpg', mediaType: 'image/jpeg' });
  if (prepared.ok) content.attachments.push(prepared.value);
  return content.attachments.map(({ id }) => id);
}

/** Different for each terminal and number, the same when it is sent again; nobody's. */
function makeTransaction(number: number): TransactionContent {
  const hash = createHash('sha256').update(`${terminal} ${number}`).digest('hex');
  const letters = hash.toUpperCase();
  return {
    ...makeContent(number, 100 + (Number.parseInt(hash.slice(0, 4), 16) % 2_500)),
    txId: `${hash.slice(0, 8)}-${hash.slice(8, 12)}-7${hash.slice(12, 15)}-8${hash.slice(15, 18)}-${hash.slice(18, 30)}`,
    reference: `KTR-${letters.slice(30, 34)}-${letters.slice(34, 38)}`,
    person: null,
    trust: 'anonymous',
  };
}

/** A few cases to which one thing after the other belongs, and many of which nothing follows. */
function chooseLane(number: number): string {
  const name = chance.next() < 0.6 ? `case ${chance.int(1, 3)}` : `alone ${number}`;
  return createHash('sha256').update(`${terminal} ${name}`).digest('base64url').slice(0, 22);
}

async function serve(): Promise<void> {
  // Whoever was not told that it was kept may send it once more: the same form, so the same transaction.
  const [unsure] = [...told.asked].filter(([txId]) => !told.kept.has(txId)).slice(-1);
  if (unsure && chance.next() < 0.5) await send(unsure[1].number, unsure[1].lane);
  for (let more = work.keeps, number = told.asked.size; more > 0; more -= 1, number += 1) {
    await wait(chance.pick([0, chance.int(0, 20), chance.int(10, 100)]));
    await send(number, chooseLane(number));
  }
  say('served');
  while (outbox.countWaiting() > 0) await wait(20);
  say('empty');
}

async function drain(): Promise<void> {
  outbox.finishChecks();
  const settled = () =>
    sync.status().standing !== null && outbox.countWaiting() === 0 && uploads.countWaiting() === 0 && outbox.losses().length === 0;
  while (!settled()) await wait(20);
  await Promise.all([sync.stop(), uploads.stop()]);
  outbox.close();
}

say('open');
sync.start();
uploads.start();
if (work.drain) await drain();
else await serve();
