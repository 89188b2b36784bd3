import { join } from 'node:path';
import type { TerminalConfig } from '../../contract/terminal-config.ts';
import { systemClock as clock } from '../clock.ts';
import { createFileAsker, type FileAsker } from '../file/ask-file.ts';
import { createHandoverAsker, type HandoverAsker } from '../file/ask-handover.ts';
import { addressPeople } from '../forms/address-people.ts';
import type { KioskNews } from '../kiosk-news.ts';
import type { Log } from '../log.ts';
import type { Services } from '../operator/assemble-status.ts';
import { type Attachments, openAttachments } from '../outbox/attachments/attachments.ts';
import { openOutbox } from '../outbox/open-outbox.ts';
import { openWhenPossible, type PatientOutbox } from '../outbox/open-when-possible.ts';
import { createProfileAsker, type ProfileAsker } from '../profile/ask-profile.ts';
import { createUploads, type Uploads } from '../sync/attachments.ts';
import { type Bundles, openBundles } from '../sync/bundles/bundles.ts';
import { chooseContents, openContents } from '../sync/bundles/contents.ts';
import { type Counter, createCounter } from '../sync/counter.ts';
import { openKeySets } from '../sync/keys/key-set.ts';
import { openLastContact } from '../sync/last-contact.ts';
import { createLine, type Line } from '../sync/line.ts';
import { createSync, type Sync } from '../sync/sync.ts';
import type { IdentityRegistry } from '../terminal/identity/registry.ts';
import type { Prepared } from '../terminal/prepare-start.ts';
import { openOrNull } from './open-or-null.ts';

const openAgainMs = 2_000;

export type Queue = Omit<Services, 'outbox' | 'attachments' | 'sync' | 'uploads'> & {
  outbox: PatientOutbox | null;
  attachments: Attachments | null;
  sync: Sync | null;
  uploads: Uploads | null;
  bundles: Pick<Bundles, 'status' | 'current'> | null;
  counter: Counter;
  fileAsker: FileAsker | null;
  handoverAsker: HandoverAsker | null;
  profileAsker: ProfileAsker | null;
  contents: ReturnType<typeof openContents>;
};

/**
 * Where transactions wait, the one line to the middleware, and all that goes over it: what waits goes up; keys, catalogue
 * and the next certificate come down; and what somebody at the kiosk needs now. Without an identity there is none of it.
 */
export function openQueue({ config, data, forms }: Prepared, registry: IdentityRegistry, log: Log, news: KioskNews): Queue {
  const { terminal, storage, municipality } = config;
  const fill = (bundle: Parameters<typeof chooseContents>[0]) => {
    const contents = chooseContents(bundle, forms, municipality.code, log);
    return { ...contents, forms: addressPeople(contents.forms, municipality.address) };
  };
  const identity = registry.current();
  if (identity === null) {
    const contents = openContents(
      () => fill(null),
      () => false,
    );
    return { ...nothing, counter: createCounter({ line: noLine, terminal, log }), contents };
  }
  // Asked anew at each request: a renewed certificate is used from the next one on.
  const line = createLine({ url: config.middleware.url, tls: () => (registry.current() ?? identity).tls });
  const keySets = openKeySets({ file: join(data, 'key-set.jws'), identity, line, clock, log });
  const outbox = openWhenPossible({
    open: (unreadable) =>
      openOutbox({ folder: join(data, 'outbox'), identity, sealKey: keySets.sealKey, clock, log, ...storage, unreadable }),
    retryMs: openAgainMs,
    log,
    onLate() {
      sync.hurry();
      uploads?.wake();
    },
  });
  const attachments = openPhotos(outbox, { data, storage }, log);
  const bundles = openBundles({
    folder: join(data, 'bundles'),
    bundleKeys: keySets.bundleKeys,
    line,
    clock,
    log,
    retryMs: config.sync.retryCapMs,
    onReady: news.contentsReady,
  });
  const contents = openContents(() => fill(bundles.current()), bundles.switchOver);
  const sync = createSync({
    outbox,
    line,
    receiptKeys: keySets.receiptKeys,
    terminal,
    clock,
    log,
    pace: config.sync,
    lastContact: openLastContact({ file: join(data, 'last-contact.json'), of: () => (registry.current() ?? identity).keyId, clock }),
    onLine(state) {
      if (state.state === 'up') uploads?.wake();
      news.redraw();
    },
    onReceived(txId, receivedAt) {
      uploads?.wake();
      news.received(txId, receivedAt);
    },
    onStuck: news.refused,
    onNews(told) {
      keySets.hear(told);
      bundles.hear(told);
      if (told.standing === 'active') registry.renewInTime(line.post, new Date(told.at));
      news.desk.noteContact();
    },
  });
  const uploads: Uploads | null =
    attachments && createUploads({ line, attachments, recordsGo: sync.isBusy, clock, log, pace: config.sync });
  const counter = createCounter({ line, terminal, log });
  const fileAsker = createFileAsker({ line, terminal, log });
  const handoverAsker = createHandoverAsker({ line, terminal, log });
  const profileAsker = createProfileAsker({ line, terminal, log });
  return { outbox, attachments, sync, uploads, keySets, bundles, counter, fileAsker, handoverAsker, profileAsker, contents };
}

const nothing = {
  outbox: null,
  attachments: null,
  sync: null,
  uploads: null,
  keySets: null,
  bundles: null,
  fileAsker: null,
  handoverAsker: null,
  profileAsker: null,
};

const noLine: Pick<Line, 'post'> = { post: () => Promise.reject(new Error('not enrolled')) };

/** Photos of papers wait beside their records. Those of forms that were never kept go once the queue knows all it holds. */
function openPhotos(
  outbox: PatientOutbox,
  { data, storage }: Pick<Prepared, 'data'> & Pick<TerminalConfig, 'storage'>,
  log: Log,
): Attachments | null {
  const attachments = openOrNull(
    () => openAttachments({ folder: data, reserveMebibytes: storage.reserveMebibytes, stateOf: outbox.stateOf }),
    () => log('storage_failed', { where: 'attachments' }),
  );
  if (attachments) outbox.afterChecks(attachments.removeLeftovers);
  return attachments;
}
