import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Identity } from '../../contract/identity.ts';
import { parseAddressFile } from './address-file.ts';
import { type Fields, makeNationalNumber, makeTlv, sampleAddressFields, sampleIdentityFields } from './fixtures/sample-card.ts';
import { parseIdentityFile } from './identity-file.ts';
import { longestField } from './limits.ts';
import { findTlvFlaws, parseTlv } from './tlv.ts';

/** Text that a card could print: no padding of its own, nothing unseen. */
const printed = (longest: number) =>
  fc
    .string({ maxLength: longest, unit: 'grapheme' })
    .filter((text) => text === text.trim() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/u.test(text) && Buffer.byteLength(text) <= longestField);
const bytes = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength });
const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const asPrinted = (iso: string) => iso.split('-').reverse().join('.');

const person = fc.record({
  cardNumber: printed(20),
  chipNumber: bytes(16),
  validFrom: day,
  validUntil: day,
  born: day,
  serial: fc.constantFrom<'997' | '998'>('997', '998'),
  surname: printed(60),
  firstNames: printed(60),
  thirdNameInitial: printed(2),
  nationality: printed(40),
  birthPlace: printed(40),
  nobility: printed(30),
  issuingMunicipality: printed(40),
  sex: fc.constantFrom('M', 'F', 'V', 'W', ''),
  documentType: fc.constantFrom('1', '6', '11', '34', '69', '77', ''),
  photoHash: bytes(0, 64),
  basicKeyHash: bytes(0, 64),
});

test('what is written is what is read', () => {
  fc.assert(
    fc.property(person, (given) => {
      const [year = '', month = '', date = ''] = given.born.split('-');
      const nationalNumber = makeNationalNumber(year.slice(2) + month + date, given.serial, Number(year) < 2000 ? 1900 : 2000);
      const file = makeTlv({
        0: Uint8Array.of(0, 5),
        1: given.cardNumber,
        2: given.chipNumber,
        3: asPrinted(given.validFrom),
        4: asPrinted(given.validUntil),
        5: given.issuingMunicipality,
        6: nationalNumber,
        7: given.surname,
        8: given.firstNames,
        9: given.thirdNameInitial,
        10: given.nationality,
        11: given.birthPlace,
        12: `${date} ${month} ${year}`,
        13: given.sex,
        14: given.nobility,
        15: given.documentType,
        17: given.photoHash,
        26: given.basicKeyHash,
      });
      const parsed = parseIdentityFile(file);
      if (!parsed.ok) throw new Error(parsed.error);
      const { identity, photoHash, basicKeyHash } = parsed.value;
      const { cardNumber, surname, firstNames, thirdNameInitial, nationality, birthPlace, nobility, issuingMunicipality } = given;
      expect(Identity.parse(identity)).toMatchObject({
        ...{ cardNumber, surname, firstNames, thirdNameInitial, nationality, birthPlace, nobility, issuingMunicipality, nationalNumber },
        chipNumber: Buffer.from(given.chipNumber).toString('hex'),
        validFrom: { date: given.validFrom, original: asPrinted(given.validFrom) },
        validUntil: { date: given.validUntil, original: asPrinted(given.validUntil) },
        birthDate: { year: Number(year), month: Number(month), day: Number(date) },
      });
      expect([...photoHash, ...basicKeyHash]).toEqual([...given.photoHash, ...given.basicKeyHash]);
    }),
    { numRuns: 500 },
  );
});

test('the same for an address, with any padding behind it', () => {
  fc.assert(
    fc.property(printed(100), printed(10), printed(60), fc.nat(200), (street, code, place, padding) => {
      const file = Buffer.concat([makeTlv({ 0: Uint8Array.of(0, 1), 1: street, 2: code, 3: place }), Buffer.alloc(padding)]);
      const parsed = parseAddressFile(file);
      expect(parsed.ok && parsed.value).toMatchObject({ streetAndNumber: street, postalCode: code, municipality: place });
    }),
    { numRuns: 500 },
  );
});

