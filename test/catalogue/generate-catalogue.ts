import type { Concept, Synonyms } from '../../contract/catalogue.ts';
import { type Language, Language as Languages } from '../../contract/language.ts';

/** Mulberry32: the same numbers for the same seed, wherever it runs. */
function makeChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Parts of words: together many thousand words in each language, as names of products have them. */
const sounds: Record<Language, readonly [begins: string, middles: string, ends: string]> = {
  nl: [
    'ver be her aan uit in op over af onder door mee na toe voor bij om tegen tussen achter',
    'huis woon bouw speel werk park vuil straat school water brand boom zorg kind feest markt fiets hond kaart stem brief grond zwem kook druk teken',
    'ing en heid bewijs kaart attest dienst plaats geld loket aanvraag premie toelage stelsel beheer vergunning recht regel punt melding',
  ],
  fr: [
    'ré dé con pré sur sous entre trans par mal inter dis avant contre in ex pro com ad ar',
    'log port mour trav cond bât écol march form pay fleur jard plan grand vill chant sport livr mais rout eau feu parc voil mang',
    'ement ation age ure oir ette eur iste ance erie able ité ien ique if ade aire esse ier oire',
  ],
  de: [
    'ver be ge an aus ein auf über ab unter vor nach mit zu um durch bei gegen zwischen hinter',
    'haus wohn bau spiel werk park müll straß schul wasser brand baum pfleg kind fest markt rad hund kart stimm brief grund schwimm koch druck',
    'ung en heit nachweis karte schein dienst platz geld amt antrag prämie hilfe system verwaltung erlaubnis recht regel punkt meldung',
  ],
  en: [
    're un over under out fore mis pre sub inter be en dis up down in off on by after',
    'house home build play work park waste street school water fire tree care child feast market cycle dog card vote letter ground swim cook press',
    'ing ment ship card form permit service place fund desk claim grant help scheme office licence right rule point notice',
  ],
};

const themes: Concept['themes'][] = [
  ['citizen_and_government'],
  ['building_and_living'],
  ['culture_sport_and_leisure'],
  ['economy_and_work'],
  ['environment_and_energy'],
  ['mobility_and_public_works'],
  ['education_and_science'],
  ['welfare_health_and_family'],
];

/** Of a bundle's file at most a mebibyte. */
const perFile = 500;

export type GeneratedCatalogue = { files: Map<string, unknown>; words: Record<Language, string[]> };

/**
 * A catalogue of made-up products, as files of a bundle: some thousand words in each language, each in many names and
 * descriptions. `words`: those of the names, to search with.
 */
export function generateCatalogue(count: number, seed: number): GeneratedCatalogue {
  const chance = makeChance(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
  /** As in a language, few words stand in many texts and most in few: the smaller the number, the more often. */
  const often = <T>(list: readonly T[]): T => list[Math.floor(chance() ** 2 * list.length)] as T;
  const word = (language: Language) => sounds[language].map((part) => often(part.split(' '))).join('');
  const several = (language: Language, least: number, most: number) =>
    Array.from({ length: least + Math.floor(chance() * (most - least + 1)) }, () => word(language));
  const text = (least: number, most: number) => {
    const [nl, fr, de, en] = Languages.options.map((language) => several(language, least, most).join(' '));
    return { nl, fr, de, en } as Record<Language, string>;
  };
  const none = (): Synonyms => ({ ignored: [], products: {} });
  const synonyms: Record<Language, Synonyms> = { nl: none(), fr: none(), de: none(), en: none() };
  const words: Record<Language, string[]> = { nl: [], fr: [], de: [], en: [] };
  const concepts = Array.from({ length: count }, (_, at): Concept => {
    const id = `product-${at}`;
    const name = text(2, 4);
    for (const language of Languages.options) {
      words[language].push(name[language]);
      synonyms[language].products[id] = Array.from({ length: 5 }, () => several(language, 1, 2).join(' '));
    }
    return {
      ...{
        id,
        productNumber: String(at),
        name,
        description: text(8, 14),
        conditions: text(4, 8),
        procedures: text(6, 10),
        costs: text(1, 3),
      },
      ...{ websites: [], competentAuthorities: [], executingAuthorities: [], startOfService: null, endOfService: null },
      ...{ type: 'advice', audiences: ['citizen'], themes: pick(themes), ofResidence: false, portal: false },
    };
  });
  const files = new Map<string, unknown>();
  for (let at = 0; at < concepts.length; at += perFile)
    files.set(`catalogue/concepts/${at / perFile}.json`, concepts.slice(at, at + perFile));
  for (const language of Languages.options) files.set(`catalogue/synonyms/${language}.json`, synonyms[language]);
  return { files, words };
}
