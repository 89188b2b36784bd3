import type { PinCommand, PinInput } from '../../contract/pin.ts';

/** Tells main what was pressed. A refusal is told by the command's name alone: never with a digit. */
export function askPin<C extends PinCommand>(command: C, input: PinInput<C>): void {
  window.loket.ask(command, input).catch(() => console.error(`refused: ${command}`));
}
