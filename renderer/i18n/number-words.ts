import type { Language } from '../../contract/language.ts';

/**
 * Whole numbers in words, for the countdowns: a number is shown as digits, as words and as a bar. `Intl` cannot spell
 * numbers out. French is that of Belgium (septante, nonante), and counts feminine seconds (vingt et une).
 */
type Spelling = { small: readonly string[]; tens: readonly string[]; join(tens: string, unit: number): string };

const dutch: Spelling = {
  small: words(
    'nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien',
  ),
  tens: words('_ _ twintig dertig veertig vijftig zestig zeventig tachtig negentig'),
  join: (tens, unit) => {
    const word = unit === 1 ? 'een' : (dutch.small[unit] ?? '');
    // Taalunie, Leidraad 6.9: a trema where two vowels would be read as one (tweeëntwintig).
    return `${word}${word.endsWith('e') ? 'ën' : 'en'}${tens}`;
  },
};

const french: Spelling = {
  small: words('zéro une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf'),
  tens: words('_ _ vingt trente quarante cinquante soixante septante quatre-vingts nonante'),
  join: (tens, unit) => {
    if (tens === 'quatre-vingts') return `quatre-vingt-${french.small[unit] ?? ''}`;
    return unit === 1 ? `${tens} et une` : `${tens}-${french.small[unit] ?? ''}`;
  },
};

const spellings: Partial<Record<Language, Spelling>> = { nl: dutch, fr: french };

function words(list: string): readonly string[] {
  return list.split(' ');
}

/** 24 -> "vierentwintig". Digits for what is 100 or more, or in a language that is not spelled here. */
export function spellNumber(language: Language, value: number): string {
  const spelling = spellings[language];
  if (!spelling || !Number.isInteger(value) || value < 0 || value > 99) return String(value);
  const small = spelling.small[value];
  if (small) return small;
  const tens = spelling.tens[Math.floor(value / 10)] ?? '';
  return value % 10 === 0 ? tens : spelling.join(tens, value % 10);
}
