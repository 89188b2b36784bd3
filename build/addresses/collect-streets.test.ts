import { expect, it } from 'vitest';
import { createStreetFinder } from '../../contract/address.ts';
import { collectStreets } from './collect-streets.ts';

const header = 'address_id,house_number,municipality_id,municipality_name_fr,municipality_name_nl,postcode,street_id,streetname_nl,status';
const line = (number: string, town: string, name: string, postcode: string, street: string, words: string, status = 'current') =>
  `a${number},${number},${town},,${name},${postcode},${street},${words},${status}`;
async function* lines(...all: string[]) {
  yield* all;
}
const options = { asOf: '2026-11-15', towns: ['34022'] };

it('makes a copy of the streets that are there now, once each, for the towns that are asked', async () => {
  const made = await collectStreets(
    lines(
      `\uFEFF${header}`,
      line('1', '34022', 'Kortrijk', '8500', 's1', 'Vlasblomstraat'),
      line('3', '34022', 'Kortrijk', '8500', 's1', 'Vlasblomstraat'),
      line('5', '34022', 'Kortrijk', '8510', 's1', 'Vlasblomstraat'),
      line('7', 'https://data.voorbeeld/gemeente/34022', 'Kortrijk', '8500', 's2', '"Plein, het oude ""Spoel"""'),
      line('9', '34022', 'Kortrijk', '8500', 's3', 'Verdwenen Weg', 'retired'),
      line('2', '44021', 'Gent', '9000', 's4', 'Elders'),
    ),
    options,
  );
  if (!made.ok) throw new Error(made.error);
  const [copy] = made.value;
  expect(copy?.streets.map(({ name, postalCode }) => `${name.nl} ${postalCode}`)).toEqual([
    'Vlasblomstraat 8500',
    'Vlasblomstraat 8510',
    'Plein, het oude "Spoel" 8500',
  ]);
  expect(copy && createStreetFinder(copy).find('spoel', '34022')).toHaveLength(1);
});

it('reads no file by guessing, and says so when a town is not in it', async () => {
  expect(await collectStreets(lines('straat,nummer', 'Vlasblomstraat,1'), options)).toMatchObject({ ok: false });
  expect(await collectStreets(lines(), options)).toMatchObject({ ok: false });
  expect(await collectStreets(lines(header, line('2', '44021', 'Gent', '9000', 's4', 'Elders')), options)).toEqual({
    ok: false,
    error: 'This file has no street of 34022: is it of the right region?',
  });
});
