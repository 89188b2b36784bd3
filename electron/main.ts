import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, powerSaveBlocker, type Session, safeStorage } from 'electron';
import type { StreetFinder } from '../contract/address.ts';
import { catalogueChannel, fileChannel, kioskViewChannel, mapChannel } from '../contract/channels.ts';
import { type KioskCommand, type KioskInput, kioskCommands } from '../contract/ipc.ts';
import { inLanguage } from '../contract/language.ts';
import type { TownMap } from '../contract/map.ts';
import { type OperatorCommand, type OperatorInput, operatorCommands } from '../contract/operator.ts';
import { type PinCommand, type PinInput, pinCommands } from '../contract/pin.ts';
import type { TerminalConfig } from '../contract/terminal-config.ts';
import { openAudit } from './audit/audit.ts';
import { createCataloguePush } from './catalogue/push-catalogue.ts';
import { systemClock as clock } from './clock.ts';
import { createFileAsker, type FileAsker } from './file/ask-file.ts';
import { createHandoverAsker, type HandoverAsker } from './file/ask-handover.ts';
import { addressPeople } from './forms/address-people.ts';
import { type CardSupervisor, createCardSupervisor } from './identity/card-supervisor.ts';
import { forkCardProcess } from './identity/fork-card-process.ts';
import { type KioskNews, relayNews } from './kiosk-news.ts';
import { createLog, type Log } from './log.ts';
import { openTownMaps } from './map/open-maps.ts';
import { createMapPush } from './map/push-map.ts';
import type { Services } from './operator/assemble-status.ts';
import { createOperatorDesk } from './operator/operator-desk.ts';
import { leavePortShut } from './operator/run-export.ts';
import { type Attachments, openAttachments } from './outbox/attachments/attachments.ts';
import { openOutbox } from './outbox/open-outbox.ts';
import { openWhenPossible, type PatientOutbox } from './outbox/open-when-possible.ts';
import { createRecentCards } from './outbox/recent-card.ts';
import { createPrinter, type Printer } from './printing/printer.ts';
import { createProfileAsker, type ProfileAsker } from './profile/ask-profile.ts';
import { createUploads, type Uploads } from './sync/attachments.ts';
import { type Bundles, openBundles } from './sync/bundles/bundles.ts';
import { chooseContents, openContents } from './sync/bundles/contents.ts';
import { type Counter, createCounter } from './sync/counter.ts';
import { openKeySets } from './sync/keys/key-set.ts';
import { openLastContact } from './sync/last-contact.ts';
import { createLine, type Line } from './sync/line.ts';
import { createSync, type Sync } from './sync/sync.ts';
import { askOnce } from './terminal/identity/ask-once.ts';
import { enrolByCode } from './terminal/identity/enrol-by-code.ts';
import { chooseKeyStore } from './terminal/identity/key-store.ts';
import { type IdentityRegistry, openRegistry } from './terminal/identity/registry.ts';
import { leaveNoMemoryDumps } from './terminal/no-memory-dumps.ts';
import { endOnOwnMistake } from './terminal/own-mistakes.ts';
import { type Prepared, prepareStart, readOrLeave } from './terminal/prepare-start.ts';
import { quitTidily } from './terminal/quit-tidily.ts';
import { createKiosk } from './visit/kiosk.ts';
import { afterLoad } from './windows/after-load.ts';
import { answerIpc } from './windows/answer-ipc.ts';
import { registerAppScheme } from './windows/app-protocol.ts';
import { type KeptPage, keepPage } from './windows/keep-page.ts';
import { openKioskWindow } from './windows/open-kiosk-window.ts';
import { createOperatorPage, hearOperatorKeys, type OperatorPage } from './windows/operator-view.ts';
import { openPageSession } from './windows/page-session.ts';
import { createPinPage, type PinPage } from './windows/pin-view.ts';
import { surfaceUrl } from './windows/surfaces.ts';
import type { Door } from './windows/take-ask.ts';
import { wipeWindow } from './windows/wipe-window.ts';

/** Wires the parts, and is the only place that makes them. Read it from top to bottom to see the whole app. */

