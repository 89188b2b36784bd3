import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readIfThere } from './control-folder.ts';
import { isAlive } from './holdings.ts';

/** Where a demo that runs on this machine says where its reader is, so that a command in another terminal finds it. */
const defaultFolder = path.resolve(import.meta.dirname, '../../.cache/readers');

/** One file per demo, named after its process. Returns what takes it away; a demo that was killed is passed over. */
export function announceReader(reader: string, folder = defaultFolder): () => void {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, String(process.pid));
  writeFileSync(file, path.resolve(reader));
  return () => rmSync(file, { force: true });
}

/** The readers of the demos that run now. */
export function findReaders(folder = defaultFolder): string[] {
  const running = (readIfThere(() => readdirSync(folder)) ?? []).filter((name) => isAlive(Number(name)));
  return running.flatMap((name) => readIfThere(() => readFileSync(path.join(folder, name), 'utf8')) ?? []);
}
