import { randomUUID, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, type BrowserWindow, powerSaveBlocker, screen, session } from 'electron';
import * as z from 'zod';
import { kioskViewChannel } from '../contract/channels.ts';
import { type KioskCommand, type KioskInput, kioskCommands } from '../contract/ipc.ts';
import { type PinCommand, type PinInput, pinCommands } from '../contract/pin.ts';
import type { TerminalConfig } from '../contract/terminal-config.ts';
import { openAudit } from './audit/audit.ts';
import { loadCatalogue } from './catalogue/load-catalogue.ts';
import { systemClock as clock } from './clock.ts';
import { bundledForms } from './forms/bundled-forms.ts';
import { loadForms } from './forms/load-forms.ts';
import { createCardSupervisor } from './identity/card-supervisor.ts';
import { forkCardProcess } from './identity/fork-card-process.ts';
import { createLog } from './log.ts';
import { openOutbox } from './outbox/outbox.ts';
import { createSeal } from './outbox/seal.ts';
import { createCounter } from './sync/counter.ts';
import { createLine } from './sync/line.ts';
import { createReceiptVerifier } from './sync/receipt.ts';
import { createSync } from './sync/sync.ts';
import { type Arguments, readArguments } from './terminal/arguments.ts';
import { findKeyProblem } from './terminal/check-keys.ts';
import { readTerminalConfig } from './terminal/config.ts';
import { createKiosk } from './visit/kiosk.ts';
import { answerIpc, type Door } from './windows/answer-ipc.ts';
import { registerAppScheme, serveRenderer } from './windows/app-protocol.ts';
import { refusePermissions } from './windows/lock-down.ts';
import { openWindow, surfaceUrl } from './windows/open-window.ts';
import { createPinPage } from './windows/pin-view.ts';
import { wipeWindow } from './windows/wipe-window.ts';

/** Wires the parts, and is the only place that makes them. Read it from top to bottom to see the whole app. */

const here = import.meta.dirname;
const preload = join(here, 'preload.cjs');

function leave(sentence: string, code: number): never {
  process.stderr.write(`${sentence}\n`);
  return process.exit(code);
}

type Prepared = { args: Arguments; config: TerminalConfig; testRoots: string[]; forms: readonly unknown[] };

function prepare(): Prepared {
  const args = readArguments(process.argv.slice(1), __LOKET_BUILD__);
  if (!args.ok) return leave(args.error, 2);
  if (args.value.data) app.setPath('userData', args.value.data);
  const config = readTerminalConfig(args.value.config ?? join(app.getPath('userData'), 'loket.json'));
  if (!config.ok) return leave(config.error, 2);
  const testRoots = args.value.testRoots.map((file) => readOrLeave(file, '--test-root', readCertificate));
  const forms = args.value.forms ? readOrLeave(args.value.forms, '--forms', readBundle) : bundledForms;
  // Two apps would mean two writers of one queue and two users of one card reader.
  if (!app.requestSingleInstanceLock()) return leave('Loket is already running on this terminal: its window is shown instead.', 3);
  return { args: args.value, config: config.value, testRoots, forms };
}

function readOrLeave<T>(file: string, name: string, read: (text: string) => T): T {
  try {
    return read(readFileSync(file, 'utf8'));
  } catch {
    return leave(`The file given with ${name} is missing or is not what it should be: ${file}`, 2);
  }
}

function readCertificate(pem: string): string {
  return new X509Certificate(pem).toString();
}

function readBundle(text: string): unknown[] {
  return z.array(z.unknown()).parse(JSON.parse(text));
}

function openFile<T>(open: () => T, onFailure: () => void): T | null {
  try {
    return open();
  } catch {
    onFailure();
    return null;
  }
}

