import type { OperatorView } from '../../contract/operator.ts';
import { type Result, refuse } from '../../contract/result.ts';
import type { TerminalConfig } from '../../contract/terminal-config.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type CollectParts, collectExport } from './collect-export.ts';
import { leaveRunning, runProgram } from './run-program.ts';
import { type Carried, type WriteProblem, type Written, writeExport } from './write-export.ts';

export type ExportState = Extract<OperatorView['page'], { page: 'status' }>['export'];
export type Exported = Exclude<ExportState, { state: 'working' }>;

export type ExportParts = {
  config: Pick<TerminalConfig, 'terminal'> & { storage: Pick<TerminalConfig['storage'], 'exportFolder' | 'openPort' | 'shutPort'> };
  outbox: CollectParts['outbox'];
  attachments: CollectParts['attachments'];
  /** Asks the operator; null: not at this terminal. Answers null when none was chosen. */
  chooseFolder: (() => Promise<string | null>) | null;
  /** The operator's page is gone: nobody chooses any more. */
  left: AbortSignal;
  /** The app ends. */
  stopping: AbortSignal;
  clock: Pick<Clock, 'wall'>;
  log: Log;
};

/** A program that opens or shuts the port may take so long; whoever ends the app waits for the one that shuts it. */
export const portMs = 30_000;
/** A stick that takes nothing for so long is gone. */
const silentMs = 60_000;

type NotDone = WriteProblem | 'port' | 'not_chosen';

/**
 * Writes what waits, still sealed, to the folder of the configuration or the one that is chosen. The port is open for
 * that alone: whatever happens in between, it is shut again. The records wait on as before.
 */
export async function runExport(parts: ExportParts): Promise<Exported> {
  const { storage } = parts.config;
  const carried = collect(parts);
  if (!carried.ok) return { state: 'failed', why: carried.error, portShut: true };
  const opened = await runPort(storage.openPort, parts.log, parts.stopping);
  const { terminal, writtenAt } = carried.value.head;
  const name = nameExport(terminal, writtenAt);
  const written = opened ? await writeSomewhere(parts, name, carried.value) : refuse('port' as const);
  const portShut = await runPort(storage.shutPort, parts.log);
  if (written.ok) {
    parts.log('exported', { ...written.value });
    return { state: 'done', ...written.value, folder: name, portShut };
  }
  if (written.error === 'not_chosen' && portShut) return { state: 'idle' };
  const why = written.error === 'not_chosen' ? 'port' : written.error;
  parts.log('not_exported', { why });
  return { state: 'failed', why, portShut };
}

function collect({ config, outbox, attachments, clock, log }: ExportParts): Result<Carried, 'nothing_waits' | 'salvaging' | 'not_written'> {
  try {
    return collectExport({ terminal: config.terminal, writtenAt: clock.wall().toISOString(), outbox, attachments });
  } catch {
    log('storage_failed', { where: 'export' });
    return refuse('not_written');
  }
}

async function writeSomewhere(parts: ExportParts, name: string, carried: Carried): Promise<Result<Written, NotDone>> {
  const { config, chooseFolder, left, stopping } = parts;
  const given = config.storage.exportFolder;
  if (given === null && chooseFolder === null) return refuse('no_folder');
  const folder = given ?? (await within(AbortSignal.any([left, stopping]), chooseFolder?.() ?? Promise.resolve(null)));
  if (folder === null) return refuse('not_chosen');
  const silence = watchSilence(silentMs);
  const signal = AbortSignal.any([stopping, silence.signal]);
  const written = await within(signal, writeExport({ folder, name, carried, signal, onPiece: silence.end }));
  silence.stop();
  return written ?? refuse('not_written');
}

/** Aborts when `end` was not called for `ms`. */
function watchSilence(ms: number): { signal: AbortSignal; end(): void; stop(): void } {
  const gone = new AbortController();
  const abort = () => gone.abort();
  let timer = setTimeout(abort, ms);
  return {
    signal: gone.signal,
    end() {
      clearTimeout(timer);
      timer = setTimeout(abort, ms);
    },
    stop: () => clearTimeout(timer),
  };
}

/** Null when the signal came first. A stick that hangs may never let a call return. */
async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T | null> {
  let stop = () => {};
  const aborted = new Promise<null>((resolve) => {
    stop = () => resolve(null);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Settles when it was tried. At each start too: the app may have ended, in whatever way, while the port was open. */
export async function shutPort({ shutPort: command }: Pick<TerminalConfig['storage'], 'shutPort'>, log: Log): Promise<void> {
  await runPort(command, log);
}

/** When nobody can wait for it any more. */
export function leavePortShut({ shutPort: command }: Pick<TerminalConfig['storage'], 'shutPort'>): void {
  if (command !== null) leaveRunning(command);
}

/** No program: there is nothing to open or shut. */
async function runPort(command: readonly string[] | null, log: Log, signal?: AbortSignal): Promise<boolean> {
  if (command === null) return true;
  const worked = await runProgram(command, portMs, signal);
  if (!worked) log('port_failed');
  return worked;
}

/** A folder's. No person in it, and no sign that a file system would not take. */
function nameExport(terminal: string, writtenAt: string): string {
  return `loket-${terminal}-${writtenAt.slice(0, 19).replace('T', '-').replaceAll(':', '')}`;
}
