import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../paths.ts';

const folders = ['contract', 'native', 'electron', 'renderer', 'build'];
const files = ['package.json', 'package-lock.json', 'tsconfig.json'];

/** A hash over everything that can change a bundle. Tests cannot. */
export async function hashSources(): Promise<string> {
  const found = (await Promise.all(folders.map(listFolder))).flat();
  const hash = createHash('sha256');
  for (const path of [...files, ...found].sort()) {
    const content = await readFile(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function listFolder(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
