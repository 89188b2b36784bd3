import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { keepFolder } from '../../../build/keeper.ts';
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

export type Programs = {
  client: string;
  middleware: string;
  proveLog: string;
  /** A folder in which what they compiled is kept for the next start. */
  compiled: string;
};

/**
 * One file for each program and all that it imports: started a thousand times, from the sources that takes twice the
 * processor, and somebody may be changing those meanwhile. Throws when the text of an alteration is not in its file: a test
 * that breaks nothing would notice nothing.
 */
export async function bundlePrograms(breaks: { client?: readonly Alteration[]; middleware?: readonly Alteration[] }): Promise<Programs> {
  home ??= mkdtemp(join(tmpdir(), 'loket-faults-programs-')).then(keepFolder);
  const folder = await home;
  const once = (entry: string, alterations: readonly Alteration[] = []): Promise<string> => {
    const name = JSON.stringify([entry, alterations]);
    const known = bundled.get(name) ?? bundle(entry, join(folder, `${bundled.size}.mjs`), alterations);
    bundled.set(name, known);
    return known;
  };
  const client = await once('test/faults/faults/client.ts', breaks.client);
  const middleware = await once('middleware/main.ts', breaks.middleware);
  const proveLog = await once('middleware/prove-log.ts');
  // Its own process would go on beside ours.
  await esbuild.stop();
  return { client, middleware, proveLog, compiled: join(folder, 'compiled') };
}

/** For as long as this process: several runs use the same. */
const bundled = new Map<string, Promise<string>>();
let home: Promise<string> | null = null;

async function bundle(entry: string, outfile: string, alterations: readonly Alteration[]): Promise<string> {
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
