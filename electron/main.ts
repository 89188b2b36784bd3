import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { app, type BrowserWindow, powerSaveBlocker, type Session } from 'electron';
import { kioskViewChannel } from '../contract/channels.ts';
import { type KioskCommand, type KioskInput, kioskCommands } from '../contract/ipc.ts';
import { type PinCommand, type PinInput, pinCommands } from '../contract/pin.ts';
import { type Audit, openAudit } from './audit/audit.ts';
import { loadCatalogue } from './catalogue/load-catalogue.ts';
import { systemClock as clock } from './clock.ts';
import { loadForms } from './forms/load-forms.ts';
import { type CardSupervisor, createCardSupervisor } from './identity/card-supervisor.ts';
import { forkCardProcess } from './identity/fork-card-process.ts';
import { type KioskNews, relayNews } from './kiosk-news.ts';
import { createLog, type Log } from './log.ts';
import { type Outbox, openOutbox } from './outbox/outbox.ts';
import { createSeal } from './outbox/seal.ts';
import { type Counter, createCounter } from './sync/counter.ts';
import { createLine } from './sync/line.ts';
import { createReceiptVerifier } from './sync/receipt.ts';
import { createSync, type Sync } from './sync/sync.ts';
import { findKeyProblem } from './terminal/check-keys.ts';
import { leave } from './terminal/leave.ts';
import { endOnOwnMistake } from './terminal/own-mistakes.ts';
import { type Prepared, prepareStart, readOrLeave } from './terminal/prepare-start.ts';
import { quitTidily } from './terminal/quit-tidily.ts';
import { createKiosk } from './visit/kiosk.ts';
import { afterLoad } from './windows/after-load.ts';
import { answerIpc } from './windows/answer-ipc.ts';
import { registerAppScheme } from './windows/app-protocol.ts';
import { type KeptPage, keepPage } from './windows/keep-page.ts';
import { openKioskWindow } from './windows/open-kiosk-window.ts';
import { openPageSession } from './windows/page-session.ts';
import { createPinPage, type PinPage } from './windows/pin-view.ts';
import { surfaceUrl } from './windows/surfaces.ts';
import type { Door } from './windows/take-ask.ts';
import { wipeWindow } from './windows/wipe-window.ts';

/** Wires the parts, and is the only place that makes them. Read it from top to bottom to see the whole app. */

const here = import.meta.dirname;
const preload = join(here, 'preload.cjs');
const devTools = __LOKET_BUILD__ === 'demo';

const mistakes = endOnOwnMistake();
registerAppScheme();
start(prepareStart(__LOKET_BUILD__));

/** What this rejects with is a mistake of our own. */
async function start(prepared: Prepared): Promise<void> {
  const [problem] = await Promise.all([findKeyProblem(prepared.config), app.whenReady()]);
  if (problem) leave(problem, 2);
  const log = createLog({ file: join(prepared.data, 'loket.log'), clock });
  mistakes.writeTo(log);
  log('app_started', { version: app.getVersion(), build: __LOKET_BUILD__, electron: process.versions.electron ?? '' });
  run(prepared, log);
}

function run(prepared: Prepared, log: Log): void {
  const { config, forms } = prepared;
  const { news, connect } = relayNews();
  const pages = openPages(prepared, log, news);
  const { audit, outbox } = openStores(prepared, log);
  const { sync, counter } = openLine(prepared, outbox, log, news);
  const card = openCard(prepared, log, news);

  const kiosk = createKiosk({
    config,
    forms: loadForms(forms, log),
    products: loadCatalogue(),
    outbox,
    sync,
    counter,
    card,
    audit,
    clock,
    log,
    freshId: randomUUID,
    publish: (view) => {
      if (!pages.window.isDestroyed()) pages.window.webContents.send(kioskViewChannel, view);
    },
    publishPin: (view) => pages.pinPage.show(view),
    wipe: () => wipeWindow(pages),
  });
  connect(kiosk);
  kiosk.start();
  const dock = openDemo(prepared, pages, { countWaiting: () => outbox?.countWaiting() ?? 0 });
  afterLoad(pages.loaded, () => {
    sync?.start();
    card.start();
  });

  stayInSight(pages.window, log);
  quitTidily(async () => {
    kiosk.stop();
    await Promise.allSettled([card.stop(), sync?.stop(), dock.then((stop) => stop?.())]);
    outbox?.close();
    audit?.close();
    log('app_stopped');
  });
}

type Pages = {
  window: BrowserWindow;
  page: KeptPage;
  pinPage: PinPage;
  sessions: readonly [kiosk: Session, pin: Session];
  doors: Door[];
  /** Settles with the first load of the kiosk's page. */
  loaded: Promise<void>;
};

/** The kiosk's window, the page over it that takes a PIN, and what each of the two may ask. */
function openPages({ config }: Prepared, log: Log, news: KioskNews): Pages {
  const sessions = [openPageSession('kiosk', join(here, 'renderer')), openPageSession('pin', join(here, 'renderer'))] as const;
  const [memory, pinMemory] = sessions;
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
  ];
  answerIpc(doors, log);
  const page = keepPage({
    contents: window.webContents,
    url: surfaceUrl.kiosk,
    onGone: () => log('renderer_gone', { where: 'kiosk' }),
  });
  // The page's own process takes as long to start as all that follows here: side by side, the kiosk invites sooner.
  return { window, page, pinPage, sessions, doors, loaded: page.load() };
}

/** What stays on disk. Null: its file could not be opened, which the kiosk says where it matters. */
function openStores({ config, data }: Prepared, log: Log): { audit: Audit | null; outbox: Outbox | null } {
  const audit = openFile(
    () => openAudit({ file: join(data, 'audit.db'), clock }),
    () => log('audit_failed'),
  );
  const outbox = openFile(
    () => openOutbox({ file: join(data, 'outbox.db'), terminal: config.terminal, seal: createSeal(config.middleware.sealKey), clock }),
    () => log('storage_failed', { where: 'open' }),
  );
  return { audit, outbox };
}

function openFile<T>(open: () => T, onFailure: () => void): T | null {
  try {
    return open();
  } catch {
    onFailure();
    return null;
  }
}

/** The one line to the middleware, and the two that use it: for what waits, and for what somebody at the kiosk needs now. */
function openLine({ config }: Prepared, outbox: Outbox | null, log: Log, news: KioskNews): { sync: Sync | null; counter: Counter } {
  const { terminal, middleware } = config;
  const line = createLine(middleware);
  const sync =
    outbox &&
    createSync({
      outbox,
      line,
      verifyReceipt: createReceiptVerifier({ key: middleware.receiptKey, terminal }),
      terminal,
      clock,
      log,
      pace: config.sync,
      onLine: news.redraw,
      onReceived: news.received,
      onRefused: news.refused,
    });
  return { sync, counter: createCounter({ line, terminal, log }) };
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
  parts: { countWaiting: () => number },
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
