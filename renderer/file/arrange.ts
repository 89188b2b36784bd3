import type { Theme } from '../../contract/file.ts';
import type { ItemKind, ItemView, SourceView } from '../../contract/file-view.ts';
import type { Language } from '../../contract/language.ts';
import { makeItemWords, plain } from './item-words.ts';
import type { Order } from './sort-items.ts';

export type Wish = { order: Order; kind: ItemKind | 'all'; query: string; language: Language };

/** `month`: `2026-11`. */
export type Row =
  | {
      row: 'heading';
      key: string;
      heading: { kind: 'waiting' | 'others' } | { kind: 'month'; month: string } | { kind: 'theme'; theme: Theme };
    }
  | { row: 'item'; key: string; item: ItemView }
  | { row: 'suggestions'; key: string };

/** What the page lists, of items that are in that order already (`createSort`). */
export function arrange(sorted: readonly ItemView[], sources: ReadonlyMap<string, SourceView>, wish: Wish): Row[] {
  const words = plain(wish.query).split(' ').filter(Boolean);
  const ofKind = wish.kind === 'all' ? sorted : sorted.filter(({ kind }) => kind === wish.kind);
  const wordsOf = makeItemWords(sources, wish.language);
  const wanted = words.reduce((left, word) => left.filter((item) => wordsOf(item).includes(word)), ofKind);
  switch (wish.order) {
    case 'waiting':
      // Where nothing waits there is nothing to tell apart.
      return wanted[0]?.action ? withHeadings(wanted, ({ action }) => (action ? waiting : others)) : wanted.map(rowOf);
    case 'time':
      return withHeadings(wanted, ({ on }) => monthOf(on.slice(0, 7)));
    case 'theme':
      return withHeadings(wanted, ({ theme }) => themeOf(theme));
  }
}

/** What may be worth knowing comes after what waits, and before the rest. */
export function withSuggestions(rows: readonly Row[]): Row[] {
  const rest = rows.findIndex(({ key }) => key === others.key);
  const at = rest >= 0 ? rest : rows[0]?.key === waiting.key ? rows.length : 0;
  return rows.toSpliced(at, 0, { row: 'suggestions', key: 'suggestions' });
}

/** How many things wait for the person, whatever is filtered. */
export function countWaiting(items: readonly ItemView[]): number {
  return items.reduce((count, { action }) => count + (action ? 1 : 0), 0);
}

/** Which kinds there are, in the order of the contract's list. */
export function kindsIn(items: readonly ItemView[]): ItemKind[] {
  const found = new Set<ItemKind>();
  for (const { kind } of items) found.add(kind);
  return kinds.filter((kind) => found.has(kind));
}

const kinds: readonly ItemKind[] = [
  'dossier',
  'message',
  'payment',
  'appointment',
  'reservation',
  'permit',
  'loan',
  'document',
  'register_data',
  'consultation',
];

type HeadingRow = Extract<Row, { row: 'heading' }>;

const waiting: HeadingRow = { row: 'heading', key: 'heading/waiting', heading: { kind: 'waiting' } };
const others: HeadingRow = { row: 'heading', key: 'heading/others', heading: { kind: 'others' } };
const monthOf = (month: string): HeadingRow => ({ row: 'heading', key: `heading/${month}`, heading: { kind: 'month', month } });
const themeOf = (theme: Theme): HeadingRow => ({ row: 'heading', key: `heading/${theme}`, heading: { kind: 'theme', theme } });

function withHeadings(items: readonly ItemView[], heading: (item: ItemView) => HeadingRow): Row[] {
  const rows: Row[] = [];
  let last = '';
  for (const item of items) {
    const row = heading(item);
    if (row.key !== last) rows.push(row);
    last = row.key;
    rows.push(rowOf(item));
  }
  return rows;
}

function rowOf(item: ItemView): Row {
  return { row: 'item', key: item.key, item };
}