function run({ args, config, testRoots, forms }: Prepared): void {
  const data = join(app.getPath('userData'), 'loket');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const log = createLog({ file: join(data, 'loket.log'), clock });
  log('app_started', { version: app.getVersion(), build: __LOKET_BUILD__, electron: process.versions.electron ?? '' });

  // A kiosk shows no dialog with a stack: it says in the log what kind of mistake it was, and whoever watches starts it anew.
  process.on('uncaughtException', (error) => {
    log('app_failed', { kind: error.name });
    app.exit(70);
  });

  const memory = session.fromPartition('kiosk');
  refusePermissions(memory);
  serveRenderer(memory, join(here, 'renderer'));
  const pinMemory = session.fromPartition('pin');
  refusePermissions(pinMemory);
  serveRenderer(pinMemory, join(here, 'renderer'));

  const size = { width: 1080, height: Math.min(1920, screen.getPrimaryDisplay().workAreaSize.height) };
  const window = openWindow({
    surface: 'kiosk',
    session: memory,
    preload,
    size: { ...size, width: Math.min(size.width, Math.round((size.height * 270) / 480)) },
    kiosk: config.screen.kiosk,
    devTools: __LOKET_BUILD__ === 'demo',
  });
  const pinPage = createPinPage({
    window,
    session: pinMemory,
    preload,
    devTools: __LOKET_BUILD__ === 'demo',
    onGone: () => {
      log('renderer_gone', { where: 'pin' });
      kiosk.pinPageGone();
    },
  });
  const doors: Door[] = [
    {
      surface: 'kiosk',
      contents: () => (window.isDestroyed() ? null : window.webContents),
      inputs: kioskCommands,
      take: (command, input) => kiosk.take(command as KioskCommand, input as KioskInput<KioskCommand>),
    },
    {
      surface: 'pin',
      contents: () => pinPage.contents(),
      inputs: pinCommands,
      take: (command, input) => kiosk.takePin(command as PinCommand, input as PinInput<PinCommand>),
    },
  ];
  answerIpc(doors, log);
  // The page's own process takes as long to start as all that follows here: side by side, the kiosk invites sooner.
  const pageLoaded = window.loadURL(surfaceUrl.kiosk);

  const audit = openFile(
    () => openAudit({ file: join(data, 'audit.db'), clock }),
    () => log('audit_failed'),
  );
  const outbox = openFile(
    () => openOutbox({ file: join(data, 'outbox.db'), terminal: config.terminal, seal: createSeal(config.middleware.sealKey), clock }),
    () => log('storage_failed', { where: 'open' }),
  );
  const line = createLine(config.middleware);
  const sync =
    outbox &&
    createSync({
      outbox,
      line,
      verifyReceipt: createReceiptVerifier({ key: config.middleware.receiptKey, terminal: config.terminal }),
      terminal: config.terminal,
      clock,
      log,
      pace: config.sync,
      onLine: () => kiosk.redraw(),
      onReceived: (txId, receivedAt) => kiosk.received(txId, receivedAt),
      onRefused: (txId) => kiosk.refused(txId),
    });
  const card = createCardSupervisor({
    fork: () => forkCardProcess(join(here, 'card-process.js')),
    start: {
      module: args.module ?? config.card.module,
      testRoots,
      pollMs: config.card.pollMs,
      allowVirtualCard: __LOKET_BUILD__ === 'demo',
      allowDialog: config.card.dialog,
    },
    log,
    onState: (state) => kiosk.cardChanged(state),
  });

  const kiosk = createKiosk({
    config,
    forms: loadForms(forms, log),
    products: loadCatalogue(),
    outbox,
    sync,
    counter: createCounter({ line, terminal: config.terminal, log }),
    card,
    audit,
    clock,
    log,
    freshId: randomUUID,
    publish: (view) => {
      if (!window.isDestroyed()) window.webContents.send(kioskViewChannel, view);
    },
    publishPin: (view) => pinPage.show(view),
    wipe: () => wipeWindow(window, surfaceUrl.kiosk),
  });

  keepAlive(window, () => log('renderer_gone', { where: 'kiosk' }));
  app.on('second-instance', () => {
    log('second_instance');
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => app.quit());
  window.on('closed', () => app.quit());
  powerSaveBlocker.start('prevent-display-sleep');
  kiosk.start();
  const stopDemo = openDemo(args, memory, doors, { countWaiting: () => outbox?.countWaiting() ?? 0 });
  pageLoaded.then(() => {
    sync?.start();
    card.start();
  });

  let leaving = false;
  app.on('before-quit', (event) => {
    if (leaving) return;
    leaving = true;
    event.preventDefault();
    kiosk.stop();
    Promise.allSettled([card.stop(), sync?.stop(), stopDemo.then((stop) => stop?.())]).then(() => {
      outbox?.close();
      audit?.close();
      log('app_stopped');
      app.exit(0);
    });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
}

/** The dock: in the product build this is nothing, and the bundler leaves out all it would need. */
async function openDemo(
  args: Arguments,
  memory: Electron.Session,
  doors: Door[],
  parts: { countWaiting: () => number },
): Promise<(() => void) | null> {
  if (__LOKET_BUILD__ === 'demo') {
    if (!args.demoEdges) return null;
    const { openDock } = await import('./demo/open-dock.ts');
    const { door, stop } = openDock({ edgesFile: args.demoEdges, session: memory, preload, ...parts });
    doors.push(door);
    return stop;
  }
  return null;
}

/**
 * A renderer that dies or hangs takes no visit with it: the page comes back and main tells it where the person was. One
 * that dies again and again is brought back ever more slowly.
 */
function keepAlive(window: BrowserWindow, onGone: () => void): void {
  let deaths = 0;
  window.webContents.on('unresponsive', () => window.webContents.forcefullyCrashRenderer());
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    onGone();
    // Not from inside the event: the dead renderer is still being taken away.
    setTimeout(() => !window.isDestroyed() && window.loadURL(surfaceUrl.kiosk).catch(onGone), Math.min(10_000, 100 * 2 ** deaths));
    deaths += 1;
    setTimeout(() => {
      deaths -= 1;
    }, 60_000).unref();
  });
}

registerAppScheme();
const prepared = prepare();
Promise.all([app.whenReady(), findKeyProblem(prepared.config)]).then(([, problem]) => (problem ? leave(problem, 2) : run(prepared)));
