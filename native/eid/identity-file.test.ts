import { describe, expect, test } from 'vitest';
import { Identity } from '../../contract/identity.ts';
import { parseAddressFile } from './address-file.ts';
import { documentKind } from './document-type.ts';
import { type Fields, makeNationalNumber, makeTlv, sampleAddressFields, sampleIdentityFields } from './fixtures/sample-card.ts';
import { parseIdentityFile } from './identity-file.ts';
import { isNationalNumber } from './national-number.ts';

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
      validFrom: { date: '2022-03-14', original: '14.03.2022' },
      validUntil: { date: '2032-03-14', original: '14.03.2032' },
      issuingMunicipality: 'Kortrijk',
      specialStatus: { code: '0', whiteCane: false, yellowCane: false, extendedMinority: false },
      specialOrganisation: { code: '', kind: 'none' },
      duplicate: '00',
      residence: null,
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

  test.each([0x00, 0x03, 0x05, 0x08, 0x09, 0x0a, 0x0b, 0x0d, 0x0e, 0x0f, 0x10, 0x12])('field %i may be absent', (tag) => {
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
    for (const tag of [0x00, 0x11, 0x19, 0x1a, 0x42]) {
      expect(parseWith({ [tag]: Buffer.alloc(513, 49) })).toEqual({ ok: false, error: 'field_too_long' });
    }
    for (const tag of [0x03, 0x04, 0x0c, 0x15, 0x1f]) {
      expect(parseWith({ [tag]: ' '.repeat(64) }).ok).toBe(true);
      expect(parseWith({ [tag]: ' '.repeat(65) })).toEqual({ ok: false, error: 'field_too_long' });
    }
  });

  test('a field that nobody knows yet is let be', () => {
    expect(identityWith({ 32: 'later', 254: Buffer.alloc(300, 1) })).toEqual(identityWith({}));
  });

  test('bytes that are no UTF-8 and marks that could disguise a name are shown as such', () => {
    expect(identityWith({ 7: Buffer.from([0x41, 0xff, 0xc3, 0x42]) }).surname).toBe('A\ufffd\ufffdB');
    expect(identityWith({ 7: 'A\u202eB\u0007C' }).surname).toBe('A\ufffdB\ufffdC');
    for (const unseen of ['\u200b', '\u200d', '\u00ad', '\u2028', '\u2066', '\ufeff', '\u{e0041}', '\n', '\u0000']) {
      expect(identityWith({ 7: `A${unseen}B` }).surname).toBe('A\ufffdB');
    }
    expect(identityWith({ 7: Buffer.from([0xc3]) }).surname).toBe('\ufffd');
  });

  test('dates that are none keep what is printed and become no guess', () => {
    expect(identityWith({ 3: '31.02.2022', 4: '' })).toMatchObject({
      validFrom: { date: null, original: '31.02.2022' },
      validUntil: { date: null, original: '' },
    });
  });

  test('the hashes of photo and chip are handed on as bytes', () => {
    const parsed = parseWith({ 17: Buffer.alloc(48, 7), 26: Buffer.alloc(48, 9) });
    expect(parsed.ok && [parsed.value.photoHash, parsed.value.basicKeyHash].map((each) => [each.length, each[0]])).toEqual([
      [48, 7],
      [48, 9],
    ]);
    const without = parseWith({});
    expect(without.ok && [without.value.photoHash.length, without.value.basicKeyHash.length]).toEqual([0, 0]);
  });

  test.each([
    ['0', false, false, false],
    ['1', true, false, false],
    ['2', false, false, true],
    ['3', true, false, true],
    ['4', false, true, false],
    ['5', false, true, true],
    ['6', false, false, false],
    ['', false, false, false],
    ['toString', false, false, false],
  ])('special status %s', (code, whiteCane, yellowCane, extendedMinority) => {
    expect(identityWith({ 16: code }).specialStatus).toEqual({ code, whiteCane, yellowCane, extendedMinority });
  });

  test.each([
    ['', 'none'],
    ['1', 'shape'],
    ['2', 'nato'],
    ['3', 'other'],
    ['4', 'former_blue_card'],
    ['5', 'researcher'],
    ['9', 'other'],
    ['toString', 'other'],
  ])('special organisation %s', (code, kind) => {
    expect(identityWith({ 19: code }).specialOrganisation).toEqual({ code, kind });
  });
});

