import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Everything generated that a clone can do without. */
export const cache = join(root, '.cache');

export type Build = 'demo' | 'product';
export const builds: readonly Build[] = ['demo', 'product'];
/** Where a build's bundles go. */
export function bundleFolder(build: Build): string {
  return join(root, 'out', build);
}

export function isBuild(word: string): word is Build {
  return word === 'demo' || word === 'product';
}

/** Whether this file is the program, and not a module of another one. */
export function isProgram(url: string): boolean {
  return process.argv[1] !== undefined && fileURLToPath(url) === process.argv[1];
}
