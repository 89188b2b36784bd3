import type { Role } from '../../contract/file.ts';
import { cardHolders, type Holder } from './card-holders.ts';
import { between, chanceOf } from './chance.ts';

/** Whoever the invented registers know something of. `from`: everything about them comes of this and of the seed. */
export type Known = Holder & { whom: 'adult' | 'child' | 'senior' | 'enterprise' };

export type Family = { child: Known; mother: Known; enterprise: Known & { number: string } };

const childNames = ['Fenne', 'Jules', 'Amina', 'Tuur', 'Billie', 'Odin', 'Mirthe', 'Cas'] as const;
const motherNames = ['Alida Monica', 'Marieke Paula', 'Clara Jeanne', 'Elodie Irma'] as const;
const trades = ['Bloemen', 'Fietsen', 'Houtwerk', 'Bakkerij', 'Drukwerk', 'Tuinen'] as const;

/** A right check number (97 minus nine digits modulo 97; a 2 before them from 2000 on), and serial 997 or 998, which no birth day reaches. */
export function makeSsin(birthDate: string, serial: 997 | 998): string {
  const nine = birthDate.slice(2).replaceAll('-', '') + serial;
  const body = birthDate >= '2000' ? `2${nine}` : nine;
  return nine + String(97 - (Number(body) % 97)).padStart(2, '0');
}

/** 1999.9: numbers that the Crossroads Bank is far from giving out. */
function makeEnterpriseNumber(nth: number): string {
  const eight = String(19_999_000 + nth);
  return eight + String(97 - (Number(eight) % 97)).padStart(2, '0');
}

/** Every adult whose card is in the demo has a child, an enterprise and a mother who gave a mandate. */
export function familyOf(holder: Holder, today: Date): Family | null {
  const nth = cardHolders.indexOf(holder);
  if (nth < 0 || whomOf(holder.birthDate, today) === 'child') return null;
  const chance = chanceOf('family', holder.ssin);
  const pick = <T>(list: readonly T[]): T => list[between(chance, 0, list.length - 1)] as T;
  // Each day once, so that no two of them get one number.
  const born = (year: number) => `${year}-${String(between(chance, 1, 12)).padStart(2, '0')}-${String(nth + 1).padStart(2, '0')}`;
  const childBorn = born(today.getUTCFullYear() - between(chance, 4, 15));
  const motherBorn = born(Math.max(1926, Number(holder.birthDate.slice(0, 4)) - between(chance, 22, 34)));
  const surname = holder.surname.split('-')[0] ?? holder.surname;
  const { town, address } = holder;
  const child = { ssin: makeSsin(childBorn, 997), surname, firstNames: pick(childNames), birthDate: childBorn, town, address };
  const mother = {
    ssin: makeSsin(motherBorn, 998),
    surname: `${surname}-Mulders`,
    firstNames: pick(motherNames),
    birthDate: motherBorn,
    town,
    address,
  };
  const number = makeEnterpriseNumber(nth + 1);
  const name = `${pick(trades)} ${surname} BV`;
  return {
    child: { ...child, whom: 'child' },
    mother: { ...mother, whom: whomOf(motherBorn, today) },
    enterprise: { ssin: number, number, surname: name, firstNames: '', birthDate: '2015-01-01', town, address, whom: 'enterprise' },
  };
}

export function whomOf(birthDate: string, today: Date): Known['whom'] {
  const years = (today.getTime() - Date.parse(birthDate)) / (365.25 * 86_400_000);
  return years < 18 ? 'child' : years >= 65 ? 'senior' : 'adult';
}

/** All whom the registers know, by number. */
export function knownPeople(today: Date): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  for (const holder of cardHolders) {
    known.set(holder.ssin, { ...holder, whom: whomOf(holder.birthDate, today) });
    const family = familyOf(holder, today);
    for (const each of family === null ? [] : [family.child, family.mother, family.enterprise]) known.set(each.ssin, each);
  }
  return known;
}

export function nameOf({ firstNames, surname }: Holder): string {
  return `${firstNames} ${surname}`.trim();
}

/** What the three sources of roles say of somebody. */
export function rolesOf(knows: string, ssin: string, today: Date): (Role & { birthDate?: string })[] {
  const holder = cardHolders.find((each) => each.ssin === ssin);
  const family = holder === undefined ? null : familyOf(holder, today);
  if (family === null) return [];
  const { child, mother, enterprise } = family;
  if (knows === 'enterprises') {
    const as = { kind: 'enterprise' as const, enterpriseNumber: enterprise.number, role: 'bestuurder' };
    return [{ as, name: enterprise.surname, seat: enterprise.address, until: null }];
  }
  if (knows === 'represented') {
    const as = { kind: 'person' as const, ssin: child.ssin, basis: 'parent' as const };
    return [{ as, name: nameOf(child), seat: null, until: null, birthDate: child.birthDate }];
  }
  if (knows !== 'mandates') return [];
  const until = new Date(today.getTime() + 200 * 86_400_000).toISOString().slice(0, 10);
  return [{ as: { kind: 'person', ssin: mother.ssin, basis: 'mandate' }, name: nameOf(mother), seat: null, until }];
}
