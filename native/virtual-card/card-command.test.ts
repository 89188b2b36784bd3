import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isCardCommand, runCardCommand } from './card-command.ts';
import { makeReader, readFault, readState } from './reader.ts';
import { announceReader, findReaders } from './running-readers.ts';

let parent: string;
let reader: string;

beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'loket-command-'));
  reader = path.join(parent, 'reader');
  makeReader(reader);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** As a demo that runs: the command finds its reader. */
const card = (line: string, running: string[] = [reader]) => {
  const options = { second: { type: 'boolean' }, dir: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args: line.split(' '), options, allowPositionals: true });
  const [name = '', ...words] = positionals;
  return isCardCommand(name) ? runCardCommand(name, words, values, () => running) : expect.unreachable(`no command ${name}`);
};
const said = (line: string) => {
  const answer = card(line);
  return answer.ok ? answer.value : expect.unreachable(answer.error);
};
const refused = (line: string) => {
  const answer = card(line);
  return answer.ok ? expect.unreachable(answer.value) : answer.error;
};

test('cards go in, are swapped and come out, in either reader', () => {
  expect(said('insert nora')).toBe('In the reader now: nora.');
  expect(readState(reader).card).toBe('nora');
  said('swap noor');
  said('plug 2');
  said('insert bank --second');
  expect(readState(reader)).toMatchObject({ card: 'noor', second: 'bank', insertion: 2 });
  said('remove');
  expect(readState(reader)).toMatchObject({ card: null, second: 'bank' });
  said('remove --second');
  expect(readState(reader).second).toBeNull();
});

test('a card into a reader that is not plugged in is refused, with what to do first, which then does it', () => {
  const advice = 'There is no second reader: only one is plugged in. Plug in two first, with: npm run card -- plug 2';
  expect(refused('insert bank --second')).toBe(advice);
  expect(refused('swap bank --second')).toBe(advice);
  expect(readState(reader).keys['card.1']).toBeUndefined();
  said('plug 2');
  expect(said('insert bank --second')).toBe('In the reader now: bank.');
  said('plug 0');
  expect(refused('insert nora')).toBe('No reader is plugged in. Plug in one first, with: npm run card -- plug 1');
  expect(refused('insert nora --second')).toBe('No reader is plugged in. Plug in two first, with: npm run card -- plug 2');
  expect(readState(reader).keys.card).toBe('-');
});

test('faults, in the order of the words', () => {
  expect(said('fault hang 3 5000')).toBe('Fault hang at call 3 from now.');
  expect(readFault(reader)).toEqual({ kind: 'hang', atCall: 3, ms: 5000 });
  said('fault crash');
  expect(readFault(reader)).toEqual({ kind: 'crash', atCall: 1 });
  said('fault swap 9 helene');
  expect(readFault(reader)).toEqual({ kind: 'swap', atCall: 9, persona: 'helene', reader: 0 });
  said('fault remove 2 --second');
  expect(readFault(reader)).toEqual({ kind: 'remove', atCall: 2, reader: 1 });
  expect(said('fault none')).toBe('Nothing goes wrong.');
  expect(readFault(reader)).toBeNull();
});

test('pinpad, dialogs, keys, and what the state says of them', () => {
  said('pinpad on');
  said('dialogs answered');
  said('keys right');
  said('insert lotte');
  said('fault device_error 4');
  expect(said('state').split('\n')).toEqual([
    'Reader 1: lotte.',
    "Pinpad: on. The library's own dialog waits for keys.",
    'Fault device_error waits for call 4 from now.',
  ]);
  said('plug 0');
  expect(said('state')).toContain('No reader is plugged in.');
});

test('what there is not is said in a sentence, and nothing changes', () => {
  expect(refused('insert nobody')).toMatch(/^There is no card called "nobody"\. There are: lotte, helene, /);
  expect(refused('insert')).toMatch(/^Which card\? There are: lotte/);
  expect(refused('insert ../lotte')).toContain('There is no card called');
  expect(['eject', 'constructor', ''].map(isCardCommand)).toEqual([false, false, false]);
  expect(refused('fault burn')).toBe('There is no fault called "burn". There are: none, hang, crash, device_error, remove, swap.');
  expect(refused('fault hang 0')).toBe('At which call from now? A number from 1, not "0".');
  expect(refused('fault hang 1 soon')).toContain('milliseconds');
  expect(refused('fault swap 1 nobody')).toContain('Swapped for which card?');
  expect(refused('plug many')).toContain('A number from 0 to 10');
  expect(refused('keys enter')).toBe('Say one of: right, wrong, cancel.');
  expect(refused('pinpad')).toBe('Say one of: on, off.');
  expect(readState(reader)).toMatchObject({ card: null, insertion: 0, readers: 1 });
});

test('finds the one demo that runs, or asks which; a folder may be named', () => {
  const other = path.join(parent, 'other');
  makeReader(other);
  expect(card('remove', [])).toEqual({ ok: false, error: expect.stringContaining('No demo with a virtual card is running') });
  expect(card('remove', [reader, other])).toEqual({ ok: false, error: expect.stringContaining('Several demos are running') });
  expect(said(`insert lotte --dir ${other}`)).toBe('In the reader now: lotte.');
  expect([readState(reader).card, readState(other).card]).toEqual([null, 'lotte']);
  expect(refused(`remove --dir ${parent}`)).toBe(`There is no reader in ${parent}.`);
  expect(said(`reader ${path.join(parent, 'new')}`)).toContain('LOKET_VIRTUAL_CARD=');
  expect(readState(path.join(parent, 'new')).card).toBeNull();
});

test('a demo says where its reader is for as long as it runs', () => {
  const folder = path.join(parent, 'running');
  expect(findReaders(folder)).toEqual([]);
  const forget = announceReader(reader, folder);
  // Left behind by a demo that was killed: no process has this number.
  writeFileSync(path.join(folder, '4194999'), '/nowhere');
  expect(findReaders(folder)).toEqual([reader]);
  forget();
  expect(findReaders(folder)).toEqual([]);
});
