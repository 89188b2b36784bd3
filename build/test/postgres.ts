import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPostgres, type Postgres, startPostgres } from '../../test/harness/postgres.ts';
import { root } from '../paths.ts';
import { installPostgres } from '../ready/system.mjs';
import { lastLines, say, WorkStopped } from '../run.ts';

/**
 * A PostgreSQL of this run's own; its programs are installed where that needs no password. Null, said in a sentence, where
 * there are none and they cannot be had: on a developer's computer that is no failure, in CI (`CI=true`) it is one.
 */
export async function readyPostgres(env: NodeJS.ProcessEnv = process.env): Promise<Postgres | null> {
  if (findPostgres() === null) {
    say('Looking for PostgreSQL in the packages of this system.');
    const { ok, output } = await installPostgres();
    if (!ok || findPostgres() === null) return goWithout(env, output);
  }
  return await startPostgres();
}

function goWithout(env: NodeJS.ProcessEnv, output: string): null {
  const sentence = 'PostgreSQL is not installed here and could not be installed (on Debian and Ubuntu it is the package postgresql).';
  if (env.CI === 'true') throw new WorkStopped(`${sentence}\n${lastLines(output)}`.trimEnd());
  say(`${sentence} The tests on it are skipped; those on PGlite have run.`);
  return null;
}

/** The middleware's tests that open a database; the others would say the same a second time. */
export async function findDatabaseTests(): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob('middleware/**/*.test.ts', { cwd: root })) {
    if (/\bopenTest(Bench|Database)\(/.test(await readFile(join(root, file), 'utf8'))) found.push(file);
  }
  return found.sort();
}
