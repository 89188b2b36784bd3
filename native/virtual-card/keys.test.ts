import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import pkcs11js, { type Handle } from 'pkcs11js';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenModule } from './checks/open-module.ts';
import { withReader } from './checks/with-reader.ts';
import { buildVirtualCard, insertCard, removeCard, setState } from './control.ts';

const certificateOf = (name: string) => [
  { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
  { type: pkcs11js.CKA_LABEL, value: name },
];
const keyOf = (name: string, kind: number = pkcs11js.CKO_PRIVATE_KEY) => [
  { type: pkcs11js.CKA_CLASS, value: kind },
  { type: pkcs11js.CKA_LABEL, value: name },
];
const CKM_ECDSA_SHA256 = 0x1044;
const CKM_ECDSA_SHA384 = 0x1045;
const CKM_ECDSA_SHA512 = 0x1046;
const challenge = Buffer.from('a challenge of the middleware');

beforeAll(async () => {
  await buildVirtualCard();
});

async function openCard(module: OpenModule, reader: string, persona: string): Promise<Handle> {
  insertCard(reader, persona);
  return await module.session(await module.slot());
}

async function only(module: OpenModule, session: Handle, template: { type: number; value: number | string }[]): Promise<Handle> {
  const [found, ...more] = await module.find(session, template);
  if (found === undefined || more.length > 0) throw new Error(`found ${more.length + 1} instead of one`);
  return found;
}

async function signWith(module: OpenModule, session: Handle, key: string, mechanism: number, data: Buffer): Promise<Buffer> {
  await module.call('C_SignInit', session, { mechanism }, await only(module, session, keyOf(key)));
  return Buffer.from(await module.call('C_Sign', session, data, Buffer.alloc(512)));
}

/** The CK_RV that signing ends with. */
async function signCode(module: OpenModule, session: Handle, key: string, mechanism: number, data: Buffer): Promise<number> {
  await module.call('C_SignInit', session, { mechanism }, await only(module, session, keyOf(key)));
  return await module.code('C_Sign', session, data, Buffer.alloc(512));
}

async function certificate(module: OpenModule, session: Handle, name: string): Promise<X509Certificate> {
  return new X509Certificate(await module.attribute(session, await only(module, session, certificateOf(name)), pkcs11js.CKA_VALUE));
}

describe('certificates and keys', () => {
  test('four certificates, trimmed, with a native CK_ULONG as CKA_ID', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      const all = await module.find(session, [{ type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE }]);
      const seen: [string, bigint][] = [];
      for (const object of all) {
        const id = await module.attribute(session, object, pkcs11js.CKA_ID);
        expect(id).toHaveLength(8);
        seen.push([(await module.attribute(session, object, pkcs11js.CKA_LABEL)).toString(), id.readBigUInt64LE()]);
        const value = await module.attribute(session, object, pkcs11js.CKA_VALUE);
        expect(value).toHaveLength(value.readUInt16BE(2) + 4);
      }
      expect(seen).toEqual([
        ['Authentication', 2n],
        ['Signature', 3n],
        ['CA', 4n],
        ['Root', 6n],
      ]);
      expect((await certificate(module, session, 'Authentication')).checkIssued(await certificate(module, session, 'CA'))).toBe(true);
    }));

  test('keys are hard-coded per applet: the Card key on 1.8 alone', () =>
    withReader(async ({ module, reader }) => {
      for (const [persona, labels] of [
        ['lotte', ['Authentication', 'Signature', 'Card']],
        ['expired', ['Authentication', 'Signature']],
      ] as const) {
        const session = await openCard(module, reader, persona);
        const seen: string[] = [];
        for (const object of await module.find(session, [{ type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY }])) {
          seen.push((await module.attribute(session, object, pkcs11js.CKA_LABEL)).toString());
        }
        expect(seen).toEqual(labels);
        await module.call('C_CloseSession', session);
      }
    }));

  test('the EC point is bare, the parameters are an object identifier, and nothing marks a key as always asking', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      const key = await only(module, session, keyOf('Authentication', pkcs11js.CKO_PUBLIC_KEY));
      const point = await module.attribute(session, key, pkcs11js.CKA_EC_POINT);
      expect(point).toHaveLength(97);
      const spki = (await certificate(module, session, 'Authentication')).publicKey.export({ format: 'der', type: 'spki' });
      expect(spki.subarray(-97)).toEqual(point);
      expect(await module.attribute(session, key, pkcs11js.CKA_EC_PARAMS)).toEqual(Buffer.from('06052b81040022', 'hex'));
      const secret = await only(module, session, keyOf('Authentication'));
      const always = [{ type: pkcs11js.CKA_ALWAYS_AUTHENTICATE }];
      expect(await module.code('C_GetAttributeValue', session, secret, always)).toBe(pkcs11js.CKR_ATTRIBUTE_TYPE_INVALID);
    }));

  test('mechanisms by generation', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      insertCard(reader, 'lotte');
      const newer = await module.call('C_GetMechanismList', slot);
      expect(newer.slice(6)).toEqual([CKM_ECDSA_SHA256, CKM_ECDSA_SHA384, CKM_ECDSA_SHA512, pkcs11js.CKM_ECDSA]);
      expect((await module.call('C_GetMechanismInfo', slot, pkcs11js.CKM_ECDSA)).maxKeySize).toBe(384);
      insertCard(reader, 'expired');
      const older = await module.call('C_GetMechanismList', slot);
      expect(older).toContain(pkcs11js.CKM_SHA256_RSA_PKCS);
      expect(older).not.toContain(pkcs11js.CKM_ECDSA);
    }));
});

