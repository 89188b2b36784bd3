import { type ParseArgsConfig, parseArgs } from 'node:util';
import { HelpAsked, WordsRefused } from './run.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Config = { options?: Options; allowPositionals?: boolean };
const help = { help: { type: 'boolean', short: 'h' } } as const;

type Read<C extends Config> = ReturnType<typeof parseArgs<{ options: C['options'] & typeof help; allowPositionals: true }>>;

/**
 * The words after a command's name. `--help` throws HelpAsked with the usage, and whatever the command does not know throws
 * WordsRefused; `runProgram` makes exit codes 0 and 2 of them.
 */
export function readOptions<const C extends Config>(usage: string, config: C, words: readonly string[] = process.argv.slice(2)): Read<C> {
  // Asked before anything is judged: who asks for help may have the rest wrong.
  if (words.includes('--help') || words.includes('-h')) throw new HelpAsked(usage);
  try {
    return parseArgs({ args: [...words], allowPositionals: false, ...config, options: { ...config.options, ...help } }) as Read<C>;
  } catch (error) {
    return refuseWords(sentenceOf(error), usage);
  }
}

/** For a value that is not one of the command's: the sentence, and the usage below it. */
export function refuseWords(sentence: string, usage: string): never {
  throw new WordsRefused(`${sentence}\n\n${usage}`);
}

/** parseArgs says what is wrong in its first sentence and goes on with advice about dashes. */
function sentenceOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return `${said.split(/\. |\.?\n/)[0] ?? ''}.`.replace(/\.\.$/, '.');
}
