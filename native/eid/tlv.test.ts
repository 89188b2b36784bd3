import { describe, expect, test } from 'vitest';
import { cutDerSequence } from './der.ts';
import { findTlvFlaws, parseTlv } from './tlv.ts';

const parse = (...bytes: number[]) => parseTlv(Uint8Array.from(bytes));
const fieldsOf = (...bytes: number[]) => {
  const parsed = parse(...bytes);
  return parsed.ok ? [...parsed.value.fields].map(([tag, value]) => [tag, ...value]) : parsed.error;
};
const flawsOf = (...bytes: number[]) => findTlvFlaws(Uint8Array.from(bytes));

describe('parseTlv', () => {
  test('reads fields in the order of the file, tag 0 first', () => {
    expect(fieldsOf(0, 2, 0, 5, 1, 1, 65, 9, 0)).toEqual([[0, 0, 5], [1, 65], [9]]);
  });

  test('zeroes after the last field are padding, zeroes that belong to its value are not', () => {
    expect(fieldsOf(1, 1, 65, 0, 0, 0)).toEqual([[1, 65]]);
    expect(fieldsOf(1, 2, 65, 0, 0, 0)).toEqual([[1, 65, 0]]);
    expect(fieldsOf(1, 3, 0, 0, 0)).toEqual([[1, 0, 0, 0]]);
    expect(fieldsOf(0, 0, 0, 0)).toEqual([]);
    expect(fieldsOf()).toEqual([]);
  });

  test('FF in a length means 255 more and another length byte', () => {
    const long = parseTlv(Uint8Array.from([7, 0xff, 0x02, ...Array<number>(257).fill(66)]));
    expect(long.ok && long.value.fields.get(7)?.length).toBe(257);
    const exactly255 = parseTlv(Uint8Array.from([7, 0xff, 0x00, ...Array<number>(255).fill(66), 8, 1, 67]));
    expect(exactly255.ok && [...exactly255.value.fields].map(([tag, value]) => [tag, value.length])).toEqual([
      [7, 255],
      [8, 1],
    ]);
  });

  test.each([[[1]], [[1, 2, 65]], [[1, 0xff]], [[1, 0xff, 0xff, 3, 65]]])(
    'a field that is cut off says nothing, those before it do: %j',
    (cut) => {
      expect(fieldsOf(9, 1, 65, ...cut)).toEqual([[9, 65]]);
      expect(flawsOf(9, 1, 65, ...cut)).toEqual(['truncated']);
    },
  );

  test('a tag that comes twice says what it says twice, and nothing where that differs', () => {
    expect(fieldsOf(1, 1, 65, 2, 1, 66, 1, 1, 65)).toEqual([
      [1, 65],
      [2, 66],
    ]);
    expect(fieldsOf(1, 1, 65, 2, 1, 66, 1, 1, 67)).toEqual([[2, 66]]);
    expect(fieldsOf(1, 1, 65, 1, 1, 67, 1, 1, 67)).toEqual([]);
    expect(flawsOf(1, 1, 65, 1, 1, 65)).toEqual(['repeated_tag']);
  });

  test('what lies behind the padding is no field', () => {
    expect(fieldsOf(1, 1, 65, 0, 0, 2, 1, 66)).toEqual([[1, 65]]);
    expect(flawsOf(1, 1, 65, 0, 0, 2, 1, 66)).toEqual(['after_padding']);
    expect(flawsOf(0, 2, 0, 5, 1, 1, 65, 0, 0)).toEqual([]);
  });

  test('too many fields and too large a file are refused', () => {
    expect(fieldsOf(...Array.from({ length: 65 }, (_, tag) => [tag, 1, 65]).flat())).toBe('too_many_fields');
    expect(parseTlv(new Uint8Array(8193))).toEqual({ ok: false, error: 'too_long' });
  });

  test('nothing beyond the end of the file is read, whatever lies behind it in memory', () => {
    const behind = Uint8Array.from([1, 3, 65, 66, 67, 68]);
    expect(parseTlv(behind.subarray(0, 4))).toMatchObject({ ok: true, value: { flaws: ['truncated'] } });
  });
});

describe('cutDerSequence', () => {
  const cut = (...bytes: number[]) => cutDerSequence(Uint8Array.from(bytes))?.length ?? null;

  test('cuts at the length, short and long form', () => {
    expect(cut(0x30, 1, 5, 0, 0)).toBe(3);
    expect(cut(0x30, 0x81, 0x80, ...Array<number>(140).fill(1))).toBe(131);
    expect(cut(0x30, 0x82, 0x01, 0x00, ...Array<number>(300).fill(1))).toBe(260);
  });

  test('refuses what is cut off, no sequence, or no DER', () => {
    expect(cut()).toBe(null);
    expect(cut(0x30)).toBe(null);
    expect(cut(0x30, 4, 1)).toBe(null);
    expect(cut(0x30, 0x82, 1)).toBe(null);
    expect(cut(0x30, 0x80, 0, 0)).toBe(null);
    expect(cut(0x30, 0x83, 0, 0, 1, 5)).toBe(null);
    expect(cut(0x04, 1, 5)).toBe(null);
  });
});
