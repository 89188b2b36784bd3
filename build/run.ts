import { spawn } from 'node:child_process';

/** One plain sentence for whoever watches the terminal. */
export function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

/** Something outside this project stopped the work; the message is for a person. Anything else thrown is our mistake. */
export class WorkStopped extends Error {
  readonly exitCode: 1 | 2 = 1;
}

/** The words on the command line are not the command's. The message ends with its usage. */
export class WordsRefused extends WorkStopped {
  override readonly exitCode = 2;
}

/** The message is the usage that was asked for. */
export class HelpAsked extends Error {}

export type Ran = { code: number | null; output: string };

export type RunOptions = { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number; show?: boolean };

/** Runs a command to its end. Never rejects: a command that cannot be started has code null and says why in `output`. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  // The tether's stream is not handed on (see tether.ts), so neither is its name.
  const { LOKET_TETHER: _, ...env } = options.env ?? process.env;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env,
      stdio: ['ignore', options.show ? 'inherit' : 'pipe', options.show ? 'inherit' : 'pipe'],
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    });
    const said: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output: Buffer.concat(said).toString('utf8') }));
  });
}

/** As `run`, but a command that fails stops the work: with `sentence` and the end of what the command said. */
export async function runOrStop(sentence: string, command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new WorkStopped(`${sentence}\n${lastLines(output)}`.trimEnd());
  return output;
}

export function lastLines(text: string, count = 25): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** The end of every program here: what a person can act on is said in a sentence, a mistake of ours with its trace. */
export async function runProgram(program: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await program()) ?? 0;
  } catch (error) {
    if (error instanceof HelpAsked) return say(error.message);
    if (!(error instanceof WorkStopped)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
