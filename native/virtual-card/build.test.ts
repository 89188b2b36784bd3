import { expect, test } from 'vitest';
import { sourceFiles } from './build.ts';

test('new cards when what goes into them changes, and not when what only moves them does', () => {
  const files = sourceFiles();
  const makers = files.filter((file) => !file.includes('/'));
  expect(makers).toEqual([
    ...['alter.ts', 'authority-keys.ts', 'build.ts', 'card-files.ts', 'certificates.ts', 'fresh-folder.ts', 'issuers.ts'],
    ...['make-cards.ts', 'personas.json', 'personas.ts', 'tlv.ts'],
  ]);
  expect(files).toEqual(expect.arrayContaining(['module/module.h', 'module/pin.c', 'photos/lotte.jpg']));
});
