import { type ChildProcess, spawn } from 'node:child_process';
import { keep } from '../../../build/keeper.ts';
import { root } from '../../../build/paths.ts';

export type Program = {
  child: ChildProcess;
  /** Resolves when it is gone, however it ended. */
  gone: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Resolves with the groups when a line of what it says fits; rejects when it is gone before. */
  says(line: RegExp): Promise<RegExpExecArray>;
  /** Calls at each line that it says. */
  onLine(take: (line: string) => void): void;
  /** The last of what it complained of. */
  complaints(): string;
  kill(): void;
};

/** A process of its own. `compiled`: a folder in which what it compiled is kept for its next start. */
export function spawnProgram(
  file: string,
  args: readonly string[],
  { env = {}, compiled }: { env?: Record<string, string>; compiled: string },
): Program {
  // A database of the developer's own has no part in this.
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = keep(
    spawn(process.execPath, [file, ...args], {
      cwd: root,
      env: { ...inherited, NODE_COMPILE_CACHE: compiled, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  let said = '';
  let complained = '';
  const listeners = new Set<() => void>();
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-1_000_000);
    for (const look of listeners) look();
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    complained = (complained + chunk).slice(-3_000);
  });
  const gone: Program['gone'] = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  gone.catch(() => undefined);
  return {
    child,
    gone,
    says(line) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = line.exec(said);
          if (!found) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
        gone.then(({ code }) => reject(new Error(`${file} ended (exit ${code ?? 'none'}).\n${complained}`)), reject);
      });
    },
    onLine(take) {
      let rest = '';
      child.stdout?.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) take(line);
      });
    },
    complaints: () => complained,
    kill: () => void child.kill('SIGKILL'),
  };
}
