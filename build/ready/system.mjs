import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fail, findCommand, lastLines, runQuietly, say, tryCommand } from './run.mjs';

/**
 * What the system must bring: a compiler for pkcs11js (and for the test runtime's SQLite), OpenSSL for the virtual card,
 * the libraries of Electron that no npm package carries, and a screen where there is none.
 *
 * The names differ by distribution; where one distribution has two names for a thing (Debian 13 and Ubuntu 24.04 renamed
 * libraries for 64-bit time), both are given and the first that exists is taken.
 */
const needs = [
  {
    what: 'a C++ compiler',
    has: () => hasCommand('c++', 'g++', 'clang++') && hasCommand('cc', 'gcc', 'clang'),
    apt: ['g++'],
    dnf: 'gcc-c++',
    pacman: 'gcc',
    zypper: 'gcc-c++',
  },
  { what: 'make', has: () => hasCommand('make'), apt: ['make'], dnf: 'make', pacman: 'make', zypper: 'make' },
  {
    what: 'Python 3',
    has: () => tryCommand('python3', ['--version']).ok,
    apt: ['python3'],
    dnf: 'python3',
    pacman: 'python',
    zypper: 'python3',
  },
  {
    what: 'the OpenSSL headers',
    has: hasOpenSsl,
    apt: ['libssl-dev'],
    dnf: 'openssl-devel',
    pacman: 'openssl',
    zypper: 'libopenssl-devel',
    brew: 'openssl@3',
  },
  {
    what: 'GTK 3',
    linux: true,
    has: () => hasLibrary('libgtk-3.so.0'),
    apt: ['libgtk-3-0t64', 'libgtk-3-0'],
    dnf: 'gtk3',
    pacman: 'gtk3',
    zypper: 'libgtk-3-0',
  },
  { what: 'NSS', linux: true, has: () => hasLibrary('libnss3.so'), apt: ['libnss3'], dnf: 'nss', pacman: 'nss', zypper: 'mozilla-nss' },
  {
    what: 'ALSA',
    linux: true,
    has: () => hasLibrary('libasound.so.2'),
    apt: ['libasound2t64', 'libasound2'],
    dnf: 'alsa-lib',
    pacman: 'alsa-lib',
    zypper: 'libasound2',
  },
  {
    what: 'GBM',
    linux: true,
    has: () => hasLibrary('libgbm.so.1'),
    apt: ['libgbm1'],
    dnf: 'mesa-libgbm',
    pacman: 'mesa',
    zypper: 'libgbm1',
  },
  {
    what: 'a font',
    linux: true,
    has: hasFont,
    apt: ['fonts-dejavu-core'],
    dnf: 'dejavu-sans-fonts',
    pacman: 'ttf-dejavu',
    zypper: 'dejavu-fonts',
  },
  {
    what: 'a virtual screen',
    linux: true,
    has: () => hasScreen() || hasCommand('Xvfb'),
    apt: ['xvfb'],
    dnf: 'xorg-x11-server-Xvfb',
    pacman: 'xorg-server-xvfb',
    zypper: 'xorg-x11-server-Xvfb',
  },
  {
    what: 'a window manager for the virtual screen',
    linux: true,
    has: () => hasScreen() || hasCommand('openbox'),
    apt: ['openbox'],
    dnf: 'openbox',
    pacman: 'openbox',
    zypper: 'openbox',
  },
];

function hasCommand(...names) {
  return names.some((name) => findCommand(name) !== null);
}

/** A screen that a person looks at. Wayland alone does not count: Electron is started on X. */
function hasScreen() {
  return (process.env.DISPLAY ?? '') !== '';
}

