import MiniSearch, { type SearchOptions } from 'minisearch';
import type { CatalogueEntry } from '../../contract/catalogue.ts';
import { plain, wordsOf } from './plain-words.ts';

export type CatalogueSearch = {
  /** One at a time: whoever fills it decides when the page breathes. */
  add(entry: CatalogueEntry): void;
  /** Best first. `found`: how many there are in all. */
  search(query: string, most: number): { ids: string[]; found: number };
  /** Names that look like what was typed, where nothing was found. */
  nearby(query: string, most: number): string[];
};

/** `text`: name and phrases in one, each word after a space. */
type Known = { id: string; at: number; name: string; phrases: readonly string[]; text: string };

/** How much it says that a word was found there: name, words that people use, theme, description. */
const boost = { name: 8, synonyms: 6, themes: 2, description: 1 };
const fields = ['name', 'synonyms', 'themes', 'description'] as const;
const weights = { fuzzy: 0.4, prefix: 0.7 };
/** Shorter than this there are too many words that begin so, and too few letters to be wrong about. */
const shortQuery = 4;
const shortWord = 3;
const several = 3;

/**
 * Finds products by the words that people use, with their typing errors. `ignored`: words that say nothing ("ik wil mijn …").
 * `themes`: what a theme is called.
 */
export function createSearch(ignored: readonly string[], themes: Readonly<Record<string, string>>): CatalogueSearch {
  const silent = new Set(ignored.map(plain));
  const known = new Map<string, Known>();
  const index = new MiniSearch<CatalogueEntry>({
    fields: [...fields],
    tokenize: wordsOf,
    processTerm: (term) => (silent.has(term) ? null : term),
    extractField: (entry, field) => {
      if (field === 'themes') return entry.themes.map((theme) => themes[theme] ?? '').join(' ');
      return field === 'synonyms' ? entry.synonyms.join(' ') : entry[field as 'id' | 'name' | 'description'];
    },
  });

  /** What fitted the last query, of so many. */
  let narrowed: { begun: string; of: readonly Known[]; size: number } = { begun: '', of: [], size: 0 };

  /** What is left when the words that say nothing are gone; all of them when nothing would be left. */
  function tellingWords(query: string): string[] {
    const all = wordsOf(query);
    const telling = all.filter((word) => !silent.has(word));
    return telling.length > 0 ? telling : all;
  }

  /**
   * Names and people's words that begin so, or have a word that does: no index, so what is common costs no more than what is rare.
   * The best of them, and how many there are.
   */
  function scan(start: string, most: number): { hits: Map<string, Hit>; found: number } {
    const byRank: Hit[][] = Array.from({ length: ranks.meant }, () => []);
    const begun = ` ${start}`;
    let found = 0;
    // One letter more: what did not fit before does not now.
    const isNarrower = narrowed.begun !== '' && narrowed.size === known.size && begun.startsWith(narrowed.begun);
    const among = isNarrower ? narrowed.of : known.values();
    const fitting: Known[] = [];
    for (const entry of among) {
      if (!entry.text.includes(begun)) continue;
      fitting.push(entry);
      found += 1;
      const rank = rankOf(entry, start);
      const equals = byRank[rank];
      if (equals && equals.length < most) equals.push({ entry, score: 0, rank });
    }
    narrowed = { begun, of: fitting, size: known.size };
    const best = byRank.flat().slice(0, most);
    return { hits: new Map(best.map((hit) => [hit.entry.id, hit])), found };
  }

  /** With typing errors, in any order: names and people's words, then every field, then some of the words. */
  function lookUp(words: readonly string[], most: number, hits: Map<string, Hit>): void {
    const asked = words.join(' ');
    const look = (worth: number, queries: readonly string[], options: SearchOptions, fits: (entry: Known) => boolean = () => true) => {
      if (hits.size >= most) return;
      for (const { id, score, terms } of index.search({ queries: [...queries], ...forgiving, ...options }, { boost, weights })) {
        const entry = known.get(id);
        if (entry && !hits.has(id) && fits(entry)) hits.set(id, { entry, score: score * worth, rank: rankOf(entry, asked, terms) });
      }
    };
    const last = words.at(-1) ?? '';
    // Of a word in the making, all that begins so would be looked up; of the words before it, only what they mean.
    if (words.length > 1) look(1, words.slice(0, -1), { combineWith: 'AND', fields: ownWords }, (entry) => hasWord(entry, last));
    look(1, words, { combineWith: 'AND', fields: ownWords });
    // What somebody means stands in its name or is known as a word for it. Elsewhere is looked where that says nothing at all.
    if (hits.size === 0) look(0.1, words, { combineWith: 'AND' });
    if (words.length > 1) look(0.001, words, { combineWith: 'OR', fields: ownWords });
  }

  return {
    add(entry) {
      if (known.has(entry.id)) return;
      const phrase = (text: string) => tellingWords(text).join(' ');
      const [name, phrases] = [phrase(entry.name), entry.synonyms.map(phrase)];
      const text = [name, ...phrases].map((words) => ` ${words}`).join('\n');
      known.set(entry.id, { id: entry.id, at: known.size, name, phrases, text });
      index.add(entry);
    },
    search(query, most) {
      const words = tellingWords(query);
      const asked = words.join(' ');
      if (asked === '') return { ids: [], found: 0 };
      const { hits, found } = scan(asked, most);
      // Where several are called so there is nothing to forgive.
      if (found < several && asked.length >= shortQuery) lookUp(withoutStub(words), most, hits);
      return { ids: inOrder([...hits.values()], most), found: Math.max(found, hits.size) };
    },
    nearby(query, most) {
      const words = tellingWords(query).filter((word) => word.length >= shortWord);
      if (words.length === 0) return [];
      const guesses = index.search(
        { queries: words, combineWith: 'OR', fields: ['name', 'synonyms'], fuzzy: 0.45, prefix: false },
        { boost, weights },
      );
      return guesses.slice(0, most).map(({ id }) => id as string);
    },
  };
}