describe('signing', () => {
  test('authentication on 1.8: r and s of 48 bytes that verify under the card certificate', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      await module.call('C_Login', session, pkcs11js.CKU_USER, '1234');
      const key = (await certificate(module, session, 'Authentication')).publicKey;
      for (const [mechanism, hash] of [
        [CKM_ECDSA_SHA256, 'sha256'],
        [CKM_ECDSA_SHA384, 'sha384'],
        [CKM_ECDSA_SHA512, 'sha512'],
      ] as const) {
        const signature = await signWith(module, session, 'Authentication', mechanism, challenge);
        expect(signature).toHaveLength(96);
        expect(verify(hash, challenge, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
      }
      const hashed = createHash('sha384').update(challenge).digest();
      const raw = await signWith(module, session, 'Authentication', pkcs11js.CKM_ECDSA, hashed);
      expect(verify('sha384', challenge, { key, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
      // In parts: the same.
      await module.call('C_SignInit', session, { mechanism: CKM_ECDSA_SHA384 }, await only(module, session, keyOf('Authentication')));
      await module.call('C_SignUpdate', session, challenge.subarray(0, 5));
      await module.call('C_SignUpdate', session, challenge.subarray(5));
      const parts = Buffer.from(await module.call('C_SignFinal', session, Buffer.alloc(96)));
      expect(verify('sha384', challenge, { key, dsaEncoding: 'ieee-p1363' }, parts)).toBe(true);
    }));

  test('authentication on 1.7: RSA, 256 bytes', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'expired');
      await module.call('C_Login', session, pkcs11js.CKU_USER, '1234');
      const { publicKey } = await certificate(module, session, 'Authentication');
      const signature = await signWith(module, session, 'Authentication', pkcs11js.CKM_SHA256_RSA_PKCS, challenge);
      expect(signature).toHaveLength(256);
      expect(verify('sha256', challenge, publicKey, signature)).toBe(true);
      const digestInfo = Buffer.concat([
        Buffer.from('3031300d060960864801650304020105000420', 'hex'),
        createHash('sha256').update(challenge).digest(),
      ]);
      const plain = await signWith(module, session, 'Authentication', pkcs11js.CKM_RSA_PKCS, digestInfo);
      expect(verify('sha256', challenge, publicKey, plain)).toBe(true);
    }));

  test('without login the library asks for the PIN itself: its dialog is cancelled, or it has none and fails', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      expect(await signCode(module, session, 'Authentication', CKM_ECDSA_SHA384, challenge)).toBe(pkcs11js.CKR_FUNCTION_CANCELED);
      setState(reader, { dialogs: 0 });
      expect(await signCode(module, session, 'Authentication', CKM_ECDSA_SHA384, challenge)).toBe(pkcs11js.CKR_FUNCTION_FAILED);
      // A failed signature ends its operation: the next one can begin.
      await module.call('C_Login', session, pkcs11js.CKU_USER, '1234');
      expect(await signCode(module, session, 'Authentication', CKM_ECDSA_SHA384, challenge)).toBe(0);
    }));

  test('the Signature key asks in the same breath, also after login', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      await module.call('C_Login', session, pkcs11js.CKU_USER, '1234');
      expect(await signCode(module, session, 'Signature', CKM_ECDSA_SHA384, challenge)).toBe(pkcs11js.CKR_FUNCTION_CANCELED);
    }));

  test('the Card key proves the chip without a PIN, and its operation stays active', () =>
    withReader(async ({ module, reader, cards }) => {
      const session = await openCard(module, reader, 'lotte');
      const hash = createHash('sha384').update(challenge).digest();
      const signature = await signWith(module, session, 'Card', pkcs11js.CKM_ECDSA, hash);
      const basicKey = readFileSync(path.join(cards, 'lotte/basic-key'));
      const key = createPublicKey({ key: basicKey, format: 'der', type: 'spki' });
      expect(verify('sha384', challenge, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
      const again = await only(module, session, keyOf('Card'));
      expect(await module.code('C_SignInit', session, { mechanism: pkcs11js.CKM_ECDSA }, again)).toBe(pkcs11js.CKR_OPERATION_ACTIVE);
    }));

  test('a buffer that is too small leaves the operation active', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      await module.call('C_Login', session, pkcs11js.CKU_USER, '1234');
      await module.call('C_SignInit', session, { mechanism: CKM_ECDSA_SHA384 }, await only(module, session, keyOf('Authentication')));
      expect(await module.code('C_Sign', session, challenge, Buffer.alloc(95))).toBe(pkcs11js.CKR_BUFFER_TOO_SMALL);
      expect(await module.call('C_Sign', session, challenge, Buffer.alloc(96))).toHaveLength(96);
    }));

  test('digests are the software of the library', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      await module.call('C_DigestInit', session, { mechanism: pkcs11js.CKM_SHA256 });
      const made = await module.call('C_Digest', session, challenge, Buffer.alloc(32));
      expect(Buffer.from(made)).toEqual(createHash('sha256').update(challenge).digest());
    }));
});

