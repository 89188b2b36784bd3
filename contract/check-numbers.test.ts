import { describe, expect, it } from 'vitest';
import {
  checkEnterpriseNumber,
  checkEstablishmentNumber,
  checkNationalNumber,
  checkPlate,
  makeCommunication,
  printCommunication,
} from './check-numbers.ts';

/** Numbers of nobody: serial 997 or 998, which no birth day reaches. */
function number(nine: string, from2000 = false): string {
  return nine + String(97 - (Number(from2000 ? `2${nine}` : nine) % 97)).padStart(2, '0');
}

describe('a national number', () => {
  it.each([
    ['of before 2000', number('850730997')],
    ['of since 2000', number('020730997', true)],
    ['bis, sex known', number('854730998')],
    ['bis, sex unknown', number('852730998')],
    ['of which nothing of the date is known', number('850000997')],
    ['with its dots and dashes', number('850730997').replace(/^(..)(..)(..)(...)(..)$/, '$1.$2.$3-$4.$5')],
  ])('%s is taken as its eleven digits', (_what, text) => {
    expect(checkNationalNumber(text)).toEqual({ ok: true, value: text.replaceAll(/\D/g, '') });
  });

  it.each([
    ['with one digit changed', number('850730997').replace(/^8/, '9'), 'check'],
    ['with two digits changed round', `58${number('850730997').slice(2)}`, 'check'],
    ['too short', '8507309971', 'length'],
    ['with a letter', `${number('850730997').slice(0, 10)}x`, 'length'],
    ['with a month that no calendar and no rule has', number('851530997'), 'check'],
    ['with a day that no month has', number('850732997'), 'check'],
    ['made for tests', number('856230997'), 'test'],
  ] as const)('%s is refused', (_what, text, fault) => {
    expect(checkNationalNumber(text)).toEqual({ ok: false, error: fault });
  });

  it('made for tests is one where tests are', () => {
    expect(checkNationalNumber(number('856230997'), { testNumbers: true }).ok).toBe(true);
  });

  it('of since 2000 has its check number over a 2 and nine digits: 97 - 2 000 125 998 mod 97 = 34', () => {
    expect(checkNationalNumber('00012599834')).toEqual({ ok: true, value: '00012599834' });
  });
});

describe('numbers of enterprises', () => {
  it('are those of the Crossroads Bank, however they are written', () => {
    for (const text of ['0566.988.259', 'BE 0566.988.259', 'be0566988259', '566988259']) {
      expect(checkEnterpriseNumber(text)).toEqual({ ok: true, value: '0566988259' });
    }
    expect(checkEnterpriseNumber('0566.988.258')).toEqual({ ok: false, error: 'check' });
    expect(checkEnterpriseNumber('2566.988.259')).toEqual({ ok: false, error: 'length' });
    expect(checkEnterpriseNumber('')).toEqual({ ok: false, error: 'length' });
  });

  it('begin with 1 as well', () => {
    const eight = '10012345';
    const one = eight + String(97 - (Number(eight) % 97)).padStart(2, '0');
    expect(checkEnterpriseNumber(one)).toEqual({ ok: true, value: one });
  });

  it('are others for an establishment', () => {
    const eight = '21234567';
    const two = eight + String(97 - (Number(eight) % 97)).padStart(2, '0');
    expect(checkEstablishmentNumber(two)).toEqual({ ok: true, value: two });
    expect(checkEstablishmentNumber('0566988259')).toEqual({ ok: false, error: 'length' });
    expect(checkEstablishmentNumber(`${eight}00`)).toEqual({ ok: false, error: 'check' });
  });
});

describe('a number plate', () => {
  it.each([
    ['1 abc 123', '1-ABC-123', 'current'],
    ['T-XAB-123', 'T-XAB-123', 'current'],
    ['ABC123', 'ABC-123', 'older'],
    ['123-ABC', '123-ABC', 'older'],
    ['VLAS', 'VLAS', 'personal'],
    ['B MU 2040', 'BMU2040', 'foreign'],
  ])('%s is taken as %s: %s', (text, plate, kind) => {
    expect(checkPlate(text)).toEqual({ ok: true, value: { plate, kind } });
  });

  it.each(['', '1', 'A'.repeat(11), '1-ABC-12\u0417'])('%j is none', (text) => {
    expect(checkPlate(text).ok).toBe(false);
  });
});

describe('a structured communication', () => {
  it('has its remainder behind it, and 97 where there is none', () => {
    expect(makeCommunication(1_234_567_890)).toBe('123456789002');
    expect(makeCommunication(97)).toBe('000000009797');
    expect(printCommunication('123456789002')).toBe('+++123/4567/89002+++');
  });
});
