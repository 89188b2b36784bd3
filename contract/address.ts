import * as z from 'zod';
import { Text } from './language.ts';

/**
 * A dated local copy of the streets of the register of addresses (Adressenregister, BeSt Address), for as long as there is no
 * line and for faster typing. It proposes; it refuses nothing: a street that is too new for it is written down as it is typed.
 */
export const AddressRegister = z.object({
  /** The day that the copy is of. */
  asOf: z.iso.date(),
  municipalities: z
    .array(z.object({ code: z.string().regex(/^\d{5}$/), name: Text }))
    .min(1)
    .max(600),
  streets: z
    .array(
      z.object({
        id: z.string().min(1).max(100),
        name: Text,
        municipality: z.string().regex(/^\d{5}$/),
        postalCode: z.string().regex(/^[1-9]\d{3}$/),
      }),
    )
    .max(60_000),
});
export type AddressRegister = z.infer<typeof AddressRegister>;
export type Street = AddressRegister['streets'][number];

/** Small letters without accents; the short forms that people write are written out. */
export function foldStreet(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/str\.|straat\b|str\b/g, 'straat')
    .replaceAll(/\bst\.\s*|\bsint[- ]|\bste\.\s*/g, 'sint ')
    .replaceAll(/\bav\.\s*/g, 'avenue ')
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
}

export type FoundStreet = Street & { municipalityName: Text };

export type StreetFinder = {
  asOf: string;
  /** At most six, best first: of `near` before others, begun so before having it inside. Empty below two letters. */
  find(text: string, near: string): FoundStreet[];
  byId(id: string): FoundStreet | null;
  /** Whether streets of `municipality` (NIS code) have this postal code; null: the copy has none of its streets. */
  isIn(postalCode: string, municipality: string): boolean | null;
  /** The NIS code of a municipality by its name in any language, as a card prints it; null: not in the copy. */
  codeOf(name: string): string | null;
};

const enough = 6;

export function createStreetFinder({ asOf, municipalities, streets }: AddressRegister): StreetFinder {
  const names = new Map(municipalities.map(({ code, name }) => [code, name]));
  const codes = new Map(
    municipalities.flatMap(({ code, name }) => Object.values(name).map((each) => [foldStreet(each ?? ''), code] as const)),
  );
  const postalCodes = new Map<string, Set<string>>();
  for (const { municipality, postalCode } of streets) {
    postalCodes.set(municipality, (postalCodes.get(municipality) ?? new Set()).add(postalCode));
  }
  const all = streets.flatMap((street) => {
    const municipalityName = names.get(street.municipality);
    if (!municipalityName) return [];
    const folded = [...new Set(Object.values(street.name).map((name) => foldStreet(name ?? '')))];
    return [{ found: { ...street, municipalityName }, folded }];
  });
  const ids = new Map(all.map(({ found }) => [found.id, found]));
  return {
    asOf,
    byId: (id) => ids.get(id) ?? null,
    isIn(postalCode, municipality) {
      const own = postalCodes.get(municipality);
      return own ? own.has(postalCode) : null;
    },
    codeOf: (name) => codes.get(foldStreet(name)) ?? null,
    find(text, near) {
      // A house number behind the name is no part of it.
      const wanted = foldStreet(text).replace(/ \d.*$/, '');
      if (wanted.length < 2) return [];
      const ranked = all.flatMap(({ found, folded }) => {
        const rank = Math.min(...folded.map((name) => rankOf(name, wanted)));
        return rank === Number.POSITIVE_INFINITY ? [] : [{ found, rank: rank + (found.municipality === near ? 0 : 10) }];
      });
      ranked.sort((one, other) => one.rank - other.rank || one.found.name.nl.localeCompare(other.found.name.nl, 'nl'));
      return ranked.slice(0, enough).map(({ found }) => found);
    },
  };
}

function rankOf(name: string, wanted: string): number {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(` ${wanted}`)) return 2;
  return name.includes(wanted) && wanted.length > 2 ? 3 : Number.POSITIVE_INFINITY;
}
