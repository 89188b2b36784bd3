import { expect, it } from 'vitest';
import type { FileItem } from '../../contract/file.ts';
import { SuggestionRule, type When } from '../../contract/suggestion.ts';
import { loadCatalogue } from '../catalogue/load-catalogue.ts';
import { shippedCatalogue } from '../catalogue/shipped.ts';
import { type Known, suggest } from './suggest.ts';

const birth = (year: number | null, month: number | null = 3, day: number | null = 12) => ({ year, month, day, original: '' });
const known: Known = {
  birthDate: birth(1948),
  address: {
    streetAndNumber: 'Proefstraat 3',
    postalCode: '8510',
    municipality: 'Kortrijk',
    parts: { street: 'Proefstraat', houseNumber: '3', box: null },
  },
  roles: [{ as: { kind: 'enterprise', enterpriseNumber: '0207494678', role: 'bestuurder' }, name: 'Bakkerij', seat: null, until: null }],
  items: [
    {
      kind: 'permit',
      theme: 'mobility_and_public_works',
      answeredBy: '9009',
      on: '2026-11-02',
      validFrom: '2026-11-02',
      validUntil: '2027-01-02',
    } as FileItem,
    { kind: 'register_data', on: '2020-01-01', fact: { fact: 'household_size', persons: 4 } } as FileItem,
  ],
  interests: ['culture_sport_and_leisure'],
  today: '2026-11-22',
};
const rule = (when: When, more: Partial<SuggestionRule> = {}): SuggestionRule =>
  SuggestionRule.parse({ id: 'x', about: { product: 'flu-vaccine' }, when, because: { nl: 'omdat' }, ...more });
const holds = (when: When, of: Known = known) => suggest([rule(when)], of).length === 1;

it.each<[When, boolean]>([
  [{ age: { from: 65 } }, true],
  [{ age: { from: 79 } }, false],
  [{ age: { to: 78 } }, true],
  [{ age: { from: 78, to: 78 } }, true],
  [{ postalCode: ['8510', '8500'] }, true],
  [{ postalCode: ['8930'] }, false],
  [{ street: ['PROEFSTRAAT'] }, true],
  [{ street: ['Andere straat'] }, false],
  [{ enterprise: true }, true],
  [{ parent: true }, false],
  [{ item: { kind: 'permit', withinDays: 30 } }, true],
  [{ item: { kind: 'permit', withinDays: 5 } }, false],
  [{ item: { kind: 'loan' } }, false],
  [{ item: { kind: 'permit', answeredBy: '9009' } }, true],
  [{ item: { answeredBy: '9010' } }, false],
  [{ item: { kind: 'permit', endsWithinDays: 41 } }, true],
  // It began twenty days ago, and ends later.
  [{ item: { kind: 'permit', endsWithinDays: 40 } }, false],
  [{ household: { from: 4 } }, true],
  [{ household: { from: 5 } }, false],
  [{ household: { to: 3 } }, false],
  [{ all: [{ age: { from: 65 } }, { postalCode: ['8510'] }] }, true],
  [{ all: [{ age: { from: 65 } }, { parent: true }] }, false],
  [{ any: [{ parent: true }, { postalCode: ['8510'] }] }, true],
  [{ interest: ['economy_and_work', 'culture_sport_and_leisure'] }, true],
  [{ interest: ['economy_and_work'] }, false],
  [{ not: { parent: true } }, true],
])('%j is %s', (when, expected) => expect(holds(when)).toBe(expected));

it('has a birthday on the day itself, and where nobody knows the day on the last that it can be', () => {
  const on = (birthDate: Known['birthDate'], today: string) => holds({ age: { from: 65 } }, { ...known, birthDate, today });
  expect([on(birth(1961, 11, 23), '2026-11-22'), on(birth(1961, 11, 22), '2026-11-22')]).toEqual([false, true]);
  expect([on(birth(1961, null, null), '2026-12-30'), on(birth(1961, null, null), '2026-12-31')]).toEqual([false, true]);
});

