import { describe, expect, test } from 'vitest';
import { Identity } from '../../contract/identity.ts';
import { parseAddressFile } from './address-file.ts';
import { documentKind } from './document-type.ts';
import { parseIdentityFile } from './identity-file.ts';
import { isNationalNumber } from './national-number.ts';
import { type Fields, makeNationalNumber, makeTlv, sampleAddressFields, sampleIdentityFields } from './sample-card.ts';

const parseWith = (changes: Fields) => parseIdentityFile(makeTlv({ ...sampleIdentityFields, ...changes }));
const identityWith = (changes: Fields): Identity => {
  const parsed = parseWith(changes);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value.identity;
};
const without = (tag: number) => makeTlv(Object.fromEntries(Object.entries(sampleIdentityFields).filter(([each]) => Number(each) !== tag)));

describe('parseIdentityFile', () => {
  test('reads every field, as printed', () => {
    expect(Identity.parse(identityWith({}))).toEqual({
      surname: 'Vandenhoutte-Proef',
      firstNames: 'Liselore Aimée',
      thirdNameInitial: 'K',
      nationalNumber: '85043099812',
      birthDate: { year: 1985, month: 4, day: 30, original: '30 APR  1985' },
      birthPlace: 'Oostduinkerke',
      sex: 'female',
      nationality: 'Belg',
      nobility: '',
      documentType: { code: '1', kind: 'belgian' },
      cardNumber: '592013456789',
      chipNumber: '534c494e336600296cff2623660b0826',
      validFrom: '2022-03-14',
      validUntil: '2032-03-14',
      issuingMunicipality: 'Kortrijk',
    });
  });

  test.each([
    ['M', 'male'],
    ['F', 'female'],
    ['V', 'female'],
    ['W', 'female'],
    ['', 'unknown'],
    ['X', 'unknown'],
    ['constructor', 'unknown'],
  ])('sex %s', (printed, sex) => {
    expect(identityWith({ 13: printed }).sex).toBe(sex);
  });

  test.each([0x01, 0x02, 0x06, 0x07, 0x0c])('without field %i the file is nobody’s', (tag) => {
    expect(parseIdentityFile(without(tag))).toEqual({ ok: false, error: 'missing_field' });
  });

  test.each([0x00, 0x03, 0x05, 0x08, 0x09, 0x0a, 0x0b, 0x0d, 0x0e, 0x0f])('field %i may be absent', (tag) => {
    expect(parseIdentityFile(without(tag)).ok).toBe(true);
  });

  test('a number that fails its check is refused', () => {
    expect(parseWith({ 6: '85043099813' })).toEqual({ ok: false, error: 'national_number' });
    expect(parseWith({ 6: '8504309981' })).toEqual({ ok: false, error: 'national_number' });
    expect(parseWith({ 6: '' })).toEqual({ ok: false, error: 'national_number' });
  });

  test('a chip number of another length is refused', () => {
    expect(parseWith({ 2: new Uint8Array(15) })).toEqual({ ok: false, error: 'chip_number' });
  });

  test('fields longer than any card can hold are refused, long names are not', () => {
    expect(parseWith({ 7: 'é'.repeat(256) }).ok).toBe(true);
    expect(parseWith({ 7: 'e'.repeat(513) })).toEqual({ ok: false, error: 'field_too_long' });
    expect(parseWith({ 12: ' '.repeat(65) })).toEqual({ ok: false, error: 'field_too_long' });
  });

  test('bytes that are no UTF-8 and marks that could disguise a name are shown as such', () => {
    expect(identityWith({ 7: Buffer.from([0x41, 0xff, 0xc3, 0x42]) }).surname).toBe('A\ufffd\ufffdB');
    expect(identityWith({ 7: 'A\u202eB\u0007C' }).surname).toBe('A\ufffdB\ufffdC');
    expect(identityWith({ 7: Buffer.from([0xc3]) }).surname).toBe('\ufffd');
  });

  test('dates that are none are null, not a guess', () => {
    expect(identityWith({ 3: '31.02.2022', 4: '' })).toMatchObject({ validFrom: null, validUntil: null });
  });
});

test.each([
  ['1', 'belgian'],
  ['01', 'belgian'],
  ['6', 'kids'],
  ['11', 'foreigner'],
  ['36', 'foreigner'],
  ['61', 'foreigner'],
  ['69', 'foreigner'],
  ['7', 'other'],
  ['8', 'other'],
  ['37', 'other'],
  ['99', 'other'],
  ['', 'other'],
])('document type %s', (code, kind) => {
  expect(documentKind(code)).toBe(kind);
});

test('the check of a national number, both centuries', () => {
  const before = makeNationalNumber('850430', '998', 1900);
  const after = makeNationalNumber('030612', '997', 2000);
  expect([before, after].map(isNationalNumber)).toEqual([true, true]);
  for (const number of [before, after]) {
    for (let at = 0; at < 11; at += 1) {
      const digit = (Number(number[at]) + 1) % 10;
      expect(isNationalNumber(number.slice(0, at) + digit + number.slice(at + 1))).toBe(false);
    }
  }
  expect(isNationalNumber('8504309981a')).toBe(false);
});

describe('parseAddressFile', () => {
  test('reads the fields, with padding behind them', () => {
    const padded = Buffer.concat([makeTlv(sampleAddressFields), Buffer.alloc(50)]);
    expect(parseAddressFile(padded)).toEqual({
      ok: true,
      value: { streetAndNumber: 'Proefstraat 12 bus 3', postalCode: '8500', municipality: 'Kortrijk' },
    });
  });

  test('an empty address is an answer, a cut one is not', () => {
    expect(parseAddressFile(new Uint8Array(117))).toEqual({ ok: true, value: { streetAndNumber: '', postalCode: '', municipality: '' } });
    expect(parseAddressFile(makeTlv(sampleAddressFields).subarray(0, 12))).toEqual({ ok: false, error: 'truncated' });
    expect(parseAddressFile(makeTlv({ 1: 'x'.repeat(513) }))).toEqual({ ok: false, error: 'field_too_long' });
  });
});
