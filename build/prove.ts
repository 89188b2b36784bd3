import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem, type } from 'node:os';
import { join, relative } from 'node:path';
import { root } from './paths.ts';
import { prepare } from './prepare.ts';
import { type Proof, proofs } from './proofs.ts';
import { readOptions } from './read-options.ts';
import { run, runProgram, say } from './run.ts';
import type { Runtime } from './runtime.ts';

const usage = `npm run prove

Every proof at full size, which takes long, and a dated report in docs/reports/. It takes no options.`;

type Outcome = { proof: Proof; round: number; holds: boolean; seconds: number; figures: Record<string, unknown> | null; said: string };

/** `npm run prove`: every proof at full size, and a dated report with what came out, red or green. */
async function prove(): Promise<boolean> {
  const runtime = await prepare(['demo', 'product'], { virtualCard: true });
  const { ensureDisplay } = await import('../test/harness/display.ts');
  const display = await ensureDisplay(undefined, true);
  const outcomes: Outcome[] = [];
  try {
    for (const proof of proofs) {
      for (let round = 1; round <= (proof.rounds ?? 1); round += 1) {
        say(`\n== ${titleOf({ proof, round })}. ${proof.what}`);
        const outcome = await runProof(proof, round, display.env);
        say(outcome.holds ? `It holds (${outcome.seconds} s).` : `It does not hold (${outcome.seconds} s):\n${outcome.said}`);
        outcomes.push(outcome);
      }
    }
  } finally {
    await display.stop();
  }
  const file = join(root, 'docs/reports', `${today()}.md`);
  await mkdir(join(root, 'docs/reports'), { recursive: true });
  await writeFile(file, report(outcomes, runtime));
  say(`\nThe report is in ${relative(root, file)}.`);
  return outcomes.every((outcome) => outcome.holds);
}

async function runProof(proof: Proof, round: number, env: Record<string, string>): Promise<Outcome> {
  const begun = performance.now();
  const { code, output } = await run(process.execPath, proof.full, { cwd: root, env: { ...process.env, ...env, NO_COLOR: '1' } });
  const lines = output.trim().split('\n');
  return {
    proof,
    round,
    holds: code === 0,
    seconds: Math.round((performance.now() - begun) / 1000),
    figures: readFigures(lines.at(-1)),
    said: lines.slice(-30).join('\n'),
  };
}

function readFigures(line: string | undefined): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function titleOf({ proof, round }: { proof: Proof; round: number }): string {
  return proof.rounds === undefined ? proof.name : `${proof.name}, round ${round} of ${proof.rounds}`;
}

function report(outcomes: readonly Outcome[], runtime: Runtime): string {
  const machine = `${type()} ${process.arch}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const electron = runtime.kind === 'official' ? runtime.version : `${runtime.version} (out of support: for development and tests only)`;
  const rows = outcomes.map(
    (outcome) => `| ${titleOf(outcome)} | ${outcome.holds ? 'holds' : '**does not hold**'} | ${outcome.seconds} | ${tell(outcome)} |`,
  );
  const failures = outcomes
    .filter((outcome) => !outcome.holds)
    .map((outcome) => `\n## ${titleOf(outcome)}\n\n\`\`\`\n${withoutPaths(outcome.said)}\n\`\`\`\n`);
  return `# Proofs at full size, ${today()}

Machine: ${machine}. Node ${process.versions.node}, Electron ${electron}.

| Proof | Outcome | Seconds | Figures |
|---|---|---|---|
${rows.join('\n')}

What each proves: ${proofs.map(({ name, what }) => `*${name}*: ${what}`).join(' ')}
${failures.join('')}`;
}

function tell({ figures, said }: Outcome): string {
  if (figures !== null)
    return Object.entries(figures)
      .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
      .join(', ');
  const tests = /Tests\s+(.+passed.*)$/m.exec(said)?.[1];
  return tests === undefined ? '' : tests.replace(/\s+/g, ' ');
}

/** A report is read elsewhere: where the clone lay on this machine says nothing there. */
function withoutPaths(text: string): string {
  return text.replaceAll(root, '.');
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

await runProgram(async () => {
  readOptions(usage, {});
  return (await prove()) ? 0 : 1;
});
