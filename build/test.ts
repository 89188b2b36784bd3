import { check } from './check.ts';
import { root } from './paths.ts';
import { prepare } from './prepare.ts';
import { proofs } from './proofs.ts';
import { readOptions } from './read-options.ts';
import { run, runProgram, say } from './run.ts';
import { addCounts, type Counts, nothingRan, runVitest } from './test/run-vitest.ts';

const usage = `npm test

Types, linter, unit tests, the middleware's again on a real PostgreSQL, a short round of each proof, and the journeys through
the real app. It takes no options; for a part of it there are npm run check, npm run prove and npm run yank.`;

/** `npm test`: everything, in the order in which a mistake is cheapest to find. */
async function test(): Promise<Counts> {
  say('\n== Preparing');
  await prepare(['demo', 'product'], { virtualCard: true });
  const checked = await check();
  if (checked.failed > 0) return checked;
  const stored = addCounts(checked, await testOnPostgres());
  if (stored.failed > 0) return stored;
  const proven = addCounts(stored, await runShortProofs());
  if (proven.failed > 0) return proven;
  say('\n== Journeys through the real app');
  const { ensureDisplay } = await import('../test/harness/display.ts');
  const display = await ensureDisplay(undefined, true);
  try {
    return addCounts(proven, await runVitest(['journeys'], display.env));
  } finally {
    await display.stop();
  }
}

/** The unit tests ran on the PostgreSQL inside PGlite, which has one door: locks and two instances show only here. */
async function testOnPostgres(): Promise<Counts> {
  say('\n== The middleware on a real PostgreSQL');
  const { findDatabaseTests, readyPostgres } = await import('./test/postgres.ts');
  const postgres = await readyPostgres();
  if (postgres === null) return { ...nothingRan, skipped: 1 };
  try {
    return await runVitest(['units'], { DATABASE_URL: postgres.url }, await findDatabaseTests());
  } finally {
    await postgres.stop();
  }
}

async function runShortProofs(): Promise<Counts> {
  let counts = nothingRan;
  for (const { name, what, short } of proofs) {
    if (short === null) continue;
    say(`\n== Proof, a short round: ${name}. ${what}`);
    const { code } = await run(process.execPath, short, { cwd: root, show: true });
    counts = addCounts(counts, code === 0 ? { ...nothingRan, passed: 1 } : { ...nothingRan, failed: 1 });
  }
  return counts;
}

await runProgram(async () => {
  readOptions(usage, {});
  const { passed, failed, skipped } = await test();
  say(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed === 0 && passed > 0 ? 0 : 1;
});
