import { cardUsage, isCardCommand, runCardCommand } from '../native/virtual-card/card-command.ts';
import { readOptions, refuseWords } from './read-options.ts';
import { runProgram, say, WorkStopped } from './run.ts';

/** `npm run card`: moves the virtual card of a demo that runs, or of a reader's folder. */
await runProgram(async () => {
  const { values, positionals } = readOptions(cardUsage, {
    options: { second: { type: 'boolean', default: false }, dir: { type: 'string' } },
    allowPositionals: true,
  });
  const [name = '', ...words] = positionals;
  if (!isCardCommand(name)) refuseWords(name === '' ? 'Say what the card should do.' : `There is no command "${name}".`, cardUsage);
  const answer = runCardCommand(name, words, values);
  if (!answer.ok) throw new WorkStopped(answer.error);
  say(answer.value);
  return 0;
});
