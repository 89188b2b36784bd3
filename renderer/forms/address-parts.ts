import type { FieldView } from '../../contract/view.ts';

/** The boxes of an address, in the order in which Belgians write one. */
export const addressParts = ['street', 'number', 'box', 'postalCode', 'municipality'] as const;
export type AddressPart = (typeof addressParts)[number];

/** As the contract's schema has them (forms/formats.ts). */
export const partLengths: Record<AddressPart, number> = { street: 100, number: 12, box: 12, postalCode: 4, municipality: 100 };

export function boxOfPart(field: string, part: string): string {
  return `${field}.${part}`;
}

/** Everything of a page's field that goes to main, by the names of its boxes. */
export function boxNamesOf({ name, control }: Pick<FieldView, 'name' | 'control'>): string[] {
  if (control === 'address') return [...addressParts, 'streetId'].map((part) => boxOfPart(name, part));
  if (control === 'place') return ['description', 'street', 'streetId', 'x', 'y'].map((part) => boxOfPart(name, part));
  return control === 'photo' || control === 'repeat' ? [] : [name];
}
