import type { OperatorView } from '../../contract/operator.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { TerminalConfig } from '../../contract/terminal-config.ts';
import { batchLimits } from '../../contract/wire.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { toBatch } from '../sync/batch.ts';
import { runProgram } from './run-program.ts';
import { type Carried, type WriteProblem, type Written, writeExport } from './write-export.ts';

export type ExportState = Extract<OperatorView['page'], { page: 'status' }>['export'];
export type Exported = Exclude<ExportState, { state: 'working' }>;

export type ExportParts = {
  config: Pick<TerminalConfig, 'terminal'> & { storage: Pick<TerminalConfig['storage'], 'exportFolder' | 'openPort' | 'shutPort'> };
  outbox: Pick<Outbox, 'waitingDeliveries' | 'losses'>;
  /** Asks the operator; null: not at this terminal. Answers null when none was chosen. */
  chooseFolder: (() => Promise<string | null>) | null;
  /** The operator's page is gone: nobody chooses any more. */
  left: AbortSignal;
  /** The app ends. */
  stopping: AbortSignal;
  clock: Pick<Clock, 'wall'>;
  log: Log;
};

const portMs = 30_000;
const writeMs = 600_000;

type NotDone = WriteProblem | 'port' | 'nothing_waits' | 'not_chosen';

/**
 * Writes what waits, still sealed, to the folder of the configuration or the one that is chosen. The port is open for
 * that alone: whatever happens in between, it is shut again. The records wait on as before.
 */
export async function runExport(parts: ExportParts): Promise<Exported> {
  const { storage } = parts.config;
  const carried = collect(parts);
  if (!carried.ok) return { state: 'failed', why: carried.error, portShut: true };
  const opened = await runPort(storage.openPort, parts.log);
  const name = nameExport(parts.config.terminal, carried.value.writtenAt);
  const written = opened ? await writeSomewhere(parts, name, carried.value) : refuse('port' as const);
  const portShut = await runPort(storage.shutPort, parts.log);
  if (written.ok) {
    parts.log('exported', { ...written.value });
    return { state: 'done', ...written.value, file: name, portShut };
  }
  if (written.error === 'not_chosen' && portShut) return { state: 'idle' };
  const why = written.error === 'not_chosen' ? 'port' : written.error;
  parts.log('not_exported', { why });
  return { state: 'failed', why, portShut };
}

function collect({ config, outbox, clock, log }: ExportParts): Result<Carried, 'nothing_waits' | 'not_written'> {
  try {
    const deliveries = outbox.waitingDeliveries(batchLimits);
    const losses = outbox.losses().map(({ statement }) => statement);
    if (deliveries.length + losses.length === 0) return refuse('nothing_waits');
    const { terminal } = config;
    return ok({ terminal, writtenAt: clock.wall().toISOString(), losses, deliveries: inTurn(deliveries, terminal) });
  } catch {
    log('storage_failed', { where: 'export' });
    return refuse('not_written');
  }
}

function* inTurn(deliveries: ReturnType<Outbox['waitingDeliveries']>, terminal: string): Generator<readonly unknown[]> {
  for (const delivery of deliveries) yield toBatch(delivery, terminal);
}

async function writeSomewhere(parts: ExportParts, name: string, carried: Carried): Promise<Result<Written, NotDone>> {
  const { config, chooseFolder, left, stopping } = parts;
  const given = config.storage.exportFolder;
  if (given === null && chooseFolder === null) return refuse('no_folder');
  const folder = given ?? (await within(AbortSignal.any([left, stopping]), chooseFolder?.() ?? Promise.resolve(null)));
  if (folder === null) return refuse('not_chosen');
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(writeMs)]);
  return (await within(signal, writeExport({ folder, name, carried, signal }))) ?? refuse('not_written');
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

/** No program: there is nothing to open or shut. */
async function runPort(command: readonly string[] | null, log: Log): Promise<boolean> {
  if (command === null) return true;
  const worked = await runProgram(command, portMs);
  if (!worked) log('port_failed');
  return worked;
}

/** No person in it, and no sign that a file system would not take. */
function nameExport(terminal: string, writtenAt: string): string {
  return `loket-${terminal}-${writtenAt.slice(0, 19).replace('T', '-').replaceAll(':', '')}.json`;
}
