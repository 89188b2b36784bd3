import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { cache, root } from '../paths.ts';
import { run } from '../run.ts';

export type Counts = { passed: number; failed: number; skipped: number };

export const nothingRan: Counts = { passed: 0, failed: 0, skipped: 0 };

export function addCounts(one: Counts, other: Counts): Counts {
  return { passed: one.passed + other.passed, failed: one.failed + other.failed, skipped: one.skipped + other.skipped };
}

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
  success: z.boolean(),
});

/**
 * Runs some of the projects of vitest.config.ts, shows what vitest shows, and returns what it counted. `files`: only these
 * test files of theirs, as paths from the repository; none means all.
 */
export async function runVitest(
  projects: readonly string[],
  env: Record<string, string> = {},
  files: readonly string[] = [],
): Promise<Counts> {
  const report = join(cache, 'reports', `vitest-${projects.join('-')}.json`);
  await mkdir(join(cache, 'reports'), { recursive: true });
  await rm(report, { force: true });
  const args = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--passWithNoTests',
    ...projects.flatMap((name) => ['--project', name]),
    ...files,
  ];
  const { code } = await run(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'test', ...env, LOKET_TEST_REPORT: report },
    show: true,
  });
  return countsOf(await readFile(report, 'utf8').catch(() => null), code);
}

/** A run that went wrong always counts as a failure, also when no single test did: a file that could not be loaded, a crash. */
export function countsOf(report: string | null, code: number | null): Counts {
  const read = report === null ? null : Report.safeParse(JSON.parse(report));
  if (read === null || !read.success) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = read.data;
  const failed = success && code === 0 ? numFailedTests : Math.max(1, numFailedTests);
  return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
}
