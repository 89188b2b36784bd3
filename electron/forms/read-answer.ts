import type { StreetFinder } from '../../contract/address.ts';
import type { AddressAnswer, Answer, Answers, PlaceAnswer, Typed } from '../../contract/answers.ts';
import { checkEnterpriseNumber, checkEstablishmentNumber, checkNationalNumber, checkPlate } from '../../contract/check-numbers.ts';
import type { Field, RowField } from '../../contract/form.ts';
import { checkIban, checkPhone } from '../../contract/forms/formats.ts';
import { inLanguage, type Language } from '../../contract/language.ts';
import type { TownMap } from '../../contract/map.ts';
import { unreachable } from '../../contract/result.ts';
import { readPoint } from '../map/town-map.ts';

/** What reading an answer needs to know. */
export type Reading = { streets: StreetFinder | null; map?: TownMap | null };

/**
 * What was typed, as it is stored. What cannot be read stays as it is: the schema refuses it and nothing typed is lost.
 * Undefined: nothing was answered.
 */
export function readAnswer(field: Field | RowField, typed: Typed, { streets, map = null }: Reading): Answer | undefined {
  const text = cleanText(typed[field.name] ?? '');
  switch (field.control) {
    case 'address':
      return readAddress(field.name, typed, streets);
    case 'place':
      return readPlace(field.name, typed, { streets, map });
    case 'choices':
      return text === '' ? undefined : [...new Set(text.split(/\s+/))];
    // Main knows these by itself; only the promise to bring a paper is the person's to say.
    case 'photo':
      return text === 'to-desk' ? text : undefined;
    case 'repeat':
      return undefined;
    default:
      return text === '' ? undefined : readText(field.control, text);
  }
}

type Plain = Exclude<Field['control'], 'address' | 'place' | 'choices' | 'photo' | 'repeat'>;

function readText(control: Plain, text: string): Answer {
  switch (control) {
    case 'yes_no':
      return text === 'yes' ? true : text === 'no' ? false : text;
    case 'number':
      return readNumber(text) ?? text;
    case 'amount':
      return readCents(text) ?? text;
    case 'iban':
      return stored(checkIban(text), text);
    case 'phone':
      return stored(checkPhone(text), text);
    case 'enterprise':
      return stored(checkEnterpriseNumber(text), text);
    case 'establishment':
      return stored(checkEstablishmentNumber(text), text);
    // Whether a test number counts is the schema's to say.
    case 'national_number':
      return stored(checkNationalNumber(text, { testNumbers: true }), text);
    case 'plate': {
      const checked = checkPlate(text);
      return checked.ok ? checked.value.plate : text;
    }
    case 'email':
      return text.replaceAll(/\s/g, '');
    case 'choice':
    case 'text':
    case 'long_text':
    case 'date':
      return text;
    default:
      return unreachable(control);
  }
}

function stored(checked: { ok: true; value: string } | { ok: false }, text: string): string {
  return checked.ok ? checked.value : text;
}

/** `1.250,50` and `1250.5`: who writes either way means the same. A dot or comma with three digits behind it parts thousands. */
function readNumber(text: string): number | null {
  const bare = text.replaceAll(/[\s\u00a0€]/g, '');
  if (!/^-?\d+(?:[.,]\d+)*$/.test(bare)) return null;
  const parts = bare.split(/[.,]/);
  const last = parts.at(-1) ?? '';
  const isFraction = parts.length > 1 && last.length !== 3;
  const whole = (isFraction ? parts.slice(0, -1) : parts).join('');
  const value = Number(isFraction ? `${whole}.${last}` : whole);
  return Number.isSafeInteger(Math.trunc(value)) ? value : null;
}

function readCents(text: string): number | null {
  const euros = readNumber(text);
  return euros === null ? null : Math.round(euros * 100);
}

function readAddress(name: string, typed: Typed, streets: StreetFinder | null): AddressAnswer | undefined {
  const part = (of: string) => cleanText(typed[`${name}.${of}`] ?? '');
  const [street, number, box, postalCode, municipality] = ['street', 'number', 'box', 'postalCode', 'municipality'].map(part);
  if (!street && !number && !postalCode && !municipality) return undefined;
  return {
    street: street ?? '',
    number: number ?? '',
    ...(box && { box }),
    postalCode: postalCode ?? '',
    municipality: municipality ?? '',
    ...findChosen(part('streetId'), street ?? '', streets),
  };
}

function readPlace(name: string, typed: Typed, { streets, map }: Required<Reading>): PlaceAnswer | undefined {
  const part = (of: string) => cleanText(typed[`${name}.${of}`] ?? '');
  // A page with one box for it names the box as the field.
  const [street, description] = [part('street'), part('description') || cleanText(typed[name] ?? '')];
  if (street === '' && description === '') return undefined;
  // A street and no word more is a description too.
  return {
    description: description || street,
    ...(street !== '' && { street }),
    ...findChosen(part('streetId'), street, streets),
    ...findPointed(part('x'), part('y'), map),
  };
}

/** Where on the map, in the two ways in which the world writes it. */
function findPointed(x: string, y: string, map: TownMap | null): Partial<PlaceAnswer> {
  const point = readPoint(map, x, y);
  if (point === null || map === null) return {};
  return { x, y, lat: point.lat.toFixed(6), lon: point.lon.toFixed(6), mapOf: map.asOf };
}

/** The street of the register, as long as its name is still what stands in the box: who types on means another. */
function findChosen(id: string, street: string, streets: StreetFinder | null): Partial<AddressAnswer> {
  const found = id === '' ? null : streets?.byId(id);
  if (!found || !streets || !Object.values(found.name).includes(street)) return {};
  return { municipalityCode: found.municipality, streetId: found.id, registerOf: streets.asOf };
}

/** A person's words without what no person sees: control characters, halves of characters, marks without a letter. */
export function cleanText(text: string): string {
  const visible = text
    .normalize('NFC')
    .replaceAll(/[^\P{C}\n]/gu, '')
    .trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(visible) ? visible : '';
}

/** Ids of a photo field's attachments, in the order in which they were taken. */
export function photoIds(answer: Answers[string] | undefined): string[] {
  return Array.isArray(answer) ? answer.filter((id) => typeof id === 'string') : [];
}

/** The name of a street in this language, with its municipality. */
export function nameStreet(found: ReturnType<StreetFinder['find']>[number], language: Language): { name: string; municipality: string } {
  return { name: inLanguage(found.name, language), municipality: inLanguage(found.municipalityName, language) };
}
