import { createHash, createPrivateKey, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildVirtualCard, type VirtualCard } from './control.ts';
import { allPersonas, isEid } from './personas.ts';
import { encodeField, trimZeros } from './tlv.ts';

let built: VirtualCard;

beforeAll(async () => {
  built = await buildVirtualCard();
});

const eids = allPersonas.filter(isEid);
const untouched = eids.filter(({ altered }) => altered === undefined);
const byId = (id: string) => eids.find((persona) => persona.id === id) ?? expect.unreachable(id);

function file(persona: string, name: string): Buffer {
  return readFileSync(path.join(built.cards, persona, name));
}

/** A DER value without the bytes behind it. */
function der(content: Buffer): Buffer {
  const long = content[1] === 0x82;
  return content.subarray(
    0,
    long ? content.readUInt16BE(2) + 4 : content[1] === 0x81 ? content.readUInt8(2) + 3 : content.readUInt8(1) + 2,
  );
}

function register(persona: string): X509Certificate {
  return new X509Certificate(der(file(persona, 'rn-cert')));
}

/** By the key of the National Register's certificate (DOC:content §6.2). */
function isSigned(persona: string, data: Buffer, signature: Buffer): boolean {
  const key = register(persona).publicKey;
  if (key.asymmetricKeyType === 'ec') return verify('sha384', data, { key, dsaEncoding: 'der' }, der(signature));
  return verify(byId(persona).register === 'rsa_sha1' ? 'sha1' : 'sha256', data, key, signature);
}

const identityHolds = (persona: string) => isSigned(persona, file(persona, 'identity'), file(persona, 'identity-sign'));
const addressHolds = (persona: string) => {
  const signed = Buffer.concat([trimZeros(file(persona, 'address')), file(persona, 'identity-sign')]);
  return isSigned(persona, signed, file(persona, 'address-sign'));
};

describe('signatures', () => {
  test('identity and address of an honest card hold', () => {
    expect(untouched.length).toBeGreaterThanOrEqual(16);
    for (const { id } of untouched) expect([id, identityHolds(id), addressHolds(id)]).toEqual([id, true, true]);
  });

  test('one byte of the street breaks the address alone', () => {
    expect([identityHolds('wannes'), addressHolds('wannes')]).toEqual([true, false]);
  });

  test('one byte of the name breaks the identity alone', () => {
    expect([identityHolds('wannes-id'), addressHolds('wannes-id')]).toEqual([false, true]);
    expect(file('wannes-id', 'identity').includes('Doornaer')).toBe(true);
  });

  test('noise in the identity file breaks it', () => {
    expect(identityHolds('garbled')).toBe(false);
  });

  test('another photo, another signature, another chip: each breaks one thing alone', () => {
    const photoHolds = (id: string) => file(id, 'identity').includes(createHash('sha384').update(file(id, 'photo')).digest());
    const keyHolds = (id: string) => file(id, 'identity').includes(createHash('sha384').update(file(id, 'basic-key')).digest());
    const chipHolds = (id: string) => {
      const secret = createPrivateKey({ key: file(id, 'card-key'), format: 'der', type: 'pkcs8' });
      return createPublicKey(secret).export({ format: 'der', type: 'spki' }).equals(file(id, 'basic-key'));
    };
    const all = (id: string) => [identityHolds(id), addressHolds(id), photoHolds(id), keyHolds(id), chipHolds(id)];
    expect(all('lotte')).toEqual([true, true, true, true, true]);
    expect(all('wannes-photo')).toEqual([true, true, false, true, true]);
    // The address is signed together with the identity's signature.
    expect(all('wannes-signature')).toEqual([false, false, true, true, true]);
    expect(all('wannes-chain')).toEqual([true, true, true, true, true]);
    expect(all('wannes-chip')).toEqual([true, true, true, false, true]);
    expect(all('wannes-clone')).toEqual([true, true, true, true, false]);
  });

  test('the National Register certificate comes from the test root, but for the stranger and the forged one', () => {
    const root = new X509Certificate(readFileSync(built.root));
    const issued = eids.filter(({ id }) => register(id).checkIssued(root) && register(id).verify(root.publicKey)).map(({ id }) => id);
    expect(issued).toEqual(eids.filter(({ id }) => id !== 'stranger' && id !== 'wannes-chain').map(({ id }) => id));
    expect(register('wannes-chain').issuer).toBe(root.subject);
    // Its own signatures hold: only the root gives it away.
    expect([identityHolds('stranger'), addressHolds('stranger')]).toEqual([true, true]);
  });

  test('photo and chip key are the ones that the identity file names', () => {
    for (const { id, applet, photoHash: algorithm } of untouched) {
      const identity = file(id, 'identity');
      const photoHash = createHash(algorithm).update(file(id, 'photo')).digest();
      expect(identity.includes(encodeField(0x11, photoHash))).toBe(true);
      const chipKey = applet === '18' ? createHash('sha384').update(file(id, 'basic-key')).digest() : Buffer.alloc(0);
      if (applet === '18') expect(identity.includes(encodeField(0x1a, chipKey))).toBe(true);
    }
  });
});

