import type { DockCommand, DockInput } from '../contract/dock.ts';
import type { KioskCommand, KioskInput } from '../contract/ipc.ts';

/** Asks main for something. Nothing comes back: the answer is the next view. */
export function ask<C extends KioskCommand>(command: C, input: KioskInput<C>): void {
  // A refusal means that this page asked what it may not: our mistake, told by name and never with its content.
  window.loket.ask(command, input).catch(() => console.error(`refused: ${command}`));
}

export function askDock<C extends DockCommand>(command: C, input: DockInput<C>): void {
  window.loket.ask(command, input).catch(() => console.error(`refused: ${command}`));
}
