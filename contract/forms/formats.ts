import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { electronicFormatIBAN, ValidationErrorsIBAN, validateIBAN } from 'ibantools';
import { isPossiblePhoneNumber, parsePhoneNumberWithError } from 'libphonenumber-js/min';
import { checkEnterpriseNumber, checkEstablishmentNumber, checkNationalNumber, checkPlate } from '../check-numbers.ts';
import { ok, type Result, refuse } from '../result.ts';

/** `testNumbers`: national numbers made for tests (MAGDA) are numbers too. Never where real people come. */
export type Profile = { testNumbers: boolean };

export type FormatFault =
  | 'iban_country'
  | 'iban_length'
  | 'iban_check'
  | 'number_length'
  | 'number_check'
  | 'number_test'
  | 'enterprise_length'
  | 'enterprise_check'
  | 'establishment_length'
  | 'establishment_check'
  | 'plate_length'
  | 'phone_wrong'
  | 'email_wrong';

const { NoIBANCountry, NoIBANProvided, WrongBBANLength } = ValidationErrorsIBAN;

/** ISO 13616: the country's own length and form, and 98 minus the remainder modulo 97. Answers it without spaces. */
export function checkIban(text: string): Result<string, FormatFault> {
  const iban = electronicFormatIBAN(text) ?? '';
  const { valid, errorCodes } = validateIBAN(iban);
  if (valid) return ok(iban);
  if (errorCodes.some((code) => code === NoIBANCountry || code === NoIBANProvided)) return refuse('iban_country');
  return refuse(errorCodes.includes(WrongBBANLength) ? 'iban_length' : 'iban_check');
}

/** A number that can exist, here or, with its `+`, elsewhere. Answers it as E.164. */
export function checkPhone(text: string): Result<string, FormatFault> {
  try {
    const phone = parsePhoneNumberWithError(text, 'BE');
    return phone.isValid() ? ok(phone.number) : refuse('phone_wrong');
  } catch {
    return refuse('phone_wrong');
  }
}

/** E.164 as people here write it: `0470 12 34 56`, and with its `+` where it is of elsewhere. All else stays as it is. */
export function writePhone(phone: string): string {
  if (!phone.startsWith('+') || !isPossiblePhoneNumber(phone)) return phone;
  const read = parsePhoneNumberWithError(phone);
  return read.countryCallingCode === belgium ? read.formatNational() : read.formatInternational();
}

const belgium = '32';

/** What can be written to: a name, an @, and a domain with a dot in it. Whether somebody reads it only a letter can tell. */
export function checkEmail(text: string): Result<string, FormatFault> {
  const wellFormed = /^[^\s@"<>(),:;[\]\\]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}{2,24}$/u.test(text);
  const dotted = /^\.|\.\.|\.@/.test(text);
  return wellFormed && !dotted && text.length <= 254 ? ok(text) : refuse('email_wrong');
}

/** The formats that a definition's schema may name, besides those of JSON Schema, and what is wrong with a value. */
export const checks: Readonly<Record<string, (text: string, profile: Profile) => Result<string, FormatFault>>> = {
  iban: checkIban,
  phone: checkPhone,
  'e-mail': checkEmail,
  'national-number': (text, profile) => prefix('number', checkNationalNumber(text, profile)),
  'enterprise-number': (text) => prefix('enterprise', checkEnterpriseNumber(text)),
  'establishment-number': (text) => prefix('establishment', checkEstablishmentNumber(text)),
  'number-plate': (text) => {
    const checked = checkPlate(text);
    return checked.ok ? ok(checked.value.plate) : refuse('plate_length');
  },
};

function prefix<P extends string, E extends string>(name: P, checked: Result<string, E>): Result<string, `${P}_${E}`> {
  return checked.ok ? checked : refuse(`${name}_${checked.error}` as const);
}

const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
const line = (max: number, min = 1) => ({ type: 'string', minLength: min, maxLength: max });

/** Answers of more than one part, for `$ref` in a definition's schema. */
const shapes: Readonly<Record<string, object>> = {
  'urn:loket:answer:address': {
    type: 'object',
    properties: {
      street: line(100, 2),
      number: { ...line(12), pattern: '\\d' },
      box: line(12),
      postalCode: { type: 'string', pattern: '^[1-9][0-9]{3}$' },
      municipality: line(100, 2),
      municipalityCode: { type: 'string', pattern: '^\\d{5}$' },
      streetId: line(100),
      registerOf: { type: 'string', format: 'date' },
    },
    required: ['street', 'number', 'postalCode', 'municipality'],
    additionalProperties: false,
  },
  'urn:loket:answer:place': {
    type: 'object',
    properties: {
      description: line(200, 3),
      street: line(100, 2),
      municipalityCode: { type: 'string', pattern: '^\\d{5}$' },
      streetId: line(100),
      registerOf: { type: 'string', format: 'date' },
      // Pointed at on a map: metres of Lambert 2008 (EPSG:3812), the same in degrees of WGS 84, and the day of the map.
      x: { type: 'string', pattern: '^\\d{6}$' },
      y: { type: 'string', pattern: '^\\d{6}$' },
      lat: { type: 'string', pattern: '^\\d{2}\\.\\d{6}$' },
      lon: { type: 'string', pattern: '^\\d\\.\\d{6}$' },
      mapOf: { type: 'string', format: 'date' },
    },
    required: ['description'],
    dependentRequired: { x: ['y', 'lat', 'lon', 'mapOf'], y: ['x'], lat: ['x'], lon: ['x'], mapOf: ['x'] },
    additionalProperties: false,
  },
  'urn:loket:answer:photos': { type: 'array', items: { type: 'string', pattern: uuid }, minItems: 1, maxItems: 10, uniqueItems: true },
  'urn:loket:answer:photos-or-desk': { anyOf: [{ const: 'to-desk' }, { $ref: 'urn:loket:answer:photos' }] },
};

/** One validator for both sides of the line: what the terminal lets through, the middleware lets through, and no more. */
export function createValidator(profile: Profile): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
  addFormats.default(ajv, ['date']);
  // A value counts in the form in which it is stored: no spaces, no dots.
  for (const [name, check] of Object.entries(checks)) {
    ajv.addFormat(name, (text: string) => {
      const checked = check(text, profile);
      return checked.ok && checked.value === text;
    });
  }
  for (const [id, shape] of Object.entries(shapes)) ajv.addSchema({ $id: id, ...shape });
  return ajv;
}
