import { describe, expect, it } from 'vitest';
import { spellNumber } from './number-words.ts';

describe('a number in words', () => {
  it.each([
    [0, 'nul'],
    [1, 'één'],
    [9, 'negen'],
    [21, 'eenentwintig'],
    [22, 'tweeëntwintig'],
    [24, 'vierentwintig'],
    [33, 'drieëndertig'],
    [38, 'achtendertig'],
    [40, 'veertig'],
    [45, 'vijfenveertig'],
    [99, 'negenennegentig'],
  ])('is Dutch: %i', (value, words) => expect(spellNumber('nl', value)).toBe(words));

  it.each([
    [1, 'une'],
    [16, 'seize'],
    [21, 'vingt et une'],
    [38, 'trente-huit'],
    [71, 'septante et une'],
    [77, 'septante-sept'],
    [80, 'quatre-vingts'],
    [81, 'quatre-vingt-une'],
    [92, 'nonante-deux'],
  ])('is the French of Belgium: %i', (value, words) => expect(spellNumber('fr', value)).toBe(words));

  it.each([
    [1, 'eine'],
    [16, 'sechzehn'],
    [17, 'siebzehn'],
    [21, 'einundzwanzig'],
    [30, 'dreißig'],
    [45, 'fünfundvierzig'],
    [99, 'neunundneunzig'],
  ])('is German: %i', (value, words) => expect(spellNumber('de', value)).toBe(words));

  it.each([
    [1, 'one'],
    [12, 'twelve'],
    [20, 'twenty'],
    [45, 'forty-five'],
    [99, 'ninety-nine'],
  ])('is English: %i', (value, words) => expect(spellNumber('en', value)).toBe(words));

  it('is digits where words are not known', () => {
    expect(spellNumber('nl', 120)).toBe('120');
    expect(spellNumber('de', 100)).toBe('100');
    expect(spellNumber('nl', 2.5)).toBe('2.5');
  });

  it.each(['nl', 'fr', 'de', 'en'] as const)('is a different word for each number: %s', (language) => {
    const words = Array.from({ length: 100 }, (_, value) => spellNumber(language, value));
    expect(new Set(words).size).toBe(100);
    expect(words.join(' ')).not.toMatch(/\d|_|undefined/);
  });
});
