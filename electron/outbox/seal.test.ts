import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { beforeEach, expect, it } from 'vitest';
import type { PublicJwk } from '../../contract/key-set.ts';
import { sealContext, sealSuite } from '../../contract/transaction.ts';
import { makeContent } from '../testing/outbox-room.ts';
import { createSeal, type Sealed, type SealKey } from './seal.ts';

function makeKey(id: string): SealKey & { privateJwk: JsonWebKey } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { id, jwk: publicKey.export({ format: 'jwk' }) as PublicJwk, privateJwk: privateKey.export({ format: 'jwk' }) };
}

const [first, second] = [makeKey('first'), makeKey('second')];
const content = makeContent(1);
const plaintext = new TextEncoder().encode(JSON.stringify(content));
const place = { txId: content.txId, terminal: 'kiosk-2', generation: 'AAAAAAAAAAA', sequence: 1 };

let newest: SealKey;
let planned: (() => void)[];
let seal: ReturnType<typeof createSeal>;
beforeEach(() => {
  newest = first;
  planned = [];
  seal = createSeal(
    () => newest,
    (work) => planned.push(work),
  );
});
const haveTime = () => {
  for (const work of planned.splice(0)) work();
};

async function opens(sealed: Sealed): Promise<boolean> {
  const key = [first, second].find(({ id }) => id === sealed.keyId);
  const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientKey = await suite.kem.importKey('jwk', { ...key?.privateJwk }, false);
  const info = new TextEncoder().encode(sealSuite);
  const context = await suite.createRecipientContext({ recipientKey, enc: Uint8Array.from(sealed.encapsulated), info });
  const opened = await context.open(Uint8Array.from(sealed.ciphertext), sealContext({ ...place, keyId: sealed.keyId })).catch(() => null);
  return opened !== null && Buffer.from(opened).equals(plaintext);
}

it('seals the same, whether there was time before or not', async () => {
  const atOnce = seal(plaintext, place);
  haveTime();
  expect([await opens(atOnce), await opens(seal(plaintext, place))]).toEqual([true, true]);
});

it('uses what was made ready once', () => {
  const used = new Set<string>();
  for (let count = 0; count < 20; count += 1) {
    used.add(Buffer.from(seal(plaintext, place).encapsulated).toString('hex'));
    if (count % 3 === 0) haveTime();
  }
  expect(used.size).toBe(20);
});

it('uses nothing that was made ready for another key', async () => {
  seal(plaintext, place);
  haveTime();
  newest = second;
  const sealed = seal(plaintext, place);
  expect([sealed.keyId, await opens(sealed)]).toEqual(['second', true]);
});

it('makes nothing ready for a key that is not the newest any more', async () => {
  seal(plaintext, place);
  newest = second;
  seal(plaintext, place);
  haveTime();
  expect(await opens(seal(plaintext, place))).toBe(true);
});
