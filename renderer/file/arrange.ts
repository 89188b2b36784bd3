import type { SourceText, Theme } from '../../contract/file.ts';
import type { ItemKind, ItemView, SourceView } from '../../contract/file-view.ts';
import type { Language } from '../../contract/language.ts';
import { readSourceText } from '../../contract/source-text.ts';
import { themes } from '../catalogue/themes.ts';

/** `waiting`: what waits for the person first, then the newest. */
export type Order = 'waiting' | 'time' | 'theme';

export type Wish = { order: Order; kind: ItemKind | 'all'; query: string; language: Language };

/** `month`: `2026-11`. */
export type Row =
  | {
      row: 'heading';
      key: string;
      heading: { kind: 'waiting' | 'others' } | { kind: 'month'; month: string } | { kind: 'theme'; theme: Theme };
    }
  | { row: 'item'; key: string; item: ItemView };

/** What the page lists, in its order. Facts of registers are no events: they come after what happens. */
export function arrange(items: readonly ItemView[], sources: ReadonlyMap<string, SourceView>, wish: Wish): Row[] {
  const words = plain(wish.query).split(' ').filter(Boolean);
  const wanted = items.filter((item) => {
    if (wish.kind !== 'all' && item.kind !== wish.kind) return false;
    if (words.length === 0) return true;
    const text = textOf(item, sources.get(item.source), wish.language);
    return words.every((word) => text.includes(word));
  });
  switch (wish.order) {
    case 'waiting':
      return byWaiting(wanted);
    case 'time':
      return withHeadings(newestFirst(wanted), ({ on }) => ({ kind: 'month', month: on.slice(0, 7) }));
    case 'theme': {
      const place = new Map(themes.map((theme, at) => [theme, at]));
      const sorted = newestFirst(wanted).sort((one, other) => (place.get(one.theme) ?? 0) - (place.get(other.theme) ?? 0));
      return withHeadings(sorted, ({ theme }) => ({ kind: 'theme', theme }));
    }
  }
}

/** How many things wait for the person, whatever is filtered. */
export function countWaiting(items: readonly ItemView[]): number {
  return items.reduce((count, { action }) => count + (action ? 1 : 0), 0);
}

/** Which kinds there are, in the order of the contract's list. */
export function kindsIn(items: readonly ItemView[]): ItemKind[] {
  const found = new Set(items.map(({ kind }) => kind));
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

type Heading = Extract<Row, { row: 'heading' }>['heading'];

function byWaiting(items: readonly ItemView[]): Row[] {
  const waiting = items.filter(({ action }) => action).sort((one, other) => compare(one.action?.until ?? '9', other.action?.until ?? '9'));
  const others = newestFirst(items.filter(({ action }) => !action)).sort((one, other) => rank(one) - rank(other));
  const rows: Row[] = [];
  if (waiting.length > 0) rows.push(headingOf({ kind: 'waiting' }), ...waiting.map(rowOf));
  if (others.length > 0) rows.push(...(waiting.length > 0 ? [headingOf({ kind: 'others' })] : []), ...others.map(rowOf));
  return rows;
}

function rank({ kind }: ItemView): number {
  return kind === 'register_data' ? 1 : kind === 'consultation' ? 2 : 0;
}

function withHeadings(items: readonly ItemView[], heading: (item: ItemView) => Heading): Row[] {
  const rows: Row[] = [];
  let last = '';
  for (const item of items) {
    const row = headingOf(heading(item));
    if (row.key !== last) rows.push(row);
    last = row.key;
    rows.push(rowOf(item));
  }
  return rows;
}

function headingOf(heading: Heading): Row {
  return { row: 'heading', key: `heading/${JSON.stringify(heading)}`, heading };
}

function rowOf(item: ItemView): Row {
  return { row: 'item', key: item.key, item };
}

function newestFirst(items: readonly ItemView[]): ItemView[] {
  return [...items].sort((one, other) => compare(other.on, one.on));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

const texts = new Map<Language, WeakMap<ItemView, string>>();

/** All words of an item as somebody may type them. Made once: a key press looks at ten thousand. */
function textOf(item: ItemView, source: SourceView | undefined, language: Language): string {
  const known = texts.get(language) ?? new WeakMap<ItemView, string>();
  texts.set(language, known);
  const before = known.get(item);
  if (before !== undefined) return before;
  const said: (SourceText | undefined)[] = [item.title, item.next, item.action?.text, source?.name];
  if (item.kind === 'dossier') said.push(item.status);
  if (item.kind === 'message') said.push(item.text);
  if (item.kind === 'register_data') said.push(item.value);
  if (item.kind === 'appointment' || item.kind === 'reservation') said.push(item.place);
  const text = plain([...said.map((each) => (each ? readSourceText(each, language).words : '')), item.number ?? ''].join(' '));
  known.set(item, text);
  return text;
}

/** Small letters without accents: nobody types those on a screen. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
