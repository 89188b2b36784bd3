import { expect, it } from 'vitest';
import { Reference } from '../../contract/ids.ts';
import { makeReference } from './reference.ts';

it('is by chance, with every letter in every place', () => {
  const made = Array.from({ length: 2_000 }, () => makeReference('KTR'));
  expect(new Set(made).size).toBe(2_000);
  expect(made.filter((reference) => !Reference.safeParse(reference).success)).toEqual([]);
  for (const at of [4, 5, 6, 7, 9, 10, 11, 12]) expect(new Set(made.map((reference) => reference[at])).size).toBe(32);
});
