import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { keep } from '../../build/keeper.ts';
import { type Build, bundleFolder } from '../../build/paths.ts';
import { lastLines, say, WorkStopped } from '../../build/run.ts';
import { type Runtime, readyRuntime, runtimeEnvironment } from '../../build/runtime.ts';
import { ensureDisplay, usualScreen } from './display.ts';
import type { Edges } from './edges.ts';
import { enrolTerminal } from './enrol-terminal.ts';
import { makeRunFolder } from './run-folder.ts';
import { chooseSandbox, ownerOf, writeLauncher } from './sandbox.ts';

export type LaunchOptions = {
  /** The world around the app. Without it, `configFile` says how the terminal is set up, and there is no dock. */
  edges?: Edges;
  configFile?: string;
  /** Where the app keeps its data; a folder of an earlier launch continues where that one ended. */
  dataDir?: string;
  /** Where everything else lands; see RunFolder. */
  runDir?: string;
  build?: Build;
  /** False leaves it to the app, with the code of its configuration. */
  enrol?: boolean;
  /** False leaves out the dock's window, though there are edges. */
  dock?: boolean;
  extraArgs?: readonly string[];
  /** Chromium's own picture, a file of frames (Y4M) in its place, or no camera at all. Left out: whatever this machine has. */
  camera?: 'fake' | 'none' | { file: string };
  env?: Readonly<Record<string, string>>;
  size?: { width: number; height: number };
};

export type LaunchedApp = {
  app: ElectronApplication;
  kiosk: Page;
  /** Null in the product build and without edges. */
  dock: Page | null;
  runDir: string;
  dataDir: string;
  runtime: Runtime;
  /** What the main process wrote on its two streams so far. */
  output(): string;
  /** Ends as a person would end it; after some seconds without asking. */
  close(): Promise<void>;
  /** Ends without any chance to tidy up, as when the power goes. */
  kill(): Promise<void>;
};

const windowMs = 30_000;
const closeMs = 10_000;
let noticed = false;

/** The real app with the real sandbox, driven by Playwright. The bundles must be there (build/bundle.ts). */
export async function launchApp(options: LaunchOptions): Promise<LaunchedApp> {
  const { edges, build = 'demo', size = usualScreen } = options;
  const runtime = await readyRuntime();
  const display = await ensureDisplay(size);
  const sandbox = chooseSandbox(runtime.executable);
  if (sandbox.notice !== null && !noticed) say(sandbox.notice);
  noticed = true;
  const run = makeRunFolder({ dir: options.runDir, data: options.dataDir, owner: ownerOf(sandbox) });
  if (edges !== undefined && options.enrol !== false) await enrolTerminal(edges, run.data, ownerOf(sandbox));
  const withDock = edges !== undefined && build === 'demo' && options.dock !== false;
  const configFile = options.configFile ?? edges?.configFile;
  const args = [
    bundleFolder(build),
    ...(configFile === undefined ? [] : ['--config', configFile]),
    ...['--data', run.data],
    ...(withDock ? ['--demo-edges', edges.edgesFile] : []),
    ...(edges !== undefined && build === 'demo' ? edges.appArgs : []),
    ...cameraSwitches(options.camera),
    ...(options.extraArgs ?? []),
  ];
  const app = await launchUnheard({
    executablePath:
      process.platform === 'win32' ? runtime.executable : writeLauncher(join(run.dir, 'electron.sh'), runtime.executable, sandbox),
    args,
    // Playwright would switch the sandbox off; the launcher does it where there is none to be had.
    chromiumSandbox: true,
    artifactsDir: join(run.dir, 'playwright'),
    env: { ...inherited(), ...display.env, ...runtimeEnvironment(runtime), ...edges?.env, ...run.env, ...options.env },
    cwd: run.dir,
    timeout: windowMs,
  });
  const child = keep(app.process());
  const output = collectOutput(child);
  const gone = new Promise<never>((_resolve, reject) => {
    child.once('exit', (code, signal) =>
      reject(new WorkStopped(`The app ended (${code ?? signal}) before its window was there.\n${lastLines(output())}`)),
    );
  });
  gone.catch(() => undefined);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
    await display.stop();
  };
  const close = async () => {
    const timer = setTimeout(() => child.kill('SIGKILL'), closeMs);
    await app.close().catch(() => undefined);
    await ended;
    clearTimeout(timer);
    await display.stop();
  };
  try {
    const [kiosk, dock] = await Promise.race([
      Promise.all([waitForPage(app, 'app://loket/kiosk.html'), withDock ? waitForPage(app, 'app://loket/dock.html') : null]),
      gone,
    ]);
    return { app, kiosk, dock, runDir: run.dir, dataDir: run.data, runtime, output, close, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** Chromium's media/capture/video/fake_video_capture_device_factory.h. The product build takes none of these. */
function cameraSwitches(camera: LaunchOptions['camera']): string[] {
  const device = '--use-fake-device-for-media-stream';
  if (camera === undefined) return [];
  if (camera === 'fake') return [device];
  return camera === 'none' ? [`${device}=device-count=0`] : [device, `--use-file-for-fake-video-capture=${camera.file}`];
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Playwright answers signals by closing the app and ending this process, in the middle of whatever is being tidied up. What
 * a signal means is for the program to say.
 */
async function launchUnheard(options: Parameters<typeof _electron.launch>[0]): Promise<ElectronApplication> {
  const before = new Map(signals.map((signal) => [signal, process.listeners(signal)]));
  try {
    return await _electron.launch(options);
  } finally {
    for (const [signal, known] of before) {
      for (const listener of process.listeners(signal)) if (!known.includes(listener)) process.off(signal, listener);
    }
  }
}

/** A page exists before it has an address, so each one, there already or yet to come, is asked to wait for it. */
function waitForPage(app: ElectronApplication, url: string): Promise<Page> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new Error(
            `no window showed ${url}; there are: ${app
              .windows()
              .map((page) => page.url())
              .join(', ')}`,
          ),
        ),
      windowMs,
    );
    const look = (page: Page) => {
      page.waitForURL(url, { timeout: windowMs }).then(
        () => {
          clearTimeout(timer);
          app.off('window', look);
          resolve(page);
        },
        () => undefined,
      );
    };
    app.on('window', look);
    for (const page of app.windows()) look(page);
  });
}

/** The environment without what would make Electron something else than the app. */
function inherited(): Record<string, string> {
  const left = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(ELECTRON_|NODE_OPTIONS$|npm_|LOKET_|VITEST)/.test(name),
  );
  return Object.fromEntries(left) as Record<string, string>;
}

function collectOutput(child: ReturnType<ElectronApplication['process']>): () => string {
  const said: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
  return () => Buffer.concat(said).toString('utf8');
}
