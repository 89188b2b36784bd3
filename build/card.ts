import { runCardCommand } from '../native/virtual-card/card-command.ts';
import { runProgram, say, WorkStopped } from './run.ts';

/** `npm run card`: moves the virtual card of a demo that runs, or of a reader's folder. */
await runProgram(async () => {
  const answer = runCardCommand(process.argv.slice(2));
  if (!answer.ok) throw new WorkStopped(answer.error);
  say(answer.value);
  return 0;
});
