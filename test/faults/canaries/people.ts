import { createHash } from 'node:crypto';
import { chipNumber } from '../../../native/virtual-card/card-files.ts';
import { EidPersona } from '../../../native/virtual-card/personas.ts';
import type { Needle } from '../../harness/search-files.ts';
import { createChance } from '../yank/chance.ts';

/** Somebody who is nobody: everything about them is found nowhere unless the app wrote it. */
export type Canary = {
  persona: EidPersona;
  /** What they type on the glass. */
  typed: string;
  /** As long as a PIN may be, so that it is found for what it is. */
  pin: string;
  needles: Needle[];
};

/** The same seed and number make the same person again. */
export function inventCanary(seed: number, number: number): Canary {
  const chance = createChance(seed * 100_003 + number);
  const word = (syllables: number) => Array.from({ length: syllables }, () => chance.pick(consonants) + chance.pick(vowels)).join('');
  const name = () => capitalise(`${word(4)}x`);
  const birth = { year: chance.int(1940, 1999), month: chance.int(1, 12), day: chance.int(1, 28) };
  const nationalNumber = makeNationalNumber(birth, chance.pick([997, 998]));
  const cardNumber = makeCardNumber(chance.int(0, 999_999_999));
  const [surname, firstNames, street] = [name(), `${name()} ${name()}`, `${name()}straat ${chance.int(1, 300)}`];
  const typed = word(4);
  const pin = `${chance.int(100_000, 999_999)}${chance.int(100_000, 999_999)}`;
  const persona = EidPersona.parse({
    id: `canary-${number}`,
    label: 'Canary',
    about: '',
    kind: 'eid',
    card: 'eid',
    applet: '18',
    identity: {
      cardNumber,
      validFrom: '07.06.2022',
      validUntil: '07.06.2032',
      issuingMunicipality: 'Kortrijk',
      nationalNumber,
      surname,
      firstNames,
      thirdNameInitial: 'M',
      nationality: 'Belg',
      birthPlace: name(),
      birthDate: `${String(birth.day).padStart(2, '0')} ${months[birth.month - 1]} ${birth.year}`,
      sex: 'V',
      nobility: '',
      documentType: '1',
      specialStatus: '0',
      duplicate: '00',
    },
    address: { streetAndNumber: street, postalCode: '8500', municipality: 'Kortrijk' },
    photo: 'lotte.jpg',
  });
  const of = (what: string) => `${what} of person ${number}`;
  return {
    persona,
    typed,
    pin,
    needles: [
      { name: of('national number'), text: nationalNumber },
      // Not the number, and as good as it: all that there can be are tried in minutes.
      { name: of('SHA-256 of the national number'), bytes: createHash('sha256').update(nationalNumber).digest() },
      { name: of('surname'), text: surname },
      ...firstNames.split(' ').map((first, at) => ({ name: of(`given name ${at + 1}`), text: first })),
      { name: of('street'), text: street },
      { name: of('birth place'), text: persona.identity.birthPlace },
      { name: of('card number'), text: cardNumber },
      { name: of('chip number'), bytes: chipNumber(persona) },
      { name: of('typed answer'), text: typed },
      { name: of('PIN'), text: pin },
    ],
  };
}

// Together they make words of no language, and none that a program has in it.
const consonants = ['zw', 'kv', 'dr', 'pf', 'vl', 'kn', 'zr', 'gw', 'tj', 'wr'];
const vowels = ['a', 'e', 'i', 'o', 'u', 'ui', 'oe', 'ij'];
/** As Dutch cards write them. */
const months = ['JAN', 'FEB', 'MAAR', 'APR', 'MEI', 'JUN', 'JUL', 'AUG', 'SEP', 'OKT', 'NOV', 'DEC'];

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Check number: 97 less the rest of the first nine digits by 97. Serials 997 and 998 are given to nobody. */
function makeNationalNumber({ year, month, day }: { year: number; month: number; day: number }, serial: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const first = `${two(year % 100)}${two(month)}${two(day)}${serial}`;
  return first + two(97 - (Number(first) % 97));
}

/** The first ten digits, and their rest by 97 (97 for none). */
function makeCardNumber(chosen: number): string {
  const first = `5${String(chosen).padStart(9, '0')}`;
  return first + String(Number(first) % 97 || 97).padStart(2, '0');
}
