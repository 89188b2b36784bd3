import { fileURLToPath } from 'node:url';

let built: Promise<string> | null = null;

/**
 * The checker for browsers: made of the same source that this program and the terminals run, when somebody first asks.
 * As a part of a page it cannot end its own element: esbuild writes `</script` in strings as `<\/script`.
 */
export function buildScript(): Promise<string> {
  built ??= build().catch((error: unknown) => {
    built = null;
    throw error;
  });
  return built;
}

async function build(): Promise<string> {
  const esbuild = await import('esbuild');
  const { outputFiles } = await esbuild.build({
    entryPoints: [fileURLToPath(new URL('./browser.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('nothing was built');
  return file.text;
}
