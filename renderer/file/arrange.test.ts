import { expect, it } from 'vitest';
import type { ItemView, SourceView } from '../../contract/file-view.ts';
import { makeFilePush } from '../fixtures/file-views.ts';
import { arrange, countWaiting, kindsIn, type Wish, withSuggestions } from './arrange.ts';
import { createSort } from './sort-items.ts';

const { items, sources: all } = makeFilePush('file');
const sources = new Map<string, SourceView>(all.map((source) => [source.id, source]));
const wish: Wish = { order: 'waiting', kind: 'all', query: '', language: 'nl' };
const arranged = (of: readonly ItemView[], more: Partial<Wish>) =>
  arrange(createSort()(of, more.order ?? 'waiting'), sources, { ...wish, ...more });
const titles = (more: Partial<Wish>, of: readonly ItemView[] = items) =>
  arranged(of, more).flatMap((row) => (row.row === 'item' ? [row.item.title.nl] : []));

it('puts what waits first, the soonest on top, and what registers know last', () => {
  expect(titles({}).slice(0, 2)).toEqual(['Sportkamp herfst', 'Parkeerkaart bewoners']);
  expect(titles({}).slice(-2)).toEqual(['Afvalcontainer', 'Iemand keek naar uw gezin']);
  expect(countWaiting(items)).toBe(2);
});

it('says what may be worth knowing after what waits, and before the rest', () => {
  const placed = (of: readonly ItemView[]) => withSuggestions(arranged(of, {})).findIndex(({ row }) => row === 'suggestions');
  const waits = items.filter(({ action }) => action);
  expect(placed(items)).toBe(1 + waits.length);
  expect(placed(waits)).toBe(1 + waits.length);
  expect(placed(items.filter(({ action }) => !action))).toBe(0);
});

it('goes by month, the newest on top', () => {
  const rows = arranged(items, { order: 'time' });
  expect(rows.filter(({ row }) => row === 'heading').map(({ key }) => key)).toEqual(
    ['2026-12', '2026-11', '2026-10'].map((month) => `heading/${month}`),
  );
  expect(titles({ order: 'time' })[0]).toBe('Parkeerkaart bewoners');
});

it('goes by theme, in the order of the catalogue', () => {
  const rows = arranged(items, { order: 'theme' });
  const found = rows.flatMap((row) => (row.row === 'heading' && row.heading.kind === 'theme' ? [row.heading.theme] : []));
  expect(found).toEqual(['citizen_and_government', 'culture_sport_and_leisure', 'environment_and_energy', 'mobility_and_public_works']);
});

it.each<[string, string[]]>([
  ['ZWEM', ['Zwemles, baan 3']],
  ['2026/ad', ['Adreswijziging']],
  ['bibliotheek', ['2 boeken geleend']],
  ['sport 85', ['Sportkamp herfst']],
  ['onbestaand', []],
])('finds what people type: %s', (query, found) => {
  expect(titles({ query })).toEqual(found);
});

it('finds all that stands on a row: who gave a paper, who looked and at what, who handles it', () => {
  const [one] = items;
  if (!one) throw new Error('no items');
  const { source, key, theme, on, title } = one;
  const base = { source, key, theme, on, title };
  const of: ItemView[] = [
    { ...base, kind: 'document', issuedBy: { nl: 'Burgerlijke stand' }, validUntil: null },
    {
      ...base,
      kind: 'consultation',
      by: { nl: 'een begeleider' },
      purpose: { nl: 'hulp' },
      fields: [{ nl: 'uw adres' }],
      at: '2026-11-20T10:00:00Z',
    },
    { ...base, kind: 'dossier', phase: 'finished', contact: { name: 'Dienst Weefwerk' } },
  ];
  const kindsFor = (query: string) => arranged(of, { query }).flatMap((row) => (row.row === 'item' ? [row.item.kind] : []));
  const queries = ['burgerlijke', 'begeleider', 'hulp', 'adres', 'weefwerk'];
  expect(queries.map(kindsFor)).toEqual([['document'], ['consultation'], ['consultation'], ['consultation'], ['dossier']]);
});

it('finds with and without accents, in the page’s language', () => {
  for (const query of ['decembre', 'décembre', 'DÉCEMBRE']) {
    const rows = arranged(items, { language: 'fr', query });
    expect(rows.filter(({ row }) => row === 'item').length).toBeGreaterThan(0);
  }
});

it('shows one kind alone, and offers the kinds that there are', () => {
  expect(titles({ kind: 'loan' })).toEqual(['2 boeken geleend']);
  expect(kindsIn(items)).toContain('loan');
  expect(kindsIn(items)).not.toContain('appointment');
});

it.each(['waiting', 'time', 'theme'] as const)('comes part by part to the same as all at once: %s', (order) => {
  const sort = createSort();
  for (let some = 1; some <= items.length; some += 1)
    expect(sort(items.slice(0, some), order)).toEqual(createSort()(items.slice(0, some), order));
  // Taken back: what stood before is no beginning of what stands now.
  expect(sort(items.slice(1), order)).toEqual(createSort()(items.slice(1), order));
  expect(sort(items, order)).toEqual(createSort()(items, order));
});
