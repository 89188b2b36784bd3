import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { root } from '../../../build/paths.ts';

/**
 * Bundles card-child.ts as the app's card process is bundled (build/bundle.ts): started from its sources it takes several
 * times as long, and how long a new process takes is part of what is measured.
 */
export async function bundleCardChild(folder: string): Promise<string> {
  const outfile = join(folder, 'card-child.mjs');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [join(import.meta.dirname, 'card-child.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.18',
    // By its whole path: the folder is a temporary one, without node_modules.
    alias: { pkcs11js: join(root, 'node_modules/pkcs11js/index.js') },
    external: [join(root, 'node_modules/pkcs11js/index.js')],
    banner: {
      js: "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);",
    },
    logLevel: 'silent',
  });
  await esbuild.stop();
  return outfile;
}
