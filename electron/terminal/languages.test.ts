import { expect, it } from 'vitest';
import { TerminalConfig } from '../../contract/terminal-config.ts';
import { testTerminal } from '../testing/terminal.ts';

it.each([
  ['Dutch alone', ['nl'], true],
  ['all four, Dutch first', ['nl', 'fr', 'de', 'en'], true],
  ['French first: at rest a Flemish town speaks Dutch', ['fr', 'nl'], false],
  ['no Dutch', ['fr'], false],
  ['none', [], false],
  ['one twice', ['nl', 'fr', 'fr'], false],
  ['one that is not written', ['nl', 'it'], false],
])('the languages of a terminal: %s', (_what, languages, fits) => {
  expect(TerminalConfig.safeParse({ ...testTerminal, languages }).success).toBe(fits);
});