let knownLibraries;
function hasLibrary(name) {
  if (knownLibraries === undefined) {
    const ldconfig = findCommand('ldconfig');
    knownLibraries = ldconfig === null ? '' : tryCommand(ldconfig, ['-p']).output;
  }
  if (knownLibraries.includes(`${name} `)) return true;
  const folders = ['/usr/lib', '/usr/lib64', '/lib', '/lib64', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'];
  return folders.some((folder) => existsSync(join(folder, name)));
}

function hasOpenSsl() {
  if (process.platform === 'darwin') {
    return ['/opt/homebrew/opt/openssl@3', '/usr/local/opt/openssl@3'].some((folder) => existsSync(join(folder, 'include/openssl/evp.h')));
  }
  const compiler = findCommand('cc') ?? findCommand('gcc') ?? findCommand('clang');
  if (compiler === null) return existsSync('/usr/include/openssl/evp.h');
  return tryCommand(compiler, ['-E', '-x', 'c', '-'], { input: '#include <openssl/evp.h>\n', stdio: ['pipe', 'ignore', 'ignore'] }).ok;
}

function hasFont() {
  return ['/usr/share/fonts', '/usr/local/share/fonts', join(homedir(), '.local/share/fonts'), join(homedir(), '.fonts')].some((folder) => {
    try {
      return readdirSync(folder, { recursive: true }).some((name) => /\.(ttf|otf|ttc)$/i.test(String(name)));
    } catch {
      return false;
    }
  });
}

function findMissing() {
  knownLibraries = undefined;
  return needs.filter((need) => (need.linux !== true || process.platform === 'linux') && !need.has());
}

function packageManager() {
  return ['apt', 'dnf', 'pacman', 'zypper', 'brew'].find((name) => hasCommand(name === 'apt' ? 'apt-get' : name)) ?? null;
}

/** The first of a package's names that this release of the distribution has. */
function aptName(names) {
  return names.find((name) => /Candidate: (?!\(none\))/.test(tryCommand('apt-cache', ['policy', name]).output)) ?? names[names.length - 1];
}

function nameIn(manager, need) {
  return manager === 'apt' ? aptName(need.apt) : need[manager];
}

const installCommand = {
  apt: 'apt-get install -y --no-install-recommends',
  dnf: 'dnf install -y',
  pacman: 'pacman -S --needed --noconfirm',
  zypper: 'zypper install -y',
  brew: 'brew install',
};

/** Nothing to type for whoever may install: root, or a user whom sudo does not ask. Null when neither holds. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return hasCommand('sudo') && tryCommand('sudo', ['-n', 'true']).ok ? ['sudo', '-n', 'env', 'DEBIAN_FRONTEND=noninteractive'] : null;
}

async function installWithApt(prefix, missing) {
  const run = (...args) => {
    const [command, ...rest] = [...prefix, 'apt-get', '-o', 'DPkg::Lock::Timeout=600', ...args];
    return runQuietly(command, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  };
  // Without a fresh list a machine that was set up long ago asks for versions that are no longer there.
  const updated = await run('update');
  const names = missing.map((need) => aptName(need.apt));
  say(`Installing ${names.length === 1 ? 'a system package' : `${names.length} system packages`}: ${names.join(' ')}.`);
  const installed = await run('install', '-y', '--no-install-recommends', ...names);
  return installed.ok ? installed : { ok: false, output: updated.ok ? installed.output : `${updated.output}\n${installed.output}` };
}

/** Ends the program with the one command to run when something is missing that it may not install itself. */
export async function readySystem() {
  // On Windows the compiler comes with Visual Studio; when it is missing, the failing installation says so.
  if (process.platform === 'win32') return;
  const missing = findMissing();
  if (missing.length === 0) return;
  const manager = packageManager();
  const list = missing.map((need) => need.what).join(', ');
  const prefix = rootPrefix();
  if (manager === 'apt' && prefix !== null) {
    say(`This computer still lacks: ${list}.`);
    const result = await installWithApt(prefix, missing);
    const left = findMissing();
    if (left.length === 0) return;
    process.stderr.write(`${lastLines(result.output)}\n`);
    fail(`These could not be installed: ${left.map((need) => need.what).join(', ')}. The lines above say why.`);
  }
  fail(`This computer still lacks: ${list}.\n${adviceFor(manager, missing)}`);
}

/** Debian's packages make a server of their own and start it, unless they are told not to before they are there. */
const noCluster = '/etc/postgresql-common/createcluster.d/loket.conf';

/**
 * PostgreSQL's programs, and no running server, where that takes no question: with apt, for whoever may install. `ok` says
 * whether it could; `output` what apt said when it could not.
 */
export async function installPostgres() {
  const prefix = rootPrefix();
  if (prefix === null || packageManager() !== 'apt') return { ok: false, output: '' };
  const write = 'mkdir -p "$(dirname "$1")" && echo "create_main_cluster = false" > "$1"';
  const asRoot = (...words) => {
    const [command, ...rest] = [...prefix, ...words];
    tryCommand(command, rest);
  };
  asRoot('sh', '-c', write, 'sh', noCluster);
  try {
    return await installWithApt(prefix, [{ apt: ['postgresql'] }]);
  } finally {
    asRoot('rm', '-f', noCluster);
  }
}

function adviceFor(manager, missing) {
  if (process.platform === 'darwin' && missing.some((need) => need.brew === undefined)) {
    return 'Install the command line tools with this command, then start again:\n\n  xcode-select --install\n';
  }
  const names = manager === null ? [] : missing.map((need) => nameIn(manager, need)).filter((name) => name !== undefined);
  if (names.length === 0) return 'Install them with the package manager of this system, then start again.';
  const sudo = manager === 'brew' || process.getuid?.() === 0 ? '' : 'sudo ';
  return `Install it with this command, then start again:\n\n  ${sudo}${installCommand[manager]} ${names.join(' ')}\n`;
}
