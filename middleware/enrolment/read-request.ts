// Before @peculiar/x509, which looks for it when it is loaded.
import 'reflect-metadata';
import { createPublicKey, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { keyIdOf } from '../terminals/key-id.ts';

export type RequestedKey = { publicKey: KeyObject; keyId: string };

/**
 * The public key of a PKCS#10 request (RFC 2986), DER in base64, when whoever made it has its private half. Null for
 * anything else, and for keys that are not P-256. Nothing else in the request is looked at.
 */
export async function readRequestedKey(base64: string): Promise<RequestedKey | null> {
  x509.cryptoProvider.set(crypto);
  const der = Buffer.from(base64, 'base64');
  if (!isOneSequence(der)) return null;
  try {
    const request = new x509.Pkcs10CertificateRequest(new Uint8Array(der));
    const publicKey = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' });
    const keyId = keyIdOf(publicKey);
    return keyId !== null && (await request.verify()) ? { publicKey, keyId } : null;
  } catch {
    // Whatever the parser says, it means one thing: this is no request.
    return null;
  }
}

/** From the first byte to the last: the library also reads PEM, base64 in base64, and what has something behind it. */
function isOneSequence(der: Buffer): boolean {
  const [tag, length, ...rest] = der.subarray(0, 4);
  if (tag !== 0x30 || length === undefined) return false;
  if (length < 0x80) return der.length === 2 + length;
  const count = length - 0x80;
  return count >= 1 && count <= rest.length && der.length === 2 + count + der.readUIntBE(2, count);
}