const tlvFields = fc.dictionary(fc.nat(255).map(String), bytes(0, 700), { maxKeys: 8 });

test('fields of any length, chains of FF included, come back as they were', () => {
  fc.assert(
    fc.property(tlvFields, (fields) => {
      // A last field without a value, or tag 0 alone, cannot be told from padding.
      const file = Buffer.concat([makeTlv(fields as Fields), Buffer.of(0xfe, 1, 1)]);
      const { '254': _, ...rest } = fields;
      fc.pre(!('254' in fields) && file.length <= 8192);
      const parsed = parseTlv(file);
      if (!parsed.ok) throw new Error(parsed.error);
      expect([...parsed.value.fields].slice(0, -1)).toEqual(Object.entries(rest).map(([tag, value]) => [Number(tag), Buffer.from(value)]));
    }),
    { numRuns: 500 },
  );
});

const identityFile = makeTlv({ ...sampleIdentityFields, 17: Buffer.alloc(48, 1), 26: Buffer.alloc(48, 2) });
const addressFile = makeTlv(sampleAddressFields);

test.each([
  ['identity', identityFile, parseIdentityFile],
  ['address', addressFile, parseAddressFile],
] as const)('an %s file cut off anywhere is refused or says less, never something else', (_, file, parse) => {
  const whole = JSON.stringify(parseTlv(file).ok && [...valuesOf(file)]);
  for (let length = 0; length <= file.length; length += 1) {
    const cut = file.subarray(0, length);
    expect(() => parse(cut)).not.toThrow();
    const parsed = parseTlv(cut);
    if (parsed.ok) for (const value of valuesOf(cut)) expect(whole).toContain(JSON.stringify(value));
  }
});

function valuesOf(file: Buffer): [number, string][] {
  const parsed = parseTlv(file);
  return parsed.ok ? [...parsed.value.fields].map(([tag, value]) => [tag, Buffer.from(value).toString('hex')]) : [];
}

test('of two files in one, or of one field twice, nothing is said that is not said by both', () => {
  const another = makeTlv({ ...sampleIdentityFields, 0: Uint8Array.of(0, 6), 7: 'Elders-Proef' });
  expect(parseIdentityFile(Buffer.concat([identityFile, another.subarray(4)]))).toEqual({ ok: false, error: 'missing_field' });
  for (const tag of Object.keys(sampleIdentityFields).slice(1)) {
    const twice = parseIdentityFile(Buffer.concat([identityFile, makeTlv({ [tag]: 'Elders-Proef' })]));
    if (twice.ok) expect(JSON.stringify(twice.value.identity)).not.toContain('Elders-Proef');
  }
  expect(parseAddressFile(Buffer.concat([addressFile, makeTlv({ 2: '9999' })]))).toMatchObject({
    ok: true,
    value: { streetAndNumber: 'Proefstraat 12 bus 3', postalCode: '' },
  });
});

test('a length that says more than there is, up to a chain of FF without an end, gives no field', () => {
  for (const chain of [1, 2, 31, 32, 33, 8000]) {
    const huge = Buffer.concat([makeTlv({ 1: '592013456789' }), Buffer.of(7), Buffer.alloc(chain, 0xff)]);
    expect(parseIdentityFile(huge)).toEqual({ ok: false, error: 'missing_field' });
    expect(findTlvFlaws(huge)).toEqual(['truncated']);
  }
  expect(parseIdentityFile(Buffer.alloc(9000, 0xff))).toEqual({ ok: false, error: 'too_long' });
});

test('no bytes at all make a reader throw', () => {
  fc.assert(
    fc.property(bytes(0, 400), (noise) => {
      for (const parse of [parseIdentityFile, parseAddressFile, parseTlv]) expect(typeof parse(noise).ok).toBe('boolean');
    }),
    { numRuns: 2000 },
  );
});
