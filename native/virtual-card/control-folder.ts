import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The folder through which the module's world is moved. `state` (lines of `key value`) is written by the control alone
 * and `moved` by the module alone, each replaced by renaming, so that nobody sees half of one and no lock is needed.
 */
export type Keys = Map<string, string>;

function readLines(file: string): Keys {
  const lines = readFileSync(file, 'utf8').split('\n');
  return new Map(
    lines.flatMap((line) => (line.includes(' ') ? [[line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]] : [])),
  );
}

/** What the file says, or null when it is not there. */
export function readIfThere<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

export function readKeys(dir: string): Keys {
  return readLines(path.join(dir, 'state'));
}

export function writeFile(dir: string, name: string, content: string): void {
  const next = path.join(dir, `${name}.${randomUUID()}`);
  writeFileSync(next, content, { mode: 0o600 });
  renameSync(next, path.join(dir, name));
}

export function writeKeys(dir: string, keys: Keys): void {
  writeFile(dir, 'state', [...keys].map(([key, value]) => `${key} ${value}\n`).join(''));
}

/** The first reader's keys have no number: `card`, then `card.1`. */
export function keyOf(name: string, reader: number): string {
  return reader === 0 ? name : `${name}.${reader}`;
}

/**
 * Which card a fault put into each reader; null where it took the card out. It holds for the revision of that reader in
 * which it happened: a revision later the state alone counts again.
 */
export function readMoves(dir: string, keys: Keys): Map<number, string | null> {
  const lines = readIfThere(() => readLines(path.join(dir, 'moved'))) ?? new Map<string, string>();
  return new Map(
    [...lines].flatMap(([key, value]): [number, string | null][] => {
      const reader = Number(key.split('.')[1]);
      const [revision, , card = '-'] = value.split(' ');
      return revision === (keys.get(keyOf('revision', reader)) ?? '0') ? [[reader, card === '-' ? null : card]] : [];
    }),
  );
}

/** What a folder that was a reader before still holds; files of processes that live on stay theirs. */
export function sweep(dir: string, isAlive: (pid: number) => boolean): void {
  for (const name of ['pins', 'power', 'moved', 'fault', 'keys', 'journal']) rmSync(path.join(dir, name), { recursive: true, force: true });
  for (const name of readIfThere(() => readdirSync(path.join(dir, 'holdings'))) ?? []) {
    if (!isAlive(Number(name))) rmSync(path.join(dir, 'holdings', name), { force: true });
  }
}
