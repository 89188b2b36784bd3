import { generateKeyPairSync, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { signRaw } from './sign-raw.ts';

it('signs as ES256 wants it, whatever the two numbers begin with', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const firsts = new Set<boolean>();
  for (let number = 0; number < 2_000; number += 1) {
    const bytes = Buffer.from(String(number));
    const raw = signRaw(privateKey, bytes);
    // One in 256 has a first byte of zero, which DER leaves out; half of them have a first bit, before which DER puts a zero.
    firsts.add(raw[0] === 0);
    expect(raw.length).toBe(64);
    expect(verify('sha256', bytes, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
  }
  expect(firsts).toEqual(new Set([true, false]));
});
