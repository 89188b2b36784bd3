import { create } from 'zustand';
import type { CatalogueEntry, CataloguePart, EventEntry } from '../../contract/catalogue.ts';
import type { Language } from '../../contract/language.ts';
import { messagesFor } from '../i18n/messages.ts';
import { type CatalogueSearch, createSearch } from './search.ts';

export type CatalogueState = {
  language: Language | null;
  edition: string;
  entries: readonly CatalogueEntry[];
  byId: ReadonlyMap<string, CatalogueEntry>;
  events: readonly EventEntry[];
  search: CatalogueSearch | null;
  /** How much of it can be found. */
  indexed: number;
  total: number;
  takePart(part: CataloguePart): void;
  /** Puts what came into the index until `enough` says so. @returns whether something is left */
  indexSome(enough: () => boolean): boolean;
};

const nothing = { language: null, edition: '', entries: [], byId: new Map(), events: [], search: null, indexed: 0, total: 0 };

/** The catalogue as main sent it, in parts; another language or edition takes its place. */
export const useCatalogue = create<CatalogueState>()((set, get) => ({
  ...nothing,
  takePart: (part) =>
    set((state) => {
      const before = part.part === 0 ? begin(part) : state;
      if (before.edition !== part.edition) return state;
      const byId = new Map(before.byId);
      for (const entry of part.entries) byId.set(entry.id, entry);
      return { ...before, entries: [...before.entries, ...part.entries], byId };
    }),
  indexSome: (enough) => {
    const { search, entries, indexed } = get();
    let at = indexed;
    while (search && at < entries.length && !enough()) {
      const entry = entries[at];
      if (entry) search.add(entry);
      at += 1;
    }
    if (at !== indexed) set({ indexed: at });
    return at < entries.length;
  },
}));

function begin({ edition, language, total, ignored, events }: CataloguePart): Omit<CatalogueState, 'takePart' | 'indexSome'> {
  const words = messagesFor(language);
  const themes = Object.fromEntries(
    Object.entries(words).flatMap(([id, text]) => (id.startsWith('theme.') ? [[id.slice('theme.'.length), text]] : [])),
  );
  return { ...nothing, edition, language, total, events, search: createSearch(ignored, themes) };
}