type Hit = { entry: Known; score: number; rank: number };

function inOrder(hits: Hit[], most: number): string[] {
  const better = (one: Hit, other: Hit) => one.rank - other.rank || other.score - one.score || one.entry.at - other.entry.at;
  return hits
    .sort(better)
    .slice(0, most)
    .map(({ entry }) => entry.id);
}

/** "paspoort k": of the word that was just begun nothing can be said yet. */
function withoutStub(words: readonly string[]): readonly string[] {
  const whole = words.filter((word) => word.length >= shortWord);
  return whole.length > 0 ? whole : words;
}

const ownWords = ['name', 'synonyms'];

/** A word of four letters may have one wrong, one of seven two; the beginning of a long word is enough. */
const forgiving: SearchOptions = {
  fuzzy: (term) => (term.length < 4 ? 0 : term.length < 7 ? 1 : 2),
  prefix: (term) => term.length >= 6,
};

/**
 * The name itself, how it begins, a word that people use, how that begins, a word within; the same with a typing error; then
 * whatever the words are worth.
 */
const ranks = { name: 0, nameBegins: 1, phrase: 2, phraseBegins: 3, within: 4, meant: 5, words: 6 };

/** `meant`: the words that were found for those typed. */
function rankOf({ name, phrases, text }: Known, asked: string, meant: readonly string[] = []): number {
  if (text.includes(` ${asked}`)) {
    if (name === asked) return ranks.name;
    if (name.startsWith(asked)) return ranks.nameBegins;
    if (phrases.includes(asked)) return ranks.phrase;
    return phrases.some((phrase) => phrase.startsWith(asked)) ? ranks.phraseBegins : ranks.within;
  }
  if (meant.length === 0) return ranks.words;
  const long = asked.split(' ').length;
  const isMeant = (phrase: string) => {
    const words = phrase.split(' ');
    return words.length >= long && words.every((word) => meant.includes(word));
  };
  return [name, ...phrases].some(isMeant) ? ranks.meant : ranks.words;
}

function hasWord({ text }: Known, begin: string): boolean {
  return text.includes(` ${begin}`);
}
