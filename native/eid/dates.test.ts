import { describe, expect, test } from 'vitest';
import { parseBirthDate, parsePrintedDate } from './dates.ts';

test.each([
  ['01 JAN  1985', 1985, 1, 1],
  ['30 APR 1985', 1985, 4, 30],
  ['05 MAAR 1931', 1931, 3, 5],
  ['17 MEI  2004', 2004, 5, 17],
  ['28 OKT  1999', 1999, 10, 28],
  ['12 FEV  1970', 1970, 2, 12],
  ['03 MARS 1968', 1968, 3, 3],
  ['09 JUIN 2001', 2001, 6, 9],
  ['31 JUIL 1955', 1955, 7, 31],
  ['15 AOUT 1949', 1949, 8, 15],
  ['30 SEPT 1980', 1980, 9, 30],
  ['24 DEC  1990', 1990, 12, 24],
  ['08.MÄR.1962', 1962, 3, 8],
  ['11.DEZ.2010', 2010, 12, 11],
  ['19.OKT.1977', 1977, 10, 19],
  // Short forms that cards are not known to print, and letters with their accents apart.
  ['02 JANV 1977', 1977, 1, 2],
  ['02.MRZ.1977', 1977, 3, 2],
  ['02 FÉV  1977', 1977, 2, 2],
  ['02 AOU\u0302T 1977', 1977, 8, 2],
])('the printed date of birth %s', (original, year, month, day) => {
  expect(parseBirthDate(original)).toEqual({ year, month, day, original });
});

test.each([
  ['        1952', 1952, null, null],
  ['   JAN  1952', 1952, 1, null],
  ['  .   .1952', 1952, null, null],
  ['1952', 1952, null, null],
  ['01 XYZ  1985', 1985, null, 1],
  ['00 JAN  1985', 1985, 1, null],
  ['31 FEB  1985', 1985, 2, null],
  ['29 FEB  2024', 2024, 2, 29],
  ['29 FEB  2023', 2023, 2, null],
  ['123 JAN 1985', 1985, 1, null],
  ['01 JAN  0085', null, 1, 1],
  ['', null, null, null],
  ['onbekend', null, null, null],
])('"%s" keeps what is printed and guesses nothing', (original, year, month, day) => {
  expect(parseBirthDate(original)).toEqual({ year, month, day, original });
});

test.each([
  ['14.03.2022', '2022-03-14'],
  ['29.02.2024', '2024-02-29'],
  ['29.02.2023', null],
  ['31.04.2023', null],
  ['00.01.2023', null],
  ['01.13.2023', null],
  ['1.3.2022', null],
  ['14/03/2022', null],
  ['', null],
  [' 14.03.2022', null],
  ['14.03.20222', null],
  ['١٤.٠٣.٢٠٢٢', null],
])('printed date %s', (original, date) => {
  expect(parsePrintedDate(original)).toEqual({ date, original });
});

/** eid-mw, plugins_tools/eid-viewer/conversions/dob.cpp. */
const printedMonths = {
  fr: 'JAN FEV MARS AVR MAI JUIN JUIL AOUT SEPT OCT NOV DEC',
  nl: 'JAN FEB MAAR APR MEI JUN JUL AUG SEP OKT NOV DEC',
  de: 'JAN FEB MÄR APR MAI JUN JUL AUG SEP OKT NOV DEZ',
};

describe.each(Object.entries(printedMonths))('the months in %s', (language, names) => {
  const point = language === 'de' ? '.' : ' ';

  test.each(names.split(' ').map((name, index) => [name, index + 1] as const))('%s, with and without a day', (name, month) => {
    for (const printed of [name, name.padEnd(4)]) {
      const known = ['17', printed, '1961'].join(point);
      expect(parseBirthDate(known)).toEqual({ year: 1961, month, day: 17, original: known });
      const noDay = ['  ', printed, '1961'].join(point);
      expect(parseBirthDate(noDay)).toEqual({ year: 1961, month, day: null, original: noDay });
    }
    // What a text editor would make of the same letters.
    const decomposed = ['17', name.normalize('NFD').toLowerCase(), '1961'].join(point);
    expect(parseBirthDate(decomposed)).toMatchObject({ year: 1961, month, day: 17 });
  });
});
