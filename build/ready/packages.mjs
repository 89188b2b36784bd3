import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { takeLock } from '../lock.mjs';
import { fail, lastLines, runQuietly, say } from './run.mjs';

/** The Node that everything else runs on: the one that package-lock.json names, not the one the machine happens to have. */
export function toolchainNode(root) {
  return join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** The folder that holds `include/node` of the Node running now, or null: then node-gyp fetches headers. */
export function findHeaders() {
  if (process.env.npm_config_nodedir) return process.env.npm_config_nodedir;
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include/node/node_api.h')) ? prefix : null;
}

/**
 * Makes node_modules what package-lock.json says. The stamp lives inside node_modules and is written last: `npm ci`
 * empties the folder first, so an installation that was interrupted leaves none.
 */
export async function readyPackages(root) {
  if (isStamped(root)) return;
  const release = await takeLock(join(root, '.cache/locks/packages'), () =>
    say('Another Loket command is installing the npm packages. Waiting for it.'),
  );
  try {
    if (isStamped(root)) return;
    if (!isInstalled(root)) await install(root);
    writeFileSync(stampFile(root), stampOf(root));
  } finally {
    release();
  }
}

function stampFile(root) {
  return join(root, 'node_modules/.loket-stamp');
}

function stampOf(root) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${process.platform} ${process.arch} ${lock}\n`;
}

function isStamped(root) {
  try {
    return readFileSync(stampFile(root), 'utf8') === stampOf(root) && existsSync(toolchainNode(root));
  } catch {
    return false;
  }
}

/**
 * Whether npm itself already brought node_modules to the state of the lock file: a developer who adds a package should
 * not have all others deleted and fetched again. npm writes this inventory when it has finished.
 */
function isInstalled(root) {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')).packages;
    const same = (path) => present[path]?.version === wanted[path].version && present[path]?.integrity === wanted[path].integrity;
    const complete = Object.keys(wanted).every(
      (path) => path === '' || same(path) || (wanted[path].optional === true && present[path] === undefined),
    );
    const compiled = existsSync(join(root, 'node_modules/pkcs11js/build/Release/pkcs11.node')) && existsSync(toolchainNode(root));
    return complete && compiled && Object.keys(present).every((path) => path in wanted);
  } catch {
    return false;
  }
}

async function install(root) {
  say('Installing the npm packages. This takes half a minute to a few minutes, depending on the line.');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const headers = findHeaders();
  const env = { ...process.env, ...(headers === null ? {} : { npm_config_nodedir: headers }) };
  // npm tells its scripts where it is itself; without it (node called by hand) it is looked for on the PATH.
  const npm = process.env.npm_execpath;
  const result = npm
    ? await runQuietly(process.execPath, [npm, ...args], { cwd: root, env })
    : await runQuietly('npm', args, { cwd: root, env, shell: process.platform === 'win32' });
  if (result.ok && existsSync(toolchainNode(root))) return;
  process.stderr.write(`${lastLines(result.output, 40)}\n`);
  fail('The npm packages could not be installed. The lines above are what npm said.');
}
