import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type Run = {
  said: () => string;
  complained: () => string;
  child: ChildProcess;
  /** The exit code; null when it was killed. */
  end: Promise<number | null>;
};

/** A program of the middleware as a process of its own, without a database of the developer's. */
export function startProcess(program: 'main.ts' | 'admin.ts', args: readonly string[], environment: Record<string, string> = {}): Run {
  const path = fileURLToPath(new URL(`../${program}`, import.meta.url));
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [path, ...args], { env: { ...inherited, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    err += data.toString();
  });
  const end = once(child, 'close').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  return { child, end, said: () => out, complained: () => err };
}

/** @returns its address, once it says that it listens */
export async function listening(middleware: Run): Promise<string> {
  const line = /^listening (https:\/\/localhost:\d+)\n/;
  while (!line.test(middleware.said())) {
    const event = await Promise.race([
      once(middleware.child.stdout ?? middleware.child, 'data').then(() => 'more'),
      middleware.end.then(() => 'end'),
    ]);
    if (event === 'end' && !line.test(middleware.said())) throw new Error(`it ended: ${middleware.complained()}`);
  }
  return line.exec(middleware.said())?.[1] ?? '';
}
