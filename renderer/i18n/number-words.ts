import type { Language } from '../../contract/language.ts';

/**
 * Whole numbers in words, for the countdowns: a number is shown as digits, as words and as a bar. `Intl` cannot spell
 * numbers out. French is that of Belgium (septante, nonante). French and German count feminine
 * seconds (vingt et une, eine Sekunde).
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

const german: Spelling = {
  small: words(
    'null eine zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn',
  ),
  tens: words('_ _ zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig'),
  join: (tens, unit) => `${unit === 1 ? 'ein' : (german.small[unit] ?? '')}und${tens}`,
};

const english: Spelling = {
  small: words(
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
  ),
  tens: words('_ _ twenty thirty forty fifty sixty seventy eighty ninety'),
  join: (tens, unit) => `${tens}-${english.small[unit] ?? ''}`,
};

const spellings: Readonly<Record<Language, Spelling>> = { nl: dutch, fr: french, de: german, en: english };

function words(list: string): readonly string[] {
  return list.split(' ');
}

/** 24 -> "vierentwintig". Digits for what is 100 or more. */
export function spellNumber(language: Language, value: number): string {
  const spelling = spellings[language];
  if (!Number.isInteger(value) || value < 0 || value > 99) return String(value);
  const small = spelling.small[value];
  if (small) return small;
  const tens = spelling.tens[Math.floor(value / 10)] ?? '';
  return value % 10 === 0 ? tens : spelling.join(tens, value % 10);
}
