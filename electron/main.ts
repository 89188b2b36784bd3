import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, powerSaveBlocker, safeStorage } from 'electron';
import { catalogueChannel, fileChannel, kioskViewChannel, mapChannel } from '../contract/channels.ts';
import { inLanguage } from '../contract/language.ts';
import { openAudit } from './audit/audit.ts';
import { createCataloguePush } from './catalogue/push-catalogue.ts';
import { systemClock as clock } from './clock.ts';
import { relayNews } from './kiosk-news.ts';
import { createLog, type Log } from './log.ts';
import { openTownMaps } from './map/open-maps.ts';
import { createMapPush } from './map/push-map.ts';
import { createOperatorDesk } from './operator/operator-desk.ts';
import { leavePortShut } from './operator/run-export.ts';
import { createRecentCards } from './outbox/recent-card.ts';
import { askOnce } from './terminal/identity/ask-once.ts';
import { enrolByCode } from './terminal/identity/enrol-by-code.ts';
import { chooseKeyStore } from './terminal/identity/key-store.ts';
import { type IdentityRegistry, openRegistry } from './terminal/identity/registry.ts';
import { leaveNoMemoryDumps } from './terminal/no-memory-dumps.ts';
import { endOnOwnMistake } from './terminal/own-mistakes.ts';
import { type Prepared, prepareStart } from './terminal/prepare-start.ts';
import { quitTidily } from './terminal/quit-tidily.ts';
import { createKiosk } from './visit/kiosk.ts';
import { afterLoad } from './windows/after-load.ts';
import { registerAppScheme } from './windows/app-protocol.ts';
import { wipeWindow } from './windows/wipe-window.ts';
import { openDemo, openInventedPlaces } from './wiring/open-demo.ts';
import { openCard, openPrinter } from './wiring/open-edges.ts';
import { openOrNull } from './wiring/open-or-null.ts';
import { openPages } from './wiring/open-pages.ts';
import { openQueue } from './wiring/open-queue.ts';

/** Wires the parts. Made they are here and in the rooms of `wiring`, and nowhere else: read both to see the whole app. */

const enrolAgainMs = 30_000;

leaveNoMemoryDumps();
const mistakes = endOnOwnMistake();
registerAppScheme();
start(prepareStart(__LOKET_BUILD__));

/** What this rejects with is a mistake of our own. */
async function start(prepared: Prepared): Promise<void> {
  await app.whenReady();
  const log = createLog({ file: join(prepared.data, 'loket.log'), clock });
  mistakes.writeTo(log);
  log('app_started', { version: app.getVersion(), build: __LOKET_BUILD__, electron: process.versions.electron ?? '' });
  const registry = openRegistry({
    folder: join(prepared.data, 'identity'),
    terminal: prepared.config.terminal,
    url: prepared.config.middleware.url,
    keyStore: chooseKeyStore(safeStorage, process.platform),
    ask: askOnce,
    now: clock.wall,
  });
  const code = prepared.config.middleware.enrolmentCode;
  if (code !== undefined) await enrolByCode(registry, code, { log, retryMs: enrolAgainMs, onLate: startAgain });
  run(prepared, log, registry);
}

/** What was wired without an identity is wired again with one. */
function startAgain(): void {
  app.relaunch();
  app.quit();
}

function run(prepared: Prepared, log: Log, registry: IdentityRegistry): void {
  const { config, data } = prepared;
  const { news, connect } = relayNews();
  const pages = openPages(prepared, log, news);
  const audit = openOrNull(
    () => openAudit({ file: join(data, 'audit.db'), clock, log }),
    () => log('audit_failed'),
  );
  const { outbox, attachments, sync, uploads, counter, fileAsker, profileAsker, handoverAsker, contents, keySets, bundles } = openQueue(
    prepared,
    registry,
    log,
    news,
  );
  const card = openCard(prepared, log, news);
  const invented = openInventedPlaces();
  const maps = openTownMaps({ municipality: config.municipality.code, log });
  const map = () => maps.of(bundles?.current() ?? null) ?? invented.map;

  const kiosk = createKiosk({
    config,
    forms: contents.forms,
    catalogue: contents.catalogue,
    cataloguePush: createCataloguePush({
      catalogue: contents.catalogue,
      config,
      now: clock.wall,
      send: (part) => pages.send(catalogueChannel, part),
    }),
    streets: () => contents.streets ?? invented.streets,
    map,
    mapPush: createMapPush({
      map,
      send: (town) => pages.send(mapChannel, town),
    }),
    betweenVisits: contents.refill,
    outbox,
    attachments,
    enrolled: registry.current() !== null,
    recentCards: createRecentCards({ file: join(data, 'recent-cards.json'), clock }),
    sync,
    counter,
    fileAsker,
    profileAsker,
    takeAlong: { printer: openPrinter(config), ask: handoverAsker },
    card,
    audit,
    clock,
    log,
    freshId: randomUUID,
    publish: (view) => pages.send(kioskViewChannel, view),
    publishFile: (push) => pages.send(fileChannel, push),
    publishPin: (view) => pages.pinPage.show(view),
    openOperator: news.desk.open,
    wipe: () => wipeWindow(pages),
  });
  const desk = createOperatorDesk({
    config,
    folder: data,
    registry,
    services: () => ({ outbox, attachments, sync, uploads, keySets, bundles }),
    titleOf: (form, language) => {
      const title = contents.forms.get(form)?.title;
      return title ? inLanguage(title, language) : null;
    },
    chooseFolder: config.screen.kiosk ? null : () => chooseFolder(pages.window),
    audit,
    camera: kiosk.cameraProblem,
    clock,
    log,
    publish: (view) => pages.operatorPage.show(view),
    onEnrolled: startAgain,
  });
  connect(kiosk, desk);
  kiosk.start();
  const dock = openDemo(prepared, pages, {
    countWaiting: () => outbox?.countWaiting() ?? 0,
    operatorSecret: () => registry.current()?.operatorSecret ?? null,
  });
  afterLoad(pages.loaded, () => {
    sync?.start();
    uploads?.start();
    card.start();
  });

  stayInSight(pages.window, log);
  quitTidily(
    async () => {
      kiosk.stop();
      await Promise.allSettled([card.stop(), uploads?.stop(), sync?.stop(), desk.stop(), dock.then((stop) => stop?.())]);
      outbox?.close();
      audit?.close();
      log('app_stopped');
    },
    () => leavePortShut(config.storage),
  );
}

async function chooseFolder(window: BrowserWindow): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog(window, { properties: ['openDirectory', 'createDirectory'] });
  return filePaths[0] ?? null;
}

/** One window, always lit: who starts the app again sees it, and without it there is no app. */
function stayInSight(window: BrowserWindow, log: Log): void {
  app.on('second-instance', () => {
    log('second_instance');
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  window.on('closed', () => app.quit());
  powerSaveBlocker.start('prevent-display-sleep');
}
