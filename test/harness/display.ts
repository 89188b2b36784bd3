import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { endChild, keep, keepFolder } from '../../build/keeper.ts';
import { WorkStopped } from '../../build/run.ts';

export type Display = {
  /** What the environment of a program with windows needs: DISPLAY, or nothing where the system has no such thing. */
  env: Record<string, string>;
  /** Whether it was started here, so that nobody sees it. */
  virtual: boolean;
  stop(): Promise<void>;
};

/** Wide enough for the kiosk's page (1080 x 1920) with the dock beside it. */
export const usualScreen = { width: 1600, height: 1920 };

/**
 * A screen to draw on: the one that is there, or a virtual one with a window manager (without one, a kiosk window does not
 * fill the screen). `own` asks for a virtual one even where a person is looking at a real one, so that tests neither
 * disturb nor are disturbed.
 */
export async function ensureDisplay(size = usualScreen, own = false): Promise<Display> {
  if (process.platform !== 'linux') return { env: {}, virtual: false, stop: async () => undefined };
  const there = process.env.DISPLAY ?? '';
  if (there !== '' && !own) return { env: { DISPLAY: there }, virtual: false, stop: async () => undefined };
  return startVirtualDisplay(size);
}

async function startVirtualDisplay(size: { width: number; height: number }): Promise<Display> {
  const home = keepFolder(await mkdtemp(join(tmpdir(), 'loket-display-')));
  // The server itself looks for a free number and says which: no two can choose the same one.
  const server = keep(
    spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${size.width}x${size.height}x24`, '-nolisten', 'tcp', '-noreset'], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    }),
  );
  try {
    const display = `:${(await firstLine(server, 3, 'The virtual screen')).trim()}`;
    const env = { DISPLAY: display };
    const manager = keep(
      // It runs this command once it manages the windows, which is how one knows.
      spawn('openbox', ['--sm-disable', '--config-file', await writeManners(home), '--startup', 'echo ready'], {
        env: { ...process.env, ...env, HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home },
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    await firstLine(manager, 1, 'The window manager of the virtual screen').catch(async (error: unknown) => {
      await endChild(manager);
      throw error;
    });
    return {
      env,
      virtual: true,
      async stop() {
        await endChild(manager);
        await endChild(server);
        await rm(home, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await endChild(server);
    await rm(home, { recursive: true, force: true });
    throw error;
  }
}

/** Windows without frames: a page is then as large as its window asks, on every machine. */
async function writeManners(home: string): Promise<string> {
  const file = join(home, 'rc.xml');
  const windows = '<applications><application class="*"><decor>no</decor></application></applications>';
  await writeFile(
    file,
    `<?xml version="1.0"?><openbox_config xmlns="http://openbox.org/3.4/rc"><theme><keepBorder>no</keepBorder></theme>${windows}</openbox_config>`,
  );
  return file;
}

function firstLine(child: ChildProcess, stream: number, what: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    let complaint = '';
    const output = child.stdio[stream] as Readable;
    output.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      if (said.includes('\n')) resolve(said.slice(0, said.indexOf('\n')));
    });
    if (stream !== 2) child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (complaint = (complaint + chunk).slice(-2000)));
    child.once('error', (error) => reject(new WorkStopped(`${what} could not be started: ${error.message}`)));
    child.once('exit', (code) => reject(new WorkStopped(`${what} stopped with code ${code ?? 'none'}.\n${complaint}`.trimEnd())));
  });
}
