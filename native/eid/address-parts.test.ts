import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guessAddressParts } from './address-parts.ts';

test.each<[string, string, string, string | null]>([
  ['Rue des Saules Pâles 7 bte 2', 'Rue des Saules Pâles', '7', '2'],
  ['Leemkuilstraat 31 bus 0004', 'Leemkuilstraat', '31', '0004'],
  ['Zandkapelstraat 18A', 'Zandkapelstraat', '18A', null],
  ['Kerkstraat 12/3', 'Kerkstraat', '12', '3'],
  ['Kerkstraat 12 /0003', 'Kerkstraat', '12', '0003'],
  ['Kerkstraat 12 /b003', 'Kerkstraat', '12', '003'],
  ['Kerkstraat 12 / bus 3', 'Kerkstraat', '12', '3'],
  ['Kerkstraat 12/A', 'Kerkstraat', '12', 'A'],
  ['Kerkstraat 12 b3', 'Kerkstraat', '12', '3'],
  ['Kerkstraat 12 b 3', 'Kerkstraat', '12', '3'],
  ['Kerkstraat 12b3', 'Kerkstraat', '12', '3'],
  ['Kerkstraat 12 B', 'Kerkstraat', '12 B', null],
  ['Kerkstraat 12 A bus 3', 'Kerkstraat', '12 A', '3'],
  ['Kerkstraat 12A/3', 'Kerkstraat', '12A', '3'],
  ['Kerkstraat 12, bus 3', 'Kerkstraat', '12', '3'],
  ['Kerkstraat 12 bus A', 'Kerkstraat', '12', 'A'],
  ['Kerkstraat 12 BUS 3.1', 'Kerkstraat', '12', '3.1'],
  ['Kerkstraat 12-14', 'Kerkstraat', '12-14', null],
  ['Kerkstraat 12 - 14 bus 1', 'Kerkstraat', '12 - 14', '1'],
  ['Kerkstraat 12bis', 'Kerkstraat', '12bis', null],
  ['Rue Haute 12 ter bte 3', 'Rue Haute', '12 ter', '3'],
  ['Kerkstraat, 12', 'Kerkstraat', '12', null],
  ['Kerkstraat nr. 12', 'Kerkstraat', '12', null],
  ['Rue Haute n° 5', 'Rue Haute', '5', null],
  ['Rue du 11 Novembre 5', 'Rue du 11 Novembre', '5', null],
  ['Place du 20 Août 3 boîte A2', 'Place du 20 Août', '3', 'A2'],
  ['Avenue du Bois 231 boite 1/2', 'Avenue du Bois', '231', '1/2'],
  ['Hauptstraße 12 Box 3', 'Hauptstraße', '12', '3'],
  ['Aachener Straße 5 Briefkasten 2', 'Aachener Straße', '5', '2'],
  ['Weidenhagstraße 14 Bfk. 3', 'Weidenhagstraße', '14', '3'],
  ['Zur Linde Nr. 5', 'Zur Linde', '5', null],
  ['4de-Linielaan 16', '4de-Linielaan', '16', null],
  ['  Kerkstraat   12  ', 'Kerkstraat', '12', null],
])('%s', (printed, street, houseNumber, box) => {
  expect(guessAddressParts(printed)).toEqual({ street, houseNumber, box });
});

test.each([
  '',
  ' ',
  '12',
  'Kerkstraat',
  'Place du 20 Août',
  '16 Rue de la Loi',
  'Kerkstraat 12 bus',
  'Weg 123456',
  'Kerkstraat twaalf',
  '12 /3',
])('no house number to be told apart in "%s"', (printed) => {
  expect(guessAddressParts(printed)).toBeNull();
});

const word = fc.constantFrom(
  'Kerk',
  'Rue',
  'Straße',
  '12',
  '7',
  ' ',
  '  ',
  ',',
  '/',
  '-',
  'bus',
  'bte',
  'b',
  'boîte',
  'nr.',
  'A',
  'bis',
  '\u0301',
);

test('whatever is printed, the parts stand in it, in this order, and nothing is thrown', () => {
  const printed = fc.oneof(
    fc.array(word, { maxLength: 80 }).map((words) => words.join('')),
    fc.string({ maxLength: 40, unit: 'binary' }),
  );
  fc.assert(
    fc.property(printed, (text) => {
      const parts = guessAddressParts(text);
      if (parts === null) return true;
      const streetAt = text.indexOf(parts.street);
      const numberAt = text.indexOf(parts.houseNumber, streetAt + parts.street.length);
      const boxAt = parts.box === null ? text.length : text.indexOf(parts.box, numberAt + parts.houseNumber.length);
      return parts.street.trim() !== '' && /^\d/.test(parts.houseNumber) && streetAt >= 0 && streetAt < numberAt && numberAt < boxAt;
    }),
    { numRuns: 300 },
  );
});

test('the longest text that a card can hold takes no noticeable time, however it is made', () => {
  const texts = ['a 1 ', '1 ', 'a 1/', 'a 1 bus ', 'a 1-', 'a  ', 'a, 1b', ', '].map((piece) => piece.repeat(512).slice(0, 512));
  for (const text of texts) {
    const before = performance.now();
    guessAddressParts(text);
    expect(performance.now() - before).toBeLessThan(200);
  }
});
