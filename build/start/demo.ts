import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { announceReader } from '../../native/virtual-card/running-readers.ts';
import { ensureDisplay } from '../../test/harness/display.ts';
import { type Edges, startEdges } from '../../test/harness/edges.ts';
import { makeRunFolder } from '../../test/harness/run-folder.ts';
import { chooseSandbox, ownerOf } from '../../test/harness/sandbox.ts';
import { endChild, keep } from '../keeper.ts';
import { bundleFolder } from '../paths.ts';
import { lastLines, say } from '../run.ts';
import { readyRuntime, runtimeEnvironment } from '../runtime.ts';
import { hearSignals } from './stopping.ts';

export type DemoOptions = { folder: string; keep: string | undefined; module: string | undefined; testRoots: readonly string[] };

/** Middleware, virtual card, kiosk and dock, until the window is closed or somebody presses Ctrl-C. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const stopping = hearSignals();
  const display = await ensureDisplay();
  try {
    say(options.module === undefined ? 'Starting the middleware and the virtual card.' : 'Starting the middleware.');
    const edges = await startEdges({
      dir: join(options.folder, 'edges'),
      module: options.module,
      testRoots: options.testRoots,
      keep: options.keep !== undefined,
    });
    // So that `npm run card` in another terminal finds the reader of this demo.
    const reader = edges.card === null ? undefined : edges.env.LOKET_VIRTUAL_CARD;
    const forget = reader === undefined ? () => undefined : announceReader(reader);
    try {
      if (stopping.signal.aborted) return 0;
      return await showApp(options, edges, display.env, stopping.signal);
    } finally {
      forget();
      await edges.stop();
    }
  } finally {
    await display.stop();
  }
}

async function showApp(options: DemoOptions, edges: Edges, screen: Record<string, string>, stop: AbortSignal): Promise<number> {
  const runtime = await readyRuntime();
  const sandbox = chooseSandbox(runtime.executable);
  if (sandbox.notice !== null) say(sandbox.notice);
  const run = makeRunFolder({ dir: join(options.folder, 'run'), data: join(options.folder, 'data'), owner: ownerOf(sandbox) });
  const words = [...sandbox.prefix, runtime.executable, ...sandbox.switches, bundleFolder('demo')];
  const [command = runtime.executable, ...args] = [
    ...words,
    ...['--config', edges.configFile, '--data', run.data, '--demo-edges', edges.edgesFile],
    ...edges.appArgs,
  ];
  // The person's own desktop needs its own runtime folder (sound, Wayland, D-Bus); only what the app writes is led elsewhere.
  const { XDG_RUNTIME_DIR: _, HOME: __, ...folders } = run.env;
  const app = keep(
    spawn(command, args, {
      env: { ...process.env, ...screen, ...runtimeEnvironment(runtime), ...edges.env, ...folders },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const output = collect(app);
  const { origin, operator } = edges.middleware;
  say(`The kiosk and the dock are opening. What the middleware receives can be seen at ${origin}/operator`);
  say(`by the operator ${operator.name}, password ${operator.password} (the browser does not know this demo's certificate).`);
  say('Closing the kiosk, or Ctrl-C here, stops everything.');
  stop.addEventListener('abort', () => endChild(app));
  if (stop.aborted) await endChild(app);
  const code = await ended(app);
  if (stop.aborted || code === 0) {
    say('Everything has stopped.');
    return 0;
  }
  process.stderr.write(`The app stopped by itself (${code ?? 'killed'}). Its last words:\n${lastLines(withoutNoise(output()))}\n`);
  return 1;
}

/** Without D-Bus and without a graphics card Chromium complains at every start, and nothing is wrong. */
function withoutNoise(output: string): string {
  const lines = output.split('\n').filter((line) => !/:ERROR:(bus|viz_main_impl|gl_.*)\.cc/.test(line));
  return lines.join('\n');
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', reject);
  });
}

function collect(child: ChildProcess): () => string {
  let said = '';
  const add = (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-20_000);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return () => said;
}
