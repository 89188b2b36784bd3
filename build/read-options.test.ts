import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './paths.ts';
import { readOptions, refuseWords } from './read-options.ts';
import { HelpAsked, WordsRefused } from './run.ts';

const usage = 'npm run x -- [--out FOLDER] [--loud]';
const config = { options: { out: { type: 'string' }, loud: { type: 'boolean', default: false } } } as const;

test('what a command knows is read', () => {
  expect(readOptions(usage, config, ['--out', 'here', '--loud']).values).toEqual({ out: 'here', loud: true });
  expect(readOptions(usage, { ...config, allowPositionals: true }, ['one', 'two']).positionals).toEqual(['one', 'two']);
});

test.each([
  ['an option that there is not', ['--quiet'], "Unknown option '--quiet'."],
  ['the same with a word that may stand there', ['a', '--quiet'], "Unknown option '--quiet'.", true],
  ['a word too many', ['now'], "Unexpected argument 'now'."],
  ['no value', ['--out'], "Option '--out <value>' argument missing."],
  ['an option as a value', ['--out', '--loud'], "Option '--out' argument is ambiguous."],
  ['a value too many', ['--loud=yes'], "Option '--loud' does not take an argument."],
])('%s: one sentence, then the usage', (_name, words, sentence, allowPositionals = false) => {
  expect(() => readOptions(usage, { ...config, allowPositionals }, words)).toThrow(new WordsRefused(`${sentence}\n\n${usage}`));
});

test('help is given whatever else is wrong', () => {
  expect(() => readOptions(usage, config, ['--quiet', '--help'])).toThrow(new HelpAsked(usage));
  expect(() => readOptions(usage, config, ['-h'])).toThrow(HelpAsked);
  expect(() => refuseWords('There is no such thing.', usage)).toThrow(WordsRefused);
});

type Ended = { code: unknown; stdout: string; stderr: string };

function runScript(script: string, word: string): Promise<Ended> {
  // Ended soon: without its usage, a command would do its work here.
  const options = { cwd: root, timeout: 20_000, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, script), word], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const own = Object.entries(scripts).flatMap(([name, command]) => {
  const script = /^node build\/ready\.mjs (\S+)$/.exec(command)?.[1];
  return script === undefined ? [] : [{ name, script, line: name === 'start' || name === 'test' ? `npm ${name}` : `npm run ${name}` }];
});

test.each(own)('npm run $name: usage when asked, and for an option that it has not', async ({ script, line }) => {
  const [asked, wrong] = await Promise.all([runScript(script, '--help'), runScript(script, '--no-such-option')]);
  expect(asked).toEqual({ code: 0, stdout: expect.stringMatching(new RegExp(`^${line}\\b`)), stderr: '' });
  expect(wrong).toEqual({ code: 2, stdout: '', stderr: `Unknown option '--no-such-option'.\n\n${asked.stdout}` });
});
