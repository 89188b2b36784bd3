import {
  type CipherGCM,
  createCipheriv,
  createHmac,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import type { PublicJwk } from '../../contract/key-set.ts';

/**
 * HPKE base mode (RFC 9180): DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, one message per context.
 * Synchronous, so that sealing and committing are one step that nothing can come between. Keys go into it as key objects:
 * as bare bytes, and by `createECDH`, it takes Node about twice as long.
 */
const kem = Buffer.from([0x00, 0x10]);
const suite = { kem: join('KEM', kem), hpke: join('HPKE', kem, Buffer.from([0x00, 0x01]), Buffer.from([0x00, 0x02])) };
const none = Buffer.alloc(0);
const version = Buffer.from('HPKE-v1', 'latin1');
const modeBase = Buffer.from([0x00]);

/** `point`: uncompressed, 65 bytes. */
export type RecipientKey = { key: KeyObject; point: Buffer };

/** Throws when the key is no point of P-256. */
export function readRecipientKey(jwk: PublicJwk): RecipientKey {
  const key = createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, format: 'jwk' });
  return { key, point: pointOf(key) };
}

function pointOf(key: KeyObject): Buffer {
  const { x, y } = key.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from([0x04]), Buffer.from(x ?? '', 'base64url'), Buffer.from(y ?? '', 'base64url')]);
  if (point.length !== 65) throw new Error('no_p256_key');
  return point;
}

/** The part of the key schedule (RFC 9180, 5.1) that is the same for all messages with this `info`. */
export function makeContext(info: Uint8Array): Buffer {
  return join(modeBase, extract(suite.hpke, 'psk_id_hash', none), extract(suite.hpke, 'info_hash', info));
}

/** All of a sealing that does not depend on what is sealed. Good for one message: a cipher ends with it, and its key with the cipher. */
export type Readied = { encapsulated: Buffer; cipher: CipherGCM };

/** `SetupBaseS` of RFC 9180, 5.1.1: most of the work. `ephemeral` is chosen by tests alone: each record has one of its own. */
export function readySeal(to: RecipientKey, context: Buffer, { privateKey, encapsulated }: Ephemeral = makeEphemeral()): Readied {
  const point = diffieHellman({ privateKey, publicKey: to.key });
  const shared = derive(suite.kem, {
    salt: none,
    from: ['eae_prk', point],
    to: ['shared_secret', join(encapsulated, to.point)],
    length: 32,
  });
  const scheduled = (label: string, length: number) =>
    derive(suite.hpke, { salt: shared, from: ['secret', none], to: [label, context], length });
  const key = scheduled('key', 32);
  const readied = { encapsulated, cipher: createCipheriv('aes-256-gcm', createSecretKey(key), scheduled('base_nonce', 12)) };
  for (const used of [point, shared, key]) used.fill(0);
  return readied;
}

/** `ContextS.Seal` of RFC 9180, 5.2, for the first and only message. */
export function sealOnce(
  { encapsulated, cipher }: Readied,
  { aad, plaintext }: { aad: Uint8Array; plaintext: Uint8Array },
): { encapsulated: Uint8Array; ciphertext: Uint8Array } {
  cipher.setAAD(aad);
  return { encapsulated, ciphertext: Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]) };
}

export type Ephemeral = { privateKey: KeyObject; encapsulated: Buffer };

function makeEphemeral(): Ephemeral {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, encapsulated: pointOf(publicKey) };
}

type Labelled = [label: string, bytes: Uint8Array];

/** `LabeledExpand(LabeledExtract(salt, …), …)` of RFC 9180, 4: which is HKDF (RFC 5869) over labelled bytes. */
function derive(id: Buffer, { salt, from, to, length }: { salt: Buffer; from: Labelled; to: Labelled; length: number }): Buffer {
  const info = join(Buffer.from([0, length]), version, id, ...to);
  const material = join(version, id, ...from);
  const derived = Buffer.from(hkdfSync('sha256', createSecretKey(material), salt, info, length));
  material.fill(0);
  return derived;
}

/** `LabeledExtract` without a salt. */
function extract(id: Buffer, label: string, material: Uint8Array): Buffer {
  return createHmac('sha256', none)
    .update(join(version, id, label, material))
    .digest();
}

function join(...parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
}
