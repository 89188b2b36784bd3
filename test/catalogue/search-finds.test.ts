import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Language } from '../../contract/language.ts';
import { cutFor, searchIn, shippedFor } from './catalogue-of.ts';

const catalogue = shippedFor('34022');

/** What people type, and what they mean by it: with everyday words, dialect, no accents, and typing errors. */
function readQueries(language: Language): [query: string, id: string][] {
  const lines = readFileSync(join(import.meta.dirname, `queries/${language}.txt`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [query = '', id = ''] = line.split('=');
    return [query, id];
  });
}

/** In whole sentences, where most words say nothing: what is meant is found all the same. */
const sentences: Record<Language, [sentence: string, id: string][]> = {
  nl: [
    ['ik wil mijn paspoort vernieuwen', 'passport'],
    ['ik moet een nieuw paspoort hebben', 'passport'],
    ['hoe vraag ik een parkeerkaart aan', 'resident-parking-permit'],
    ['ik heb een nieuwe vuilbak nodig', 'waste-container'],
    ['waar kan ik mijn hond aangeven', 'dog'],
    ['kan ik hier trouwen', 'marriage'],
  ],
  fr: [
    ['je veux renouveler mon passeport', 'passport'],
    ['j’ai besoin d’une poubelle', 'waste-container'],
    ['je dois déclarer mon chien', 'dog'],
  ],
  de: [
    ['ich möchte einen Reisepass beantragen', 'passport'],
    ['wie kann ich meinen Hund anmelden', 'dog'],
  ],
  en: [
    ['i want to renew my passport', 'passport'],
    ['i need a new bin', 'waste-container'],
  ],
};

describe.each(Language.options)('in %s', (language) => {
  const queries = readQueries(language);
  const search = searchIn(cutFor(catalogue, language));

  it('there are enough of them, for products that there are', () => {
    expect(queries.length).toBeGreaterThanOrEqual(120);
    expect(new Set(queries.map(([query]) => query)).size).toBe(queries.length);
    const known = new Set(catalogue.products.map(({ id }) => id));
    expect(queries.filter(([, id]) => !known.has(id))).toEqual([]);
  });

  it('what is meant is among the first three, of 95 in 100 at least', () => {
    const missed = queries.filter(([query, id]) => !search.search(query, 3).ids.includes(id));
    expect(missed.length, missed.map(([query, id]) => `${query} (${id})`).join(', ')).toBeLessThanOrEqual(queries.length * 0.05);
  });

  it('what is meant by a whole sentence is among the first three', () => {
    expect(sentences[language].filter(([sentence, id]) => !search.search(sentence, 3).ids.includes(id))).toEqual([]);
  });

  it('every product is found first by its own name', () => {
    const parts = cutFor(catalogue, language);
    const entries = parts.flatMap((part) => part.entries);
    expect(entries.filter(({ id, name }) => search.search(name, 1).ids[0] !== id).map(({ name }) => name)).toEqual([]);
  });

  it('every word that people use finds its product among the first five', () => {
    const lost = cutFor(catalogue, language)
      .flatMap(({ entries }) => entries)
      .flatMap(({ id, synonyms }) => synonyms.filter((word) => !search.search(word, 5).ids.includes(id)).map((word) => `${word} (${id})`));
    expect(lost).toEqual([]);
  });
});

it('short of several, what is nearly called so comes after', () => {
  expect(searchIn(cutFor(catalogue, 'nl')).search('vuilbak', 5).ids.slice(0, 2)).toEqual(['waste-container', 'rubbish-bags']);
});

it('finds the same letter by letter, letters taken back, and while the catalogue still grows', () => {
  const parts = cutFor(catalogue, 'nl');
  const entries = parts.flatMap((part) => part.entries);
  const whole = searchIn(parts);
  const fresh = (query: string) => searchIn(parts).search(query, 5);
  for (const query of ['p', 'pa', 'pas', 'pa', 'paspo', 'paspoort', 'rij', 'paspoort k', 'paspoort kwijt']) {
    expect(whole.search(query, 5), query).toEqual(fresh(query));
  }
  const growing = searchIn([]);
  growing.search('kaa', 5);
  for (const entry of entries) growing.add(entry);
  expect(growing.search('kaart', 5)).toEqual(fresh('kaart'));
});