const here = import.meta.dirname;
const preload = join(here, 'preload.cjs');
const devTools = __LOKET_BUILD__ === 'demo';
const enrolAgainMs = 30_000;
const openAgainMs = 2_000;

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
  const audit = openFile(
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
      send: (part) => {
        if (!pages.window.isDestroyed()) pages.window.webContents.send(catalogueChannel, part);
      },
    }),
    streets: () => contents.streets ?? invented.streets,
    map,
    mapPush: createMapPush({
      map,
      send: (town) => {
        if (!pages.window.isDestroyed()) pages.window.webContents.send(mapChannel, town);
      },
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
    publish: (view) => {
      if (!pages.window.isDestroyed()) pages.window.webContents.send(kioskViewChannel, view);
    },
    publishFile: (push) => {
      if (!pages.window.isDestroyed()) pages.window.webContents.send(fileChannel, push);
    },
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

type Pages = {
  window: BrowserWindow;
  page: KeptPage;
  pinPage: PinPage;
  operatorPage: OperatorPage;
  sessions: readonly [kiosk: Session, pin: Session, operator: Session];
  doors: Door[];
  /** Settles with the first load of the kiosk's page. */
  loaded: Promise<void>;
};

/** The kiosk's window, the page over it that takes a PIN, and what each of the two may ask. */
function openPages({ config }: Prepared, log: Log, news: KioskNews): Pages {
  const rendererFolder = join(here, 'renderer');
  const sessions = [
    openPageSession('kiosk', rendererFolder),
    openPageSession('pin', rendererFolder),
    openPageSession('operator', rendererFolder),
  ] as const;
  const [memory, pinMemory, operatorMemory] = sessions;
  const window = openKioskWindow({ session: memory, preload, fullScreen: config.screen.kiosk, devTools });
  const pinPage = createPinPage({
    window,
    session: pinMemory,
    preload,
    devTools,
    onGone: () => {
      log('renderer_gone', { where: 'pin' });
      news.pinPageGone();
    },
  });
  const operatorPage = createOperatorPage({
    window,
    session: operatorMemory,
    preload,
    devTools,
    onGone: () => {
      log('renderer_gone', { where: 'operator' });
      news.desk.close();
    },
  });
  hearOperatorKeys(window.webContents, () => news.take('operator.open', {}));
  const doors: Door[] = [
    {
      surface: 'kiosk',
      contents: () => (window.isDestroyed() ? null : window.webContents),
      inputs: kioskCommands,
      take: (command, input) => news.take(command as KioskCommand, input as KioskInput<KioskCommand>),
    },
    {
      surface: 'pin',
      contents: () => pinPage.contents(),
      inputs: pinCommands,
      take: (command, input) => news.takePin(command as PinCommand, input as PinInput<PinCommand>),
    },
    {
      surface: 'operator',
      contents: () => operatorPage.contents(),
      inputs: operatorCommands,
      take: (command, input) => news.desk.take(command as OperatorCommand, input as OperatorInput<OperatorCommand>),
    },
  ];
  answerIpc(doors, log);
  const page = keepPage({
    contents: window.webContents,
    url: surfaceUrl.kiosk,
    onGone: () => log('renderer_gone', { where: 'kiosk' }),
  });
  // The page's own process takes as long to start as all that follows here: side by side, the kiosk invites sooner.
  return { window, page, pinPage, operatorPage, sessions, doors, loaded: page.load() };
}

function openFile<T>(open: () => T, onFailure: () => void): T | null {
  try {
    return open();
  } catch {
    onFailure();
    return null;
  }
}

type Queue = Omit<Services, 'outbox' | 'attachments' | 'sync' | 'uploads'> & {
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
function openQueue({ config, data, forms }: Prepared, registry: IdentityRegistry, log: Log, news: KioskNews): Queue {
  const { terminal, storage, municipality } = config;
  const fill = (bundle: Parameters<typeof chooseContents>[0]) => {
    const contents = chooseContents(bundle, forms, municipality.code, log);
    return { ...contents, forms: addressPeople(contents.forms, municipality.address) };
  };
  const identity = registry.current();
  if (identity === null) {
    const line: Pick<Line, 'post'> = { post: () => Promise.reject(new Error('not enrolled')) };
    const contents = openContents(
      () => fill(null),
      () => false,
    );
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
    return { ...nothing, counter: createCounter({ line, terminal, log }), contents };
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

/** Photos of papers wait beside their records. Those of forms that were never kept go once the queue knows all it holds. */
function openPhotos(
  outbox: PatientOutbox,
  { data, storage }: Pick<Prepared, 'data'> & Pick<TerminalConfig, 'storage'>,
  log: Log,
): Attachments | null {
  const attachments = openFile(
    () => openAttachments({ folder: data, reserveMebibytes: storage.reserveMebibytes, stateOf: outbox.stateOf }),
    () => log('storage_failed', { where: 'attachments' }),
  );
  if (attachments) outbox.afterChecks(attachments.removeLeftovers);
  return attachments;
}

/** A product prints on paper or not at all: a file of it would stay behind. */
function openPrinter({ printing }: TerminalConfig): Printer | null {
  if (printing === null || (printing.to === 'folder' && __LOKET_BUILD__ === 'product')) return null;
  return createPrinter(printing, randomUUID);
}

function openCard({ args, config, testRoots }: Prepared, log: Log, news: KioskNews): CardSupervisor {
  return createCardSupervisor({
    fork: () => forkCardProcess(join(here, 'card-process.js')),
    start: {
      module: args.module ?? config.card.module,
      testRoots,
      pollMs: config.card.pollMs,
      allowVirtualCard: __LOKET_BUILD__ === 'demo',
      allowDialog: config.card.dialog,
    },
    log,
    onState: news.cardChanged,
  });
}

/** The dock: in the product build this is nothing, and the bundler leaves out all it would need. */
async function openDemo(
  { args }: Prepared,
  { sessions: [session], doors }: Pages,
  parts: { countWaiting: () => number; operatorSecret: () => string | null },
): Promise<(() => void) | null> {
  if (__LOKET_BUILD__ === 'demo') {
    if (!args.demoEdges) return null;
    const { openDock } = await import('./demo/open-dock.ts');
    const { readEdges } = await import('./demo/edges.ts');
    const edges = readOrLeave(args.demoEdges, '--demo-edges', readEdges);
    const { door, stop } = openDock({ edges, session, preload, ...parts });
    doors.push(door);
    return stop;
  }
  return null;
}

/** In a demo there is no bundle with a copy of the register and a map; the product never has these. */
function openInventedPlaces(): { streets: StreetFinder | null; map: TownMap | null } {
  const invented: ReturnType<typeof openInventedPlaces> = { streets: null, map: null };
  if (__LOKET_BUILD__ === 'demo') {
    void import('./demo/demo-streets.ts').then(({ demoStreets }) => {
      invented.streets = demoStreets;
    });
    void import('./demo/demo-map.ts').then(({ demoMap }) => {
      invented.map = demoMap;
    });
  }
  return invented;
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
