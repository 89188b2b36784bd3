import { createPrivateKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { describe, expect, it } from 'vitest';
import type { PublicJwk } from '../../contract/key-set.ts';
import { makeContext, readRecipientKey, readySeal, sealOnce } from './hpke.ts';

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const keys = await suite.kem.generateKeyPair();
const jwk = (await crypto.subtle.exportKey('jwk', keys.publicKey)) as PublicJwk;
const to = readRecipientKey(jwk);
const info = new TextEncoder().encode('Ode on a Grecian Urn');
const aad = new TextEncoder().encode('Count-0');
const context = makeContext(info);
const exact = (bytes: Uint8Array) => Uint8Array.from(bytes).buffer;

async function open({ encapsulated, ciphertext }: { encapsulated: Uint8Array; ciphertext: Uint8Array }, bound = aad): Promise<Uint8Array> {
  const recipient = await suite.createRecipientContext({ recipientKey: keys.privateKey, enc: exact(encapsulated), info: exact(info) });
  return new Uint8Array(await recipient.open(exact(ciphertext), exact(bound)));
}

describe('HPKE on node:crypto', () => {
  it.each([0, 1, 15, 16, 17, 255, 2_000, 4_096, 149_984])('%i bytes: another implementation of RFC 9180 opens them', async (length) => {
    const plaintext = crypto.getRandomValues(new Uint8Array(Math.min(length, 65_536)));
    const whole = new Uint8Array(length);
    whole.set(plaintext);
    expect(Buffer.from(await open(sealOnce(readySeal(to, context), { aad, plaintext: whole }))).equals(whole)).toBe(true);
  });

  it('makes the same bytes as the other implementation with the same ephemeral key', async () => {
    const pair = await suite.kem.generateKeyPair();
    const ephemeral = await crypto.subtle.exportKey('jwk', pair.privateKey);
    const privateKey = createPrivateKey({ key: ephemeral as JsonWebKey, format: 'jwk' });
    const { point: encapsulated } = readRecipientKey(ephemeral as PublicJwk);
    const theirs = await suite.createSenderContext({ recipientPublicKey: keys.publicKey, info: exact(info), ekm: pair });
    const plaintext = new TextEncoder().encode('Beauty is truth, truth beauty');
    const ours = sealOnce(readySeal(to, context, { privateKey, encapsulated }), { aad, plaintext });
    expect(Buffer.from(ours.encapsulated).equals(Buffer.from(theirs.enc))).toBe(true);
    expect(Buffer.from(ours.ciphertext).equals(Buffer.from(await theirs.seal(exact(plaintext), exact(aad))))).toBe(true);
  });

  it('is bound to what it was sealed for, and never makes the same bytes twice', async () => {
    const sealed = sealOnce(readySeal(to, context), { aad, plaintext: info });
    await expect(open(sealed, info)).rejects.toThrow();
    expect(
      Buffer.from(sealed.encapsulated).equals(Buffer.from(sealOnce(readySeal(to, context), { aad, plaintext: info }).encapsulated)),
    ).toBe(false);
  });

  it('seals nothing more with what was made ready for one message: one nonce for two would open both', () => {
    const readied = readySeal(to, context);
    sealOnce(readied, { aad, plaintext: info });
    expect(() => sealOnce(readied, { aad, plaintext: aad })).toThrow();
  });

  it('takes no key that is not a point of P-256', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
    expect(() => readRecipientKey({ ...other } as PublicJwk)).toThrow();
    expect(() => readRecipientKey({ ...jwk, x: jwk.y })).toThrow();
    expect(() => readRecipientKey({ ...jwk, x: 'A'.repeat(43) })).toThrow();
  });
});
