import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import * as vite from 'vite';
import { hashSources } from './bundle/sources.ts';
import { takeLock } from './lock.mjs';
import { type Build, builds, bundleFolder, cache, isBuild, isProgram, root } from './paths.ts';
import { readOptions, refuseWords } from './read-options.ts';
import { runProgram, say, WorkStopped } from './run.ts';

const usage = `npm run bundle -- [demo] [product] [--force]

Bundles the app into out/demo and out/product, or into the one that is named, where its sources changed.

  --force  bundles it again all the same`;

/** What the demo alone may do is dropped from the product while bundling, not switched off while running. */
export async function bundle(which: readonly Build[] = builds, force = false): Promise<void> {
  const release = await takeLock(join(cache, 'locks/bundle'), () => say('Another Loket command is bundling. Waiting for it.'));
  try {
    const sources = await hashSources();
    const stale: Build[] = [];
    for (const build of which) if (force || !(await isFresh(build, sources))) stale.push(build);
    if (stale.length === 0) return;
    say(`Bundling the app (${stale.join(' and ')}).`);
    for (const build of stale) await bundleOne(build, sources);
  } finally {
    // Its helper process would stay for as long as this one.
    await esbuild.stop();
    release();
  }
}

async function isFresh(build: Build, sources: string): Promise<boolean> {
  const stamp = await readFile(stampFile(build), 'utf8').catch(() => '');
  return stamp === sources && existsSync(join(bundleFolder(build), 'package.json'));
}

function stampFile(build: Build): string {
  return join(cache, 'stamps', `bundle-${build}`);
}

async function bundleOne(build: Build, sources: string): Promise<void> {
  const draft = `${bundleFolder(build)}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  try {
    // All of them to their end, even when one fails: none may still be writing while the draft is cleared away.
    const parts = await Promise.allSettled([bundleMain(build, draft), bundlePreload(build, draft), bundleRenderer(build, draft)]);
    const failed = parts.find((part) => part.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    await writePackage(draft);
    await rm(stampFile(build), { force: true });
    await rm(bundleFolder(build), { recursive: true, force: true });
    await rename(draft, bundleFolder(build));
    await mkdir(join(cache, 'stamps'), { recursive: true });
    await writeFile(stampFile(build), sources);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function common(build: Build): esbuild.BuildOptions & { metafile: true } {
  return {
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    // Constant conditions are folded, so that what only the demo reaches is never in the product.
    minify: true,
    treeShaking: true,
    define: { __LOKET_BUILD__: JSON.stringify(build) },
    sourcemap: build === 'demo' ? 'linked' : false,
    legalComments: 'none',
    logLevel: 'silent',
  };
}

async function bundleMain(build: Build, draft: string): Promise<void> {
  const result = await reportErrors(
    esbuild.build({
      ...common(build),
      entryPoints: { main: 'electron/main.ts', 'card-process': 'native/card-process.ts' },
      outdir: draft,
      platform: 'node',
      format: 'esm',
      // What is imported later becomes a file of its own: neither PDF nor HTTP client is read before somebody needs it.
      splitting: true,
      // Node of Electron 33, the oldest runtime.
      target: 'node20.18',
      external: ['electron', 'better-sqlite3', 'pkcs11js'],
      // Packages written for `require` look for it, and an ES module has none.
      banner: {
        js: "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);",
      },
    }),
  );
  refuseDemoCode(build, result.metafile);
}

async function bundlePreload(build: Build, draft: string): Promise<void> {
  const result = await reportErrors(
    esbuild.build({
      ...common(build),
      entryPoints: ['electron/preload.ts'],
      outfile: join(draft, 'preload.cjs'),
      platform: 'node',
      // A sandboxed preload is not a module, and can require nothing but electron.
      format: 'cjs',
      target: 'chrome130',
      external: ['electron'],
    }),
  );
  refuseDemoCode(build, result.metafile);
}

function refuseDemoCode(build: Build, metafile: esbuild.Metafile): void {
  if (build === 'demo') return;
  for (const output of Object.values(metafile.outputs)) {
    const found = Object.entries(output.inputs).find(([path, use]) => isDemoSource(path) && use.bytesInOutput > 0);
    if (found === undefined) continue;
    // The bundler sees a branch as dead only when its condition is; what follows an early return it keeps.
    throw new Error(`the product bundle holds demo code: ${found[0]}. Import it inside if (__LOKET_BUILD__ === 'demo') { … }`);
  }
}

function isDemoSource(path: string): boolean {
  return /^(electron\/demo|native\/virtual-card|middleware|test)\//.test(path);
}

async function reportErrors<T>(building: Promise<T>): Promise<T> {
  return building.catch(async (error: unknown) => {
    const errors = (error as Partial<esbuild.BuildFailure>).errors;
    if (errors === undefined) throw error;
    throw new WorkStopped(
      'The app could not be bundled.\n' + (await esbuild.formatMessages(errors, { kind: 'error', color: false })).join('\n'),
    );
  });
}

/** Into `draft`/renderer. */
export async function bundleRenderer(build: Build, draft: string): Promise<void> {
  const before = process.env.NODE_ENV;
  // Vite takes the word that it finds: with another one React's development calls are written, and its production build lacks them.
  process.env.NODE_ENV = 'production';
  try {
    await vite.build({ configFile: join(root, 'build/vite.config.ts'), mode: build, build: { outDir: join(draft, 'renderer') } });
  } catch (error) {
    throw new WorkStopped(`The screens could not be bundled.\n${error instanceof Error ? error.message : String(error)}`);
  } finally {
    // What is started afterwards would inherit it.
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

async function writePackage(draft: string): Promise<void> {
  const { name, productName, version, description, author } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const about = { name, productName, version, description, author, private: true, type: 'module', main: 'main.js' };
  await writeFile(join(draft, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
}

if (isProgram(import.meta.url)) {
  await runProgram(async () => {
    const { values, positionals } = readOptions(usage, { allowPositionals: true, options: { force: { type: 'boolean', default: false } } });
    const unknown = positionals.find((word) => !isBuild(word));
    if (unknown !== undefined) refuseWords(`There is no build "${unknown}".`, usage);
    const which = positionals.filter(isBuild);
    await bundle(which.length === 0 ? builds : which, values.force);
    return 0;
  });
}
