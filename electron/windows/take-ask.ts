import type { IpcMainInvokeEvent, WebContents } from 'electron';
import * as z from 'zod';
import type { Log } from '../log.ts';
import { type Surface, surfaceUrl } from './surfaces.ts';

/** What one page may ask: command names with the shape of their input, and who takes them. */
export type Door = {
  surface: Surface;
  /** The page that is there now; null when there is none. */
  contents: () => WebContents | null;
  inputs: Readonly<Record<string, z.ZodType>>;
  take: (command: string, input: unknown) => void;
};

export type Asker = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>;

const Ask = z.strictObject({ command: z.string().max(64), input: z.unknown() });

/**
 * Judges what a renderer asks. The sender must be the main frame of a known page, still on its own address, asking for a
 * command of that page, with an input of the right shape. Anything else throws, and is logged without what it carried.
 */
export function takeAsk(doors: readonly Door[], log: Log, asker: Asker, ask: unknown): void {
  const door = doors.find((candidate) => isFrom(candidate, asker));
  const parsed = Ask.safeParse(ask);
  if (!door || !parsed.success) throw refusal(log, door ? 'bad_shape' : 'unknown_sender');
  const { command, input } = parsed.data;
  const schema = Object.hasOwn(door.inputs, command) ? door.inputs[command] : undefined;
  if (!schema) throw refusal(log, 'unknown_command');
  const checked = schema.safeParse(input);
  if (!checked.success) throw refusal(log, 'bad_input');
  door.take(command, checked.data);
}

function isFrom(door: Door, { sender, senderFrame }: Asker): boolean {
  const contents = door.contents();
  if (!contents || contents.isDestroyed() || !senderFrame) return false;
  return sender === contents && senderFrame === contents.mainFrame && senderFrame.url === surfaceUrl[door.surface];
}

function refusal(log: Log, reason: string): Error {
  log('ipc_refused', { reason });
  return new Error('refused');
}
