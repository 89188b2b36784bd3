import { createIntl } from 'react-intl';
import { describe, expect, it } from 'vitest';
import { Language } from '../../contract/language.ts';
import { operatorLanguages } from '../operator/operator-say.tsx';
import { localeOf, writtenLanguages } from './messages.ts';

const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.*'], { query: '?raw', import: 'default', eager: true });

/** Names in braces, and tags. What a plural says is no hole. */
function holesOf(text: string): string[] {
  const flat = withoutPlurals(text);
  return [...new Set([...flat.matchAll(/\{(\w+)[,}]|<(\w+)>/g)].map(([, name, tag]) => name ?? `<${tag}>`))].sort();
}

function withoutPlurals(text: string): string {
  return text.replace(/(?:one|other|=0) \{([^}]*)\}/g, '');
}

type Catalogue = Readonly<Record<string, string>>;

/** What citizens read, and what staff read. */
const catalogues: [string, ReadonlyMap<Language, Catalogue>][] = [
  ['kiosk', writtenLanguages],
  ['operator', operatorLanguages],
];
const dutchOf = (languages: ReadonlyMap<Language, Catalogue>): Catalogue => languages.get('nl') ?? {};
const each = catalogues.flatMap(([catalogue, languages]) =>
  [...languages].map(([language, all]) => [catalogue, language, all, dutchOf(languages)] as const),
);

function throwIt(error: unknown): never {
  throw error;
}

/** Sentences as read: without tags, with each choice of a plural as its own. */
function sentencesOf(text: string): string[] {
  return text
    .replace(/<\/?\w+>/g, '')
    .replace(/\{\w+, plural,((?:\s*[=\w]+ \{[^}]*\})+)\s*\}/g, '$1')
    .split(/[.?!:{}]\s*/)
    .filter((sentence) => sentence.trim() !== '');
}

describe('the catalogues', () => {
  it.each(each)('%s, %s has every message and no other', (_catalogue, _language, all, dutch) => {
    expect(Object.keys(all).sort()).toEqual(Object.keys(dutch).sort());
  });

  it.each(each)('%s, %s can be formatted, and leaves the same holes as Dutch', (_catalogue, language, all, dutch) => {
    const intl = createIntl({ locale: localeOf(language), messages: all, onError: throwIt });
    for (const [id, text] of Object.entries(all)) {
      const holes = holesOf(text);
      expect(holes, id).toEqual(holesOf(dutch[id] ?? ''));
      const values = Object.fromEntries(holes.map((hole) => [hole, 3]));
      const formatted = String(intl.formatMessage({ id }, { ...values, b: (chunks) => chunks.join('') }));
      expect(formatted.trim(), id).not.toBe('');
      expect(formatted, id).not.toMatch(/[{}<>]/);
    }
  });

  it.each(each)('%s, %s is plain: short sentences, nothing in capitals, a button never says OK', (_catalogue, _language, all) => {
    for (const [id, text] of Object.entries(all)) {
      // Working rule of Wablieft and of the Flemish crisis centre: thirteen words.
      for (const sentence of sentencesOf(text)) expect(sentence.trim().split(/\s+/).length, `${id}: ${sentence}`).toBeLessThanOrEqual(13);
      expect(text, id).not.toMatch(/\bOK\b/i);
      expect(withoutPlurals(text), id).not.toMatch(/[A-ZÀ-Ý]{4,}/);
    }
  });

  it('is set with typographic marks; French keeps ? ! : ; with the word before', () => {
    for (const [, , all] of each) for (const [id, text] of Object.entries(all)) expect(text, id).not.toMatch(/['"]/);
    for (const [, languages] of catalogues)
      for (const [id, text] of Object.entries(languages.get('fr') ?? {})) expect(text, id).not.toMatch(/(?:[^\s]| )[?!:;]/u);
  });

  it.each(catalogues)('%s speaks every language that a terminal may be told to offer', (_catalogue, languages) => {
    expect([...languages.keys()].sort()).toEqual([...Language.options].sort());
  });

  it.each([
    ['de', /\b(?:dein|deine|deinen|deiner|dir|dich|du)\b/i],
    ['nl', /\b(?:je|jij|jouw|jou)\b/i],
  ] as const)('speaks to the person formally: %s', (language, familiar) => {
    for (const [, languages] of catalogues)
      for (const [id, text] of Object.entries(languages.get(language) ?? {})) expect(text, id).not.toMatch(familiar);
  });

  it('leaves nothing of one language in another', () => {
    for (const [, languages] of catalogues) {
      const dutch = languages.get('nl') ?? {};
      for (const [language, all] of languages)
        for (const [id, text] of Object.entries(all))
          if (language !== 'nl' && dutch[id]?.match(/\p{L}{2,} \p{L}{2,} \p{L}{2,}/u))
            expect(text, `${language} ${id}`).not.toBe(dutch[id]);
    }
  });

  it.each(catalogues)('%s uses every message somewhere', (_catalogue, languages) => {
    const all = Object.values(sources).join('\n');
    const made = [...all.matchAll(/`([\w.]+\.)\$\{[^}]+\}(\.\w+)?`/g)].map(([, before = '', after = '']) => ({ before, after }));
    const unused = Object.keys(dutchOf(languages)).filter(
      (id) =>
        !all.includes(`'${id}'`) &&
        !all.includes(`"${id}"`) &&
        !made.some(({ before, after }) => id.startsWith(before) && id.endsWith(after)),
    );
    expect(unused).toEqual([]);
  });
});
