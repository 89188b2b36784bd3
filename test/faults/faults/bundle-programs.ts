import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { root } from '../../../build/paths.ts';

/**
 * A protection taken out of a program, for a test, while it is bundled: the program's own files have no switch for that and
 * stay as they are. `file`: from the project's root.
 */
export type Alteration = { file: string; text: string; by: string };

/** Native code, WebAssembly and programs: loaded from where they lie. */
const loaded = {
  'better-sqlite3': 'node_modules/better-sqlite3/lib/index.js',
  '@electric-sql/pglite': 'node_modules/@electric-sql/pglite/dist/index.js',
  esbuild: 'node_modules/esbuild/lib/main.js',
};

/**
 * One file of a program and all that it imports: it is started a thousand times, and from its sources that takes twice the
 * processor. Throws when the text of an alteration is not in its file: a test that breaks nothing would notice nothing.
 */
export async function bundleProgram(entry: string, outfile: string, alterations: readonly Alteration[] = []): Promise<string> {
  const applied = new Set<Alteration>();
  const paths = Object.entries(loaded).map(([name, path]) => [name, join(root, path)] as const);
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.18',
    alias: Object.fromEntries(paths),
    external: [...paths.map(([, path]) => path), 'pg-native'],
    define: { __LOKET_BUILD__: '"demo"' },
    banner: {
      js: "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);",
    },
    plugins: [
      { name: 'sources', setup: (build) => build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({ loader: 'ts', contents: read(path) })) },
    ],
    logLevel: 'silent',
  });
  const unused = alterations.find((alteration) => !applied.has(alteration));
  if (unused) throw new Error(`nothing to alter in ${unused.file}: ${unused.text}`);
  return outfile;

  /** A module still finds the files beside it. */
  function read(path: string): string {
    let source = readFileSync(path, 'utf8');
    for (const alteration of alterations.filter(({ file }) => join(root, file) === path)) {
      if (source.includes(alteration.text)) applied.add(alteration);
      source = source.replaceAll(alteration.text, alteration.by);
    }
    return source
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
      .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
  }
}

/** esbuild's own process ends with this one otherwise. */
export const endBundling = (): Promise<void> => esbuild.stop();
