import { ipcMain } from 'electron';
import { askChannel } from '../../contract/channels.ts';
import type { Log } from '../log.ts';
import { type Door, takeAsk } from './take-ask.ts';

/** The one listener for everything a renderer asks. A door that is added to `doors` later counts from then on. */
export function answerIpc(doors: readonly Door[], log: Log): void {
  ipcMain.handle(askChannel, (event, ask: unknown) => takeAsk(doors, log, event, ask));
}
