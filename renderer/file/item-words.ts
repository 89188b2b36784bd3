import type { SourceText } from '../../contract/file.ts';
import type { ItemView, SourceView } from '../../contract/file-view.ts';
import type { Language } from '../../contract/language.ts';
import { readSourceText } from '../../contract/source-text.ts';

/** Go with their items: nothing holds them once those are forgotten. */
const texts = new Map<Language, WeakMap<ItemView, string>>();

/** All words of an item as somebody may type them. Made once for each: a key press looks at ten thousand. */
export function makeItemWords(sources: ReadonlyMap<string, SourceView>, language: Language): (item: ItemView) => string {
  const known = texts.get(language) ?? new WeakMap<ItemView, string>();
  texts.set(language, known);
  return (item) => {
    const before = known.get(item);
    if (before !== undefined) return before;
    const text = writeWords(item, sources.get(item.source), language);
    known.set(item, text);
    return text;
  };
}

function writeWords(item: ItemView, source: SourceView | undefined, language: Language): string {
  const said: (SourceText | undefined)[] = [item.title, item.next, item.action?.text, source?.name];
  if (item.kind === 'dossier') said.push(item.status);
  if (item.kind === 'message') said.push(item.text);
  if (item.kind === 'register_data') said.push(item.value);
  if (item.kind === 'appointment' || item.kind === 'reservation') said.push(item.place);
  if (item.kind === 'document') said.push(item.issuedBy);
  if (item.kind === 'consultation') said.push(item.by, item.purpose, ...item.fields);
  const words = said.map((each) => (each ? readSourceText(each, language).words : ''));
  return plain([...words, item.number ?? '', item.contact?.name ?? ''].join(' '));
}

/** Small letters without accents: nobody types those on a screen. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