describe('what only foreigners’ cards carry', () => {
  const foreigner: Fields = { 15: '12' };

  test('all of it', () => {
    const fields = {
      20: '1',
      21: '04.11.2019-SY',
      22: '7',
      23: '0999999922',
      24: '0999999823',
      25: '123456',
      27: 'B',
      28: 'C',
      29: 'D',
      30: 'K',
      31: '01.05.2021',
    };
    expect(Identity.parse(identityWith({ ...foreigner, ...fields })).residence).toEqual({
      memberOfFamily: true,
      protection: { since: { date: '2019-11-04', original: '04.11.2019' }, country: 'SY' },
      workPermit: '7',
      employerVatNumbers: ['0999999922', '0999999823'],
      regionalFileNumber: '123456',
      brexitMentions: ['B', 'C'],
      cardAMentions: ['D', 'K'],
      cardEuSince: { date: '2021-05-01', original: '01.05.2021' },
    });
    expect(identityWith({ 15: '1', ...fields }).residence).toBeNull();
    expect(identityWith({ 15: '6', ...fields }).residence).toBeNull();
    expect(identityWith({ 15: '99', ...fields }).residence).not.toBeNull();
  });

  const nothing = {
    memberOfFamily: false,
    protection: null,
    workPermit: '',
    employerVatNumbers: [],
    regionalFileNumber: '',
    brexitMentions: [],
    cardAMentions: [],
    cardEuSince: null,
  };

  test.each<[string, Fields, object]>([
    ['a work permit alone', { 22: 'A' }, { workPermit: 'A' }],
    ['the second employer alone', { 24: '0999999922' }, { employerVatNumbers: ['0999999922'] }],
    ['the flag of a family member, whatever it holds', { 20: '' }, { memberOfFamily: true }],
    [
      'a protection without a country',
      { 21: '04.11.2019' },
      { protection: { since: { date: '2019-11-04', original: '04.11.2019' }, country: '' } },
    ],
    [
      'a protection of some other form',
      { 21: 'since-1999' },
      { protection: { since: { date: null, original: 'since-1999' }, country: '' } },
    ],
    ['a start that is no date', { 31: '2021' }, { cardEuSince: { date: null, original: '2021' } }],
  ])('%s', (_, fields, expected) => {
    expect(identityWith({ ...foreigner, ...fields }).residence).toEqual({ ...nothing, ...expected });
  });

  test('none of it, or only empty fields', () => {
    expect(identityWith(foreigner).residence).toBeNull();
    expect(identityWith({ ...foreigner, 20: '0', 21: '', 22: ' ', 23: '', 25: '', 27: '', 29: '', 31: '' }).residence).toBeNull();
  });
});

test.each([
  ['1', 'belgian'],
  ['01', 'belgian'],
  ['6', 'kids'],
  ['06', 'kids'],
  ...'11 12 13 14 15 16 17 18 19 20 21 22 23 27 28 31 32 33 34 35 36 61 62 63 64 65 66 67 68 69'
    .split(' ')
    .map((code): [string, string] => [code, 'foreigner']),
  ['7', 'other'],
  ['8', 'other'],
  ['24', 'other'],
  ['29', 'other'],
  ['37', 'other'],
  ['60', 'other'],
  ['70', 'other'],
  ['111', 'other'],
  ['0', 'other'],
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
      value: {
        streetAndNumber: 'Proefstraat 12 bus 3',
        postalCode: '8500',
        municipality: 'Kortrijk',
        parts: { street: 'Proefstraat', houseNumber: '12', box: '3' },
      },
    });
  });

  test('an empty address is an answer, a cut one says what it still holds', () => {
    expect(parseAddressFile(new Uint8Array(117))).toEqual({
      ok: true,
      value: { streetAndNumber: '', postalCode: '', municipality: '', parts: null },
    });
    expect(parseAddressFile(makeTlv(sampleAddressFields).subarray(0, 26))).toMatchObject({
      ok: true,
      value: { streetAndNumber: 'Proefstraat 12 bus 3', postalCode: '', municipality: '' },
    });
    expect(parseAddressFile(makeTlv({ 1: 'x'.repeat(513) }))).toEqual({ ok: false, error: 'field_too_long' });
  });
});
