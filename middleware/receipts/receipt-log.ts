import { createPrivateKey, createPublicKey, hash, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';
import { ReceiptHead, receiptParts, receiptType } from '../../contract/receipt.ts';

/** A compact JWS (RFC 7515) over the head. */
export type SignReceipt = (head: ReceiptHead) => string;

/**
 * ES256. `typ` keeps a receipt from passing for any other signed thing (RFC 8725, 3.11). Throws when the key is no private
 * P-256 key, or its halves do not belong together: terminals would believe no receipt.
 */
export function prepareReceipts(key: { id: string; privateJwk: object }): SignReceipt {
  const jwk: JsonWebKey = { ...key.privateJwk };
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const signReceipt: SignReceipt = (head) => {
    const input = receiptParts(key.id, head).map(encode).join('.');
    const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${input}.${signature.toString('base64url')}`;
  };
  // Node takes x and y as they are written beside d.
  const publicKey = createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y } as JsonWebKey, format: 'jwk' });
  const sample = signReceipt({ terminal: 'a', root: '', size: 1, receivedAt: '', epoch: 'a', log: { sequence: 1, previous: null } });
  if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1' || !isSignedBy(sample, publicKey))
    throw new Error('not the private key of a receipt key');
  return signReceipt;
}

export type ReadReceipt = { head: ReceiptHead; kid: string };

/** Null: not a receipt, or not signed by the key that it names. */
export function readReceipt(receipt: string, keys: ReadonlyMap<string, KeyObject>): ReadReceipt | null {
  const [header, payload] = receipt.split('.').map(decode);
  if (typeof header !== 'object' || header === null || !('kid' in header) || typeof header.kid !== 'string') return null;
  const isReceipt = 'alg' in header && header.alg === 'ES256' && 'typ' in header && header.typ === receiptType;
  const head = ReceiptHead.safeParse(payload);
  const key = keys.get(header.kid);
  return isReceipt && head.success && key !== undefined && isSignedBy(receipt, key) ? { head: head.data, kid: header.kid } : null;
}

/** What the next receipt in the log carries of this one. */
export function hashReceipt(receipt: string): Buffer {
  return hash('sha256', receipt, 'buffer');
}

function isSignedBy(jws: string, key: KeyObject): boolean {
  const end = jws.lastIndexOf('.');
  const signature = Buffer.from(jws.slice(end + 1), 'base64url');
  return verify('sha256', Buffer.from(jws.slice(0, end)), { key, dsaEncoding: 'ieee-p1363' }, signature);
}

function encode(part: string): string {
  return Buffer.from(part).toString('base64url');
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