describe('personas', () => {
  test('national numbers: serial 997 or 998 by sex, a check number that holds, the birth date of the card', () => {
    for (const { identity } of eids) {
      const { nationalNumber, birthDate, sex } = identity;
      const year = Number(birthDate.slice(-4));
      const body = nationalNumber.slice(0, 9);
      const check = 97 - (Number(year >= 2000 ? `2${body}` : body) % 97);
      expect(nationalNumber.slice(9)).toBe(String(check).padStart(2, '0'));
      expect(body.slice(6)).toBe(sex === 'M' ? '997' : '998');
      expect(body.slice(0, 2)).toBe(String(year).slice(2));
      // A day that nobody knows is blank on the card and 00 in the number.
      expect(body.slice(4, 6)).toBe(birthDate.slice(0, 2).replace('  ', '00'));
    }
    // The check number of somebody born after 2000 holds with the 2 in front, and only so.
    const amaru = eids.find(({ id }) => id === 'amaru')?.identity.nationalNumber ?? '';
    expect(97 - (Number(amaru.slice(0, 9)) % 97)).not.toBe(Number(amaru.slice(9)));
  });

  test('card numbers: twelve digits with a check of 97, or a letter and nine digits', () => {
    for (const { identity } of eids) {
      const number = identity.cardNumber;
      if (/^[A-Z]\d{9}$/.test(number)) continue;
      expect(number).toMatch(/^\d{12}$/);
      expect(Number(number.slice(10))).toBe(Number(number.slice(0, 10)) % 97 || 97);
    }
  });

  test('no two people look the same to a program', () => {
    const photos = eids.map(({ id }) => createHash('sha256').update(file(id, 'photo')).digest('hex'));
    const chips = eids.map(({ id }) => file(id, 'card-data').subarray(0, 16).toString('hex'));
    expect([new Set(photos).size, new Set(chips).size]).toEqual([eids.length, eids.length]);
  });

  test('photos are grey baseline JPEGs of 140 by 200', () => {
    for (const { id } of eids) {
      const photo = file(id, 'photo');
      const frame = photo.indexOf(Buffer.from([0xff, 0xc0]));
      expect([photo.readUInt16BE(frame + 5), photo.readUInt16BE(frame + 7), photo.readUInt8(frame + 9)]).toEqual([200, 140, 1]);
      expect(photo.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
    }
  });

  test('the longest fields are as long as the applet allows', () => {
    const { identity, address } = byId('maximiliaan');
    const bytes = (value: string) => Buffer.byteLength(value);
    const { surname, firstNames, thirdNameInitial, nationality, birthPlace, issuingMunicipality, nobility } = identity;
    expect([surname, firstNames, thirdNameInitial, nationality, birthPlace, issuingMunicipality, nobility].map(bytes)).toEqual([
      110, 95, 3, 85, 80, 80, 50,
    ]);
    expect([address.streetAndNumber, address.municipality].map(bytes)).toEqual([80, 67]);
  });

  test('the cards of the generations: keys, hashes and certificates', () => {
    const about = (id: string) => {
      const { applet, register: signer, photoHash, certificates } = byId(id);
      return [applet, signer, photoHash, certificates, existsSync(path.join(built.cards, id, 'auth-cert'))];
    };
    expect(about('expired')).toEqual(['17', 'rsa_sha256', 'sha256', 'both', true]);
    expect(about('robrecht')).toEqual(['17', 'rsa_sha1', 'sha1', 'both', true]);
    expect(about('rozemarijn')).toEqual(['17', 'ec', 'sha1', 'both', true]);
    expect(about('noor')).toEqual(['18', 'ec', 'sha384', 'authentication', true]);
    expect(about('finn')).toEqual(['18', 'ec', 'sha384', 'none', false]);
    expect(register('rozemarijn').publicKey.asymmetricKeyType).toBe('ec');
    const citizen = new X509Certificate(der(file('rozemarijn', 'auth-cert')));
    expect([citizen.publicKey.asymmetricKeyType, register('robrecht').publicKey.asymmetricKeyType]).toEqual(['rsa', 'rsa']);
  });

  test('a field longer than 254 bytes has a length of several bytes', () => {
    expect(encodeField(1, Buffer.alloc(254))).toHaveLength(256);
    expect(encodeField(1, Buffer.alloc(255)).subarray(0, 3)).toEqual(Buffer.from([1, 255, 0]));
    expect(encodeField(1, Buffer.alloc(600)).subarray(0, 4)).toEqual(Buffer.from([1, 255, 255, 90]));
  });
});
