import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFolder, cache, root } from '../paths.ts';

/** What the bundle cannot hold: modules with compiled parts. Of each, what is read when it runs, and for this machine alone. */
const compiled: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['LICENSE', 'lib', `prebuilds/${process.platform}-${process.arch}.node`],
  pkcs11js: ['LICENSE', 'index.js', 'build/Release/pkcs11.node'],
};

/** Lays out the product as it will lie in the package: the bundle, and beside it those modules without their sources. */
export async function stageProduct(): Promise<string> {
  const stage = join(cache, 'package/app');
  await rm(stage, { recursive: true, force: true });
  await mkdir(stage, { recursive: true });
  await cp(bundleFolder('product'), stage, { recursive: true });
  const dependencies: Record<string, string> = {};
  for (const [name, paths] of Object.entries(compiled)) {
    const from = join(root, 'node_modules', name);
    const into = join(stage, 'node_modules', name);
    for (const path of paths) await cp(join(from, path), join(into, path), { recursive: true });
    const { version, license, main } = JSON.parse(await readFile(join(from, 'package.json'), 'utf8'));
    await writeFile(join(into, 'package.json'), JSON.stringify({ name, version, license, main }));
    dependencies[name] = version;
  }
  const about = JSON.parse(await readFile(join(stage, 'package.json'), 'utf8'));
  await writeFile(join(stage, 'package.json'), `${JSON.stringify({ ...about, dependencies }, null, 2)}\n`);
  return stage;
}