describe('PIN', () => {
  const login = (module: OpenModule, session: Handle, pin: string) => module.code('C_Login', session, pkcs11js.CKU_USER, pin);

  test('three tries, and then the card is blocked, whatever the PIN; a right one in between gives them back', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      expect(await login(module, session, '9999')).toBe(pkcs11js.CKR_PIN_INCORRECT);
      expect(await login(module, session, '9999')).toBe(pkcs11js.CKR_PIN_INCORRECT);
      expect(await login(module, session, '1234')).toBe(0);
      await module.call('C_Logout', session);
      expect(await login(module, session, '9999')).toBe(pkcs11js.CKR_PIN_INCORRECT);
      expect(await login(module, session, '9999')).toBe(pkcs11js.CKR_PIN_INCORRECT);
      expect(await login(module, session, '9999')).toBe(pkcs11js.CKR_PIN_LOCKED);
      expect(await login(module, session, '1234')).toBe(pkcs11js.CKR_PIN_LOCKED);
    }));

  test('what is no PIN never reaches the card: no try is lost', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      for (const wrong of ['123', '1234567890123', '12a4', 'abcd'])
        expect(await login(module, session, wrong)).toBe(pkcs11js.CKR_FUNCTION_FAILED);
      // 20 characters and more count as no PIN at all: the library's own dialog.
      expect(await login(module, session, '12345678901234567890')).toBe(pkcs11js.CKR_FUNCTION_CANCELED);
      expect(await login(module, session, '')).toBe(pkcs11js.CKR_FUNCTION_CANCELED);
      setState(reader, { dialogs: 0 });
      expect(await login(module, session, '')).toBe(pkcs11js.CKR_FUNCTION_FAILED);
      expect(await login(module, session, '9999')).toBe(pkcs11js.CKR_PIN_INCORRECT);
      expect(await login(module, session, '9999')).toBe(pkcs11js.CKR_PIN_INCORRECT);
      expect(await login(module, session, '1234')).toBe(0);
    }));

  test('the counter in the card data is as old as the connection', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      const counter = async (in_: Handle) => {
        const template = [
          { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_DATA },
          { type: pkcs11js.CKA_OBJECT_ID, value: Buffer.from('carddata') },
          { type: pkcs11js.CKA_LABEL, value: 'carddata_pin_counter' },
        ];
        const [object] = await module.find(in_, template);
        return object === undefined ? -1 : (await module.attribute(in_, object, pkcs11js.CKA_VALUE)).readUInt8();
      };
      expect(await login(module, session, '9999')).toBe(pkcs11js.CKR_PIN_INCORRECT);
      expect(await counter(session)).toBe(3);
      await module.call('C_CloseSession', session);
      expect(await counter(await openCard(module, reader, 'lotte'))).toBe(2);
    }));

  test('once the slot thinks it is logged in, any PIN is "right"; only a signature tells', () =>
    withReader(async ({ module, reader }) => {
      const first = await openCard(module, reader, 'lotte');
      await module.call('C_Login', first, pkcs11js.CKU_USER, '1234');
      expect(await login(module, first, '0000')).toBe(0);
      // The card is swapped while a session stays open: the new holder is "logged in" with anything.
      const second = await openCard(module, reader, 'helene');
      expect(await login(module, second, '0000')).toBe(0);
      expect(await signCode(module, second, 'Authentication', CKM_ECDSA_SHA384, challenge)).toBe(pkcs11js.CKR_FUNCTION_CANCELED);
      // Closing all sessions at the removal is what prevents it.
      await module.call('C_CloseAllSessions', await module.slot());
      const third = await openCard(module, reader, 'helene');
      expect(await login(module, third, '0000')).toBe(pkcs11js.CKR_PIN_INCORRECT);
    }));

  test('the state of the PIN is the card: another process signs with it, until the card is pulled', () =>
    withReader(async ({ module, reader, another }) => {
      const mine = await openCard(module, reader, 'lotte');
      await module.call('C_Login', mine, pkcs11js.CKU_USER, '1234');
      const other = await another();
      const theirs = await other.session(await other.slot());
      expect(await signCode(other, theirs, 'Authentication', CKM_ECDSA_SHA384, challenge)).toBe(0);
      removeCard(reader);
      const again = await openCard(other, reader, 'lotte');
      expect(await signCode(other, again, 'Authentication', CKM_ECDSA_SHA384, challenge)).toBe(pkcs11js.CKR_FUNCTION_CANCELED);
    }));

  test('closing the last session logs the card off', () =>
    withReader(async ({ module, reader, another }) => {
      const mine = await openCard(module, reader, 'lotte');
      await module.call('C_Login', mine, pkcs11js.CKU_USER, '1234');
      await module.call('C_CloseSession', mine);
      const other = await another();
      const theirs = await other.session(await other.slot());
      expect(await signCode(other, theirs, 'Authentication', CKM_ECDSA_SHA384, challenge)).toBe(pkcs11js.CKR_FUNCTION_CANCELED);
    }));

  test('a changed PIN is the new one', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      expect(await module.code('C_SetPIN', session, '9999', '4321')).toBe(pkcs11js.CKR_PIN_INCORRECT);
      await module.call('C_SetPIN', session, '1234', '4321');
      expect(await login(module, session, '1234')).toBe(pkcs11js.CKR_PIN_INCORRECT);
      expect(await login(module, session, '4321')).toBe(0);
    }));
});

