import type { OperatorCommand, OperatorInput } from '../../contract/operator.ts';

/** The one thing this page can say. Its answer is the next view. */
export function askOperator<C extends OperatorCommand>(command: C, input: OperatorInput<C>): void {
  window.loket.ask(command, input).catch(() => console.error(`refused: ${command}`));
}
