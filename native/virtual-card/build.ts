import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { keepFresh } from './fresh-folder.ts';
import { makeCards } from './make-cards.ts';

const run = promisify(execFile);

/** Raise it when the generated files change shape for a reason that the hashed sources do not show. */
const format = 1;

const here = import.meta.dirname;
const project = path.resolve(here, '../..');
const headers = path.join(project, 'node_modules/pkcs11js/includes/pkcs11');
const builtFolder = path.join(project, '.cache/virtual-card');
const library = process.platform === 'darwin' ? 'libloket-virtual-card.dylib' : 'libloket-virtual-card.so';

/** The module to load, the test root (PEM) that its cards' National Register chains to, and the folder of the cards. */
export type VirtualCard = { module: string; root: string; cards: string };

/** The programs that make the cards: this one and what it imports from here, in turn. */
function makers(file = 'build.ts', known = new Set<string>()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  const imports = readFileSync(path.join(here, file), 'utf8').matchAll(/from '\.\/([a-z-]+\.(?:ts|json))'/g);
  for (const [, imported = ''] of imports) makers(imported, known);
  return known;
}

/** Everything that goes into the cards and the library: what only moves cards may change without new ones. */
export function sourceFiles(): string[] {
  const inFolder = (folder: string, ending: RegExp) =>
    readdirSync(path.join(here, folder))
      .filter((name) => ending.test(name))
      .map((name) => path.join(folder, name));
  return [...makers(), ...inFolder('module', /\.[ch]$/), ...inFolder('photos', /\.jpg$/)].sort();
}

function sourceHash(): string {
  const hash = createHash('sha256').update(`${format} ${process.platform} ${process.arch}\n`);
  for (const file of sourceFiles()) hash.update(`${file}\n`).update(readFileSync(path.join(here, file)));
  return hash.digest('hex');
}

/** libcrypto goes inside and stays hidden: Node and Electron bring another of the same names. */
async function libcrypto(compiler: string): Promise<string[]> {
  if (process.platform === 'darwin') {
    const { stdout } = await run('pkg-config', ['--cflags', '--libs', 'libcrypto']);
    return stdout.trim().split(/\s+/);
  }
  const { stdout } = await run(compiler, ['-print-file-name=libcrypto.a']);
  const found = stdout.trim();
  return [path.isAbsolute(found) ? found : '-lcrypto', '-lpthread', '-ldl'];
}

async function compile(out: string): Promise<void> {
  const compiler = process.env.CC ?? 'cc';
  const warnings = ['-Wall', '-Wextra', '-Wshadow', '-Wconversion', '-Wno-sign-conversion', '-Werror'];
  const hardening = ['-fstack-protector-strong', '-D_FORTIFY_SOURCE=2'];
  const linker = process.platform === 'darwin' ? ['-dynamiclib'] : ['-shared', '-Wl,--exclude-libs,ALL', '-Wl,-z,nodelete', '-Wl,-z,defs'];
  const sources = readdirSync(path.join(here, 'module')).filter((name) => name.endsWith('.c'));
  const flags = ['-std=gnu2x', '-O2', '-fPIC', '-fvisibility=hidden', '-D_GNU_SOURCE', ...warnings, ...hardening, `-I${headers}`];
  const files = sources.map((name) => path.join(here, 'module', name));
  await run(compiler, [...flags, '-o', out, ...files, ...linker, ...(await libcrypto(compiler))]);
}

/**
 * Compiles the module and makes the cards when the sources, the personas or the certificates' dates ask for it.
 * Needs a C compiler and libcrypto's headers (libssl-dev). Safe when several processes call it at once.
 */
export async function buildVirtualCard(): Promise<VirtualCard> {
  await keepFresh(builtFolder, {
    hash: sourceHash(),
    needs: library,
    async make(folder) {
      const [expires] = await Promise.all([makeCards(folder, path.join(here, 'photos')), compile(path.join(folder, library))]);
      return expires;
    },
  });
  return { module: path.join(builtFolder, library), root: path.join(builtFolder, 'root.pem'), cards: path.join(builtFolder, 'cards') };
}
