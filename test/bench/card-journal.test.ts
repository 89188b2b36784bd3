import { expect, test } from 'vitest';
import { countCalls } from './card-journal.ts';

const journal = (...calls: string[]) => calls.map((call) => `call ${call}`);

test('counts from C_OpenSession to the last byte, polls apart, and a length with its read as one', () => {
  const before = journal('C_GetSlotList', 'C_GetSlotInfo');
  const search = ['C_FindObjectsInit', 'C_FindObjects', 'C_FindObjectsFinal'];
  const first = journal('C_OpenSession', ...search, 'C_GetAttributeValue', 'C_GetAttributeValue', 'C_GetSessionInfo');
  const second = journal(...search, 'C_GetAttributeValue', 'C_CloseSession');
  expect(countCalls([...before, ...first, 'read identity', ...second])).toBe(9);
});

test('a call too many is counted', () => {
  const read = ['C_FindObjectsInit', 'C_FindObjects', 'C_FindObjectsFinal', 'C_GetAttributeValue'];
  expect(countCalls(journal('C_OpenSession', ...read, 'C_FindObjectsFinal', ...read))).toBe(10);
  expect(countCalls(journal('C_OpenSession', ...read, 'C_GetTokenInfo', 'C_GetInfo', ...read))).toBe(11);
});
