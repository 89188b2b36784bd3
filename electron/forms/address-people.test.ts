import { expect, it } from 'vitest';
import { textsOf } from '../../contract/forms/find-faults.ts';
import { addressPeople } from './address-people.ts';
import { bundledForms } from './bundled-forms.ts';
import { findFormal, findInformal } from './lint/plain-words.ts';
import { loadForms } from './load-forms.ts';

const forms = loadForms(bundledForms, () => undefined);
const dutchOf = (address: 'formal' | 'informal') =>
  [...addressPeople(forms, address).values()].flatMap((form) => textsOf(form).filter(({ path }) => path !== '/legalGround'));

it('says u to everybody, or je to everybody, and never both', () => {
  const formal = dutchOf('formal').map(({ text }) => text.nl ?? '');
  const informal = dutchOf('informal').map(({ text }) => text.nl ?? '');
  expect(formal.flatMap(findInformal)).toEqual([]);
  expect(formal.flatMap(findFormal).length).toBeGreaterThan(100);
  expect(informal.flatMap(findFormal)).toEqual([]);
  expect(informal.flatMap(findInformal).length).toBeGreaterThan(100);
});

it('leaves the other languages, the rules and the order as they are', () => {
  const [before, after] = [dutchOf('formal'), dutchOf('informal')];
  expect(after.map(({ path, text: { fr, de, en } }) => [path, fr, de, en])).toEqual(
    before.map(({ path, text: { fr, de, en } }) => [path, fr, de, en]),
  );
  const move = addressPeople(forms, 'informal').get('change-of-address');
  expect(move?.schema).toBe(forms.get('change-of-address')?.schema);
  expect(move?.findProblems({}, null)).toEqual(forms.get('change-of-address')?.findProblems({}, null));
});
