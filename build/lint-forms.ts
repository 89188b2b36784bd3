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
  const definitions = files.map((file) => ({ file, definition: read(join(folder, file)) }));
  const findings = [
    ...definitions.flatMap(({ file, definition }) => lintForm(definition).map((finding) => ({ file, ...finding }))),
    ...findTwice(definitions),
  ];
  for (const finding of findings) if (finding.level === 'error' || !values.quiet) say(line(finding));
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  say(`${files.length} forms: ${count('error')} errors, ${count('warning')} warnings`);
  return count('error') > 0 || files.length === 0 ? 1 : 0;
});

/** Of two with one id a terminal takes the first. */
function findTwice(definitions: readonly { file: string; definition: unknown }[]): (Finding & { file: string })[] {
  const ids = new Map<unknown, string>();
  return definitions.flatMap(({ file, definition }) => {
    const id = typeof definition === 'object' && definition !== null && 'id' in definition ? definition.id : undefined;
    const first = id === undefined ? undefined : ids.get(id);
    if (first === undefined) ids.set(id, file);
    return first === undefined ? [] : [{ file, level: 'error' as const, rule: 'id_twice', where: 'id', what: `is the id of ${first}` }];
  });
}

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
