import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cache, root } from '../paths.ts';
import { run, runOrStop, say, WorkStopped } from '../run.ts';

/**
 * better-sqlite3 ships compiled for Node-API 10. On an Electron with an older one (33 has 9) that file loads and then
 * crashes, so a copy is compiled here once, for development and tests only. The app is told of it in
 * LOKET_SQLITE_BINDING and believes that only where it is needed.
 *
 * The compiler takes the last word on NAPI_VERSION: undefining it lets the sources use the experimental calls that Node 20
 * already has under that name, and the second flag keeps finalizers on the old terms.
 */
const flags = '-UNAPI_VERSION -DNAPI_EXPERIMENTAL -DNODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT';
const source = join(root, 'node_modules/better-sqlite3');
const folder = join(cache, 'better-sqlite3');
const binding = join(folder, 'better_sqlite3.node');

export const oldestNapiOfPrebuild = 10;

/** Returns the path of the compiled file. `electron` and `versions` are those of the runtime that will load it. */
export async function readySqlite(electron: string, versions: { node: string; napi: string }): Promise<string> {
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  const stamp = `better-sqlite3 ${version} ${process.platform} ${process.arch} node ${versions.node} napi ${versions.napi} ${flags}\n`;
  const known = await readFile(join(folder, 'stamp'), 'utf8').catch(() => '');
  if (known === stamp && existsSync(binding)) return binding;
  say('Compiling SQLite for this runtime, once (about a minute).');
  const work = join(folder, `work-${process.pid}`);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    const compiled = await compile(work);
    await tryOut(electron, compiled);
    await rm(join(folder, 'stamp'), { force: true });
    await rename(compiled, binding);
    await writeFile(join(folder, 'stamp'), stamp);
    return binding;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function compile(work: string): Promise<string> {
  const copy = join(work, 'better-sqlite3');
  await cp(source, copy, { recursive: true, filter: (path) => !path.startsWith(join(source, 'prebuilds')) });
  const headers = process.env.LOKET_NODE_HEADERS ?? process.env.npm_config_nodedir;
  const args = [join(root, 'node_modules/node-gyp/bin/node-gyp.js'), 'rebuild', '--release', '--force_build=1'];
  if (headers !== undefined) args.push(`--nodedir=${headers}`);
  const failed = 'SQLite could not be compiled for this runtime. A C++ compiler, make, Python 3 and the headers of Node are needed.';
  await runOrStop(failed, process.execPath, args, {
    cwd: copy,
    env: { ...process.env, CXXFLAGS: `${process.env.CXXFLAGS ?? ''} ${flags}`.trim() },
    timeoutMs: 20 * 60_000,
  });
  return join(copy, 'build/Release/better_sqlite3.node');
}

/** A wrong build does not fail to load: it takes the whole process down. So it is loaded in one that may die. */
async function tryOut(electron: string, compiled: string): Promise<void> {
  const program = `
    const Database = require(${JSON.stringify(source)});
    const db = new Database(':memory:', { nativeBinding: ${JSON.stringify(compiled)} });
    db.function('twice', (n) => n * 2);
    for (let i = 0; i < 50; i += 1) db.prepare('select twice(?) as n').get(i);
    if (global.gc) global.gc();
    process.stdout.write(db.prepare('select sqlite_version() as v').get().v);`;
  const { code, output } = await run(electron, ['-e', program], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, timeoutMs: 60_000 });
  if (code !== 0) throw new WorkStopped(`SQLite was compiled for this runtime but does not run on it (exit ${code ?? 'none'}).\n${output}`);
}