it('an end is ahead, and of something that is not done', () => {
  const ends = (item: object, today = known.today) =>
    holds({ item: { endsWithinDays: 10 } }, { ...known, today, items: [{ on: '2020-01-01', ...item } as FileItem] });
  const day = '2026-11-25';
  expect(
    [
      { kind: 'document', validUntil: day },
      { kind: 'loan', due: day },
      { kind: 'payment', due: day, paidOn: null },
      { kind: 'dossier', action: { until: day } },
    ].map((item) => ends(item)),
  ).toEqual([true, true, true, true]);
  const over = [
    { kind: 'payment', due: day, paidOn: '2026-11-20' },
    { kind: 'permit', validUntil: null },
    { kind: 'dossier' },
    { kind: 'document', validUntil: '2026-11-21' },
  ];
  expect(over.map((item) => ends(item))).toEqual([false, false, false, false]);
});

it('how many live there is not known where no register says it, or two say different things', () => {
  const size = (persons: number) => ({ kind: 'register_data', on: '2020-01-01', fact: { fact: 'household_size', persons } }) as FileItem;
  const of = (...items: FileItem[]) =>
    [{ household: { from: 4 } }, { household: { to: 3 } }].map((when) => holds(when, { ...known, items }));
  expect([of(), of(size(4), size(2)), of(size(4), size(4))]).toEqual([
    [false, false],
    [false, false],
    [true, false],
  ]);
});

it('what is not known suggests nothing, and neither does its opposite', () => {
  const nothing: Known = { ...known, birthDate: birth(null), address: null, roles: null, items: null, interests: null };
  const whens: When[] = [{ age: { from: 65 } }, { postalCode: ['8510'] }, { street: ['Proefstraat'] }];
  for (const when of [
    ...whens,
    { enterprise: true },
    { parent: true },
    { item: {} },
    { household: { from: 1 } },
    { interest: ['culture_sport_and_leisure'] },
  ] satisfies When[]) {
    expect([holds(when, nothing), holds({ not: when }, nothing)]).toEqual([false, false]);
  }
  expect(holds({ any: [{ age: { from: 65 } }, { enterprise: true }] }, { ...nothing, roles: known.roles })).toBe(true);
});

it('a notice has its days', () => {
  const days = { from: '2026-11-20', until: '2026-11-22' };
  expect(suggest([rule({ age: { from: 65 } }, days)], known)).toHaveLength(1);
  expect(suggest([rule({ age: { from: 65 } }, days)], { ...known, today: '2026-11-23' })).toHaveLength(0);
  expect(suggest([rule({ age: { from: 65 } }, days)], { ...known, today: '2026-11-19' })).toHaveLength(0);
});

it('the town’s own notices are chosen the same way: by place, by age, by interest', () => {
  const shipped = loadCatalogue(shippedCatalogue, '34022', () => undefined).suggestions;
  const nobody: Known = { birthDate: null, address: null, roles: null, items: null, interests: null, today: '2026-11-22' };
  const noticesFor = (changes: Partial<Known>) =>
    suggest(shipped, { ...nobody, ...changes }).flatMap(({ id, about }) => ('notice' in about ? [id] : []));
  const parts = { street: 'Zandkapelstraat', houseNumber: '18', box: null };
  const address = { streetAndNumber: 'Zandkapelstraat 18', postalCode: '8500', municipality: 'Kortrijk', parts };
  expect(noticesFor({})).toEqual([]);
  expect(noticesFor({ address })).toEqual(['works-zandkapelstraat']);
  expect(noticesFor({ address: { ...address, postalCode: '8930' } })).toEqual([]);
  expect(noticesFor({ birthDate: birth(1961, 1, 1) })).toEqual(['flu-day-65']);
  expect(noticesFor({ interests: ['culture_sport_and_leisure'] })).toEqual(['culture-season']);
});

it('the town says that a parking permit ends of one that ends, and not of one that has just begun', () => {
  const shipped = loadCatalogue(shippedCatalogue, '34022', () => undefined).suggestions;
  const permit = (validFrom: string, validUntil: string, answeredBy = '9009') =>
    ({ kind: 'permit', theme: 'mobility_and_public_works', on: validFrom, validFrom, validUntil, answeredBy }) as FileItem;
  const idsFor = (item: FileItem) => suggest(shipped, { ...known, items: [item] }).map(({ id }) => id);
  expect(idsFor(permit('2025-12-10', '2026-12-10'))).toContain('permit-ends');
  expect(idsFor(permit('2026-11-20', '2027-11-20'))).not.toContain('permit-ends');
  expect(idsFor(permit('2025-12-10', '2026-12-10', '9079'))).not.toContain('permit-ends');
});
