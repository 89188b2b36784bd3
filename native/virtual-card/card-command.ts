import { existsSync } from 'node:fs';
import path from 'node:path';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { setFaultFrom } from './fault-command.ts';
import { keypresses, pressKeys } from './faults.ts';
import { personas } from './personas.ts';
import {
  type Dialogs,
  dialogKinds,
  insertCard,
  isPersona,
  makeReader,
  plugReaders,
  readFault,
  readState,
  removeCard,
  setDialogs,
  setPinpad,
  swapCard,
} from './reader.ts';
import { findReaders } from './running-readers.ts';

/** `npm run card`: the virtual card of a demo that runs, moved from a terminal. */
export const cardUsage = `npm run card -- COMMAND [--second] [--dir FOLDER]

  insert CARD             puts a card in
  swap CARD               puts another card in its place, in one step
  remove                  takes the card out
  cards                   which cards there are
  fault KIND [AT] [MORE]  what goes wrong at the AT-th call from now (1): hang [AT] [MILLISECONDS], crash, device_error,
                          remove, swap AT CARD; fault none takes it away
  plug NUMBER             how many readers are plugged in (0 to 10)
  pinpad on | off         whether the readers have keys of their own
  dialogs none | unanswered | answered
                          the library's own PIN dialog
  keys right | wrong | cancel
                          what the person does at the pinpad or in the dialog
  state                   what is in the readers
  reader FOLDER           makes a reader there, for a program of your own with the module

  --second      in the second reader
  --dir FOLDER  this reader's folder, in place of the running demo's`;

/** Both sides are sentences. */
type Answer = Result<string, string>;
type Where = { dir: string; reader: number };
type Command = (words: string[], where: Where) => Answer;

const listed = () => personas.map(({ id }) => id).join(', ');

function withCard(
  name: string | undefined,
  { dir, reader }: Where,
  act: (dir: string, persona: string, reader: number) => void,
  done: string,
): Answer {
  if (name === undefined) return refuse(`Which card? There are: ${listed()}.`);
  if (!isPersona(name)) return refuse(`There is no card called "${name}". There are: ${listed()}.`);
  const missing = findMissingReader({ dir, reader });
  if (missing !== null) return refuse(missing);
  act(dir, name, reader);
  return ok(`${done} ${name}.`);
}

/** A card put into a reader that is not plugged in would be seen by nobody, and the command would have said that it is in. */
function findMissingReader({ dir, reader }: Where): string | null {
  const { readers } = readState(dir);
  if (reader < readers) return null;
  const found = readers === 0 ? 'No reader is plugged in.' : 'There is no second reader: only one is plugged in.';
  return `${found} Plug in ${reader === 0 ? 'one' : 'two'} first, with: npm run card -- plug ${reader + 1}`;
}

function oneOf<T extends string>(word: string | undefined, words: readonly T[], act: (word: T) => string): Answer {
  const found = words.find((one) => one === word);
  return found === undefined ? refuse(`Say one of: ${words.join(', ')}.`) : ok(act(found));
}

function describe(dir: string): string {
  const { cards, pinpad, dialogs } = readState(dir);
  const fault = readFault(dir);
  const readers = cards.map((card, at) => `Reader ${at + 1}: ${card ?? 'empty'}.`);
  const asks: Record<Dialogs, string> = { none: 'has none', unanswered: 'is not answered', answered: 'waits for keys' };
  return [
    ...(readers.length === 0 ? ['No reader is plugged in.'] : readers),
    `Pinpad: ${pinpad ? 'on' : 'off'}. The library's own dialog ${asks[dialogs]}.`,
    fault === null ? 'No fault waits.' : `Fault ${fault.kind} waits for call ${fault.atCall} from now.`,
  ].join('\n');
}

const commands = {
  insert: ([card], where) => withCard(card, where, insertCard, 'In the reader now:'),
  swap: ([card], where) => withCard(card, where, swapCard, 'Swapped for'),
  remove: (_, { dir, reader }) => {
    removeCard(dir, reader);
    return ok('The reader is empty.');
  },
  fault: (words, { dir, reader }) => setFaultFrom(words, { dir, reader }),
  plug: ([count], { dir }) => {
    if (count === undefined || !/^(\d|10)$/.test(count)) return refuse('How many readers? A number from 0 to 10.');
    plugReaders(dir, Number(count));
    return ok(count === '1' ? 'One reader is plugged in.' : `${count} readers are plugged in.`);
  },
  pinpad: ([word], { dir }) =>
    oneOf(word, ['on', 'off'] as const, (found) => {
      setPinpad(dir, found === 'on');
      return `The pinpad is ${found}.`;
    }),
  dialogs: ([word], { dir }) =>
    oneOf(word, dialogKinds, (found) => {
      setDialogs(dir, found);
      return `Dialogs: ${found}.`;
    }),
  keys: ([word], { dir }) =>
    oneOf(word, keypresses, (found) => {
      pressKeys(dir, found);
      return `Pressed: ${found}.`;
    }),
  state: (_, { dir }) => ok(describe(dir)),
} satisfies Record<string, Command>;

/** These two need no reader that is there. */
type CardCommand = keyof typeof commands | 'reader' | 'cards';

export function isCardCommand(word: string): word is CardCommand {
  return word === 'reader' || word === 'cards' || Object.hasOwn(commands, word);
}

function chooseReader(given: string | undefined, running: string[]): Result<string, string> {
  if (given !== undefined) return existsSync(path.join(given, 'state')) ? ok(given) : refuse(`There is no reader in ${given}.`);
  const [only, ...more] = running.filter((dir) => existsSync(path.join(dir, 'state')));
  if (only === undefined) return refuse('No demo with a virtual card is running. Start one with npm start, or say --dir FOLDER.');
  return more.length === 0 ? ok(only) : refuse(`Several demos are running. Say which, with --dir:\n${[only, ...more].join('\n')}`);
}

function newReader(folder: string | undefined): Answer {
  if (folder === undefined) return refuse('In which folder?');
  makeReader(folder);
  return ok(`A reader without a card. The module finds it with LOKET_VIRTUAL_CARD=${path.resolve(folder)}.`);
}

export type CardWhere = { dir?: string | undefined; second?: boolean };

export function runCardCommand(name: CardCommand, words: string[], where: CardWhere = {}, running: () => string[] = findReaders): Answer {
  if (name === 'reader') return newReader(words[0]);
  if (name === 'cards') return ok(personas.map(({ id, label, about }) => `${id.padEnd(18)}${label} (${about})`).join('\n'));
  const chosen = chooseReader(where.dir, running());
  return chosen.ok ? commands[name](words, { dir: chosen.value, reader: where.second === true ? 1 : 0 }) : chosen;
}
