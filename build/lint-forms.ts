import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, lintForm } from '../electron/forms/lint/lint-form.ts';
import { root } from './paths.ts';
import { readOptions } from './read-options.ts';
import { runProgram, say } from './run.ts';

const usage = `npm run forms:lint [-- FOLDER] [--quiet]

Looks through every definition of a folder, by default those that ship. Errors end it with 1: such a form would not be
offered. Warnings are listed, for a person to judge.

  --quiet  errors alone`;

await runProgram(async () => {
  const { positionals, values } = readOptions(usage, {
    allowPositionals: true,
    options: { quiet: { type: 'boolean', default: false } },
  });
  const folder = positionals[0] ?? join(root, 'electron/forms/definitions');
  const files = globSync('**/*.json', { cwd: folder }).sort();
  const findings = files.flatMap((file) => lintForm(read(join(folder, file))).map((finding) => ({ file, ...finding })));
  for (const finding of findings) if (finding.level === 'error' || !values.quiet) say(line(finding));
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  say(`${files.length} forms: ${count('error')} errors, ${count('warning')} warnings`);
  return count('error') > 0 || files.length === 0 ? 1 : 0;
});

/** What is no JSON is found by the linter as no definition. */
function read(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function line({ file, level, rule, where, what }: Finding & { file: string }): string {
  return `${level.padEnd(7)} ${file} ${where} [${rule}] ${what}`;
}
