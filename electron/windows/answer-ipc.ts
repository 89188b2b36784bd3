import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import * as z from 'zod';
import { askChannel } from '../../contract/channels.ts';
import type { Log } from '../log.ts';
import { type Surface, surfaceUrl } from './open-window.ts';

/** What one page may ask: command names with the shape of their input, and who takes them. */
export type Door = {
  surface: Surface;
  /** The page that is there now; null when there is none. */
  contents: () => WebContents | null;
  inputs: Readonly<Record<string, z.ZodType>>;
  take: (command: string, input: unknown) => void;
};

const Ask = z.strictObject({ command: z.string().max(64), input: z.unknown() });

/**
 * The one listener for everything a renderer asks. The sender must be the main frame of a known page, still on its own
 * address, asking for a command of that page, with an input of the right shape. Anything else throws, and is logged
 * without what it carried.
 */
export function answerIpc(doors: readonly Door[], log: Log): void {
  ipcMain.handle(askChannel, (event, ask: unknown) => {
    const door = doors.find((candidate) => isFrom(candidate, event));
    const parsed = Ask.safeParse(ask);
    if (!door || !parsed.success) return refuseAsk(log, door ? 'bad_shape' : 'unknown_sender');
    const { command, input } = parsed.data;
    const schema = Object.hasOwn(door.inputs, command) ? door.inputs[command] : undefined;
    if (!schema) return refuseAsk(log, 'unknown_command');
    const checked = schema.safeParse(input);
    if (!checked.success) return refuseAsk(log, 'bad_input');
    door.take(command, checked.data);
    return undefined;
  });
}

function isFrom(door: Door, event: IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  const contents = door.contents();
  if (!contents || contents.isDestroyed() || !frame) return false;
  return event.sender === contents && frame === contents.mainFrame && frame.url === surfaceUrl[door.surface];
}

function refuseAsk(log: Log, reason: string): never {
  log('ipc_refused', { reason });
  throw new Error('refused');
}