describe('the power of the card', () => {
  const signAuthentication = async (module: OpenModule, session: Handle) =>
    await signCode(module, session, 'Authentication', CKM_ECDSA_SHA384, challenge);

  test('a verified PIN outlives the process that gave it, as long as the card is powered', () =>
    withReader(async ({ module, reader, another }) => {
      setState(reader, { power_down_us: 60_000_000 });
      const mine = await openCard(module, reader, 'lotte');
      await module.call('C_Login', mine, pkcs11js.CKU_USER, '1234');
      await module.close();
      const next = await another();
      expect(await signAuthentication(next, await next.session(await next.slot()))).toBe(0);
    }));

  test('nobody connected for long enough: powered down, and the PIN forgotten', () =>
    withReader(async ({ module, reader, another }) => {
      setState(reader, { power_down_us: 1 });
      const mine = await openCard(module, reader, 'lotte');
      await module.call('C_Login', mine, pkcs11js.CKU_USER, '1234');
      await module.close();
      const next = await another();
      expect(await signAuthentication(next, await next.session(await next.slot()))).toBe(pkcs11js.CKR_FUNCTION_CANCELED);
    }));

  test('another process that stays connected keeps it powered', () =>
    withReader(async ({ module, reader, another }) => {
      setState(reader, { power_down_us: 1 });
      const mine = await openCard(module, reader, 'lotte');
      const other = await another();
      await other.session(await other.slot());
      await module.call('C_Login', mine, pkcs11js.CKU_USER, '1234');
      await module.close();
      const next = await another();
      expect(await signAuthentication(next, await next.session(await next.slot()))).toBe(0);
    }));
});

describe('cards without certificates', () => {
  test('a Kids-ID lists its keys whatever it holds', () =>
    withReader(async ({ module, reader }) => {
      const labels = async (session: Handle, kind: number) => {
        const found: string[] = [];
        for (const object of await module.find(session, [{ type: pkcs11js.CKA_CLASS, value: kind }])) {
          found.push((await module.attribute(session, object, pkcs11js.CKA_LABEL)).toString());
        }
        return found;
      };
      const finn = await openCard(module, reader, 'finn');
      expect(await labels(finn, pkcs11js.CKO_CERTIFICATE)).toEqual(['CA', 'Root']);
      expect(await labels(finn, pkcs11js.CKO_PRIVATE_KEY)).toEqual(['Authentication', 'Signature', 'Card']);
      await module.call('C_Login', finn, pkcs11js.CKU_USER, '1234');
      expect(await signCode(module, finn, 'Authentication', CKM_ECDSA_SHA384, challenge)).toBe(0x30);
      const noor = await openCard(module, reader, 'noor');
      expect(await labels(noor, pkcs11js.CKO_CERTIFICATE)).toEqual(['Authentication', 'CA', 'Root']);
    }));

  test('a blocked card is blocked before the first try', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'blocked');
      expect(await module.code('C_Login', session, pkcs11js.CKU_USER, '1234')).toBe(pkcs11js.CKR_PIN_LOCKED);
    }));
});
