import { createECDH, ECDH, type KeyObject } from 'node:crypto';

/**
 * ECDSA over a hash that is given as such (FIPS 186-5, 6.4.2). node:crypto verifies only what it hashes itself, so the
 * multiplications are its ECDH's and the sum of two points is made here. Nothing secret takes part.
 */
const curve = 'secp384r1';
const size = 48;
/** SP 800-186, 3.2.1.4. */
const prime = 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n;
const order = 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n;

type Point = { x: bigint; y: bigint };

export function verifyP384(input: { digest: Uint8Array; signature: Uint8Array; key: KeyObject }): boolean {
  const { digest, signature } = input;
  if (digest.length !== size || signature.length !== 2 * size) return false;
  const [r, s] = [toNumber(signature.subarray(0, size)), toNumber(signature.subarray(size))];
  if (r === 0n || r >= order || s === 0n || s >= order) return false;
  try {
    const w = invert(s, order);
    const fromBase = multiplyBase((toNumber(digest) * w) % order);
    const fromKey = multiply(pointOf(input.key), (r * w) % order);
    return add(fromBase, fromKey).x % order === r;
  } catch {
    // A product that is the point at infinity, or a sum of equal points: no signer arrives there.
    return false;
  }
}

function multiplyBase(factor: bigint): Point {
  const ecdh = createECDH(curve);
  ecdh.setPrivateKey(toBytes(factor));
  return fromUncompressed(ecdh.getPublicKey());
}

/** ECDH gives x alone. Of the two points with that x it is the one whose sum with `point` is the next multiple. */
function multiply(point: Point, factor: bigint): Point {
  const x = sharedX(point, factor);
  const next = toNumber(sharedX(point, factor + 1n));
  const one = fromUncompressed(ECDH.convertKey(Buffer.concat([Buffer.of(2), x]), curve, undefined, undefined, 'uncompressed') as Buffer);
  return add(one, point).x === next ? one : { x: one.x, y: prime - one.y };
}

function sharedX(point: Point, factor: bigint): Buffer {
  const ecdh = createECDH(curve);
  ecdh.setPrivateKey(toBytes(factor));
  return ecdh.computeSecret(Buffer.concat([Buffer.of(4), toBytes(point.x), toBytes(point.y)]));
}

/** Of two points that are not each other's equal or opposite; for those `invert` throws. */
function add(one: Point, other: Point): Point {
  const slope = modulo((other.y - one.y) * invert(modulo(other.x - one.x, prime), prime), prime);
  const x = modulo(slope * slope - one.x - other.x, prime);
  return { x, y: modulo(slope * (one.x - x) - one.y, prime) };
}

function invert(value: bigint, modulus: bigint): bigint {
  let [low, high, a, b] = [value, modulus, 1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high, a, b] = [high - quotient * low, low, b - quotient * a, a];
  }
  if (low === 0n) throw new RangeError('no inverse');
  return modulo(a, modulus);
}

function modulo(value: bigint, modulus: bigint): bigint {
  return ((value % modulus) + modulus) % modulus;
}

function pointOf(key: KeyObject): Point {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return { x: toNumber(Buffer.from(x, 'base64url')), y: toNumber(Buffer.from(y, 'base64url')) };
}

function fromUncompressed(bytes: Buffer): Point {
  return { x: toNumber(bytes.subarray(1, 1 + size)), y: toNumber(bytes.subarray(1 + size)) };
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex');
}
