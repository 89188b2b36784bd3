import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findHeaders, readyPackages, toolchainNode } from './ready/packages.mjs';
import { fail } from './ready/run.mjs';
import { readySystem } from './ready/system.mjs';

/**
 * `node build/ready.mjs SCRIPT.ts ARGS…`: makes a bare clone on a bare machine ready, then runs the script on the Node of
 * node_modules, which runs TypeScript as it is. Plain JavaScript without dependencies, because it runs before there are any.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oldest = [20, 19];

checkNode();
const [script, ...args] = process.argv.slice(2);
if (script === undefined) fail('Say which script to run, for example: node build/ready.mjs build/check.ts');
// The order matters: pkcs11js is compiled while its package is installed.
await readySystem();
await readyPackages(root);
run(resolve(root, script), args);

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  fail(
    `Loket needs Node ${oldest.join('.')} or newer, and this is Node ${process.versions.node}. Install a newer one from https://nodejs.org and start again.`,
  );
}

function run(path, rest) {
  const headers = findHeaders();
  const env = {
    ...process.env,
    PATH: `${join(root, 'node_modules/.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
    ...(headers === null ? {} : { LOKET_NODE_HEADERS: headers }),
    // The fourth stream carries nothing. It closes when this process is gone, however it went (see build/tether.ts).
    LOKET_TETHER: '3',
  };
  const child = spawn(toolchainNode(root), [path, ...rest], { cwd: process.cwd(), env, stdio: ['inherit', 'inherit', 'inherit', 'pipe'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${script} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 1)));
}
