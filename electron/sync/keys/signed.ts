import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { PublicJwk } from '../../../contract/key-set.ts';
import { ok, type Result, refuse } from '../../../contract/result.ts';

export type SignedRefusal = 'not_signed' | 'unknown_key' | 'bad_signature';

/**
 * Reads a compact JWS (RFC 7515) and believes its payload when one of our keys signed it as this type of thing. Algorithm
 * and type are fixed here: a header may not choose how it is verified, and no signed thing passes for another (RFC 8725,
 * 3.1 and 3.11).
 * @param keys by `kid`, or the one key that it can only be
 */
export function readSigned(
  jws: string,
  { type, keys }: { type: string; keys: ReadonlyMap<string, KeyObject> | KeyObject },
): Result<unknown, SignedRefusal> {
  const parts = /^([\w-]+)\.([\w-]+)\.([\w-]{86})$/.exec(jws);
  if (parts === null) return refuse('not_signed');
  const [, header = '', payload = '', signature = ''] = parts;
  const said = decode(header);
  if (typeof said !== 'object' || said === null || 'crit' in said) return refuse('not_signed');
  if (!('alg' in said && said.alg === 'ES256' && 'typ' in said && said.typ === type)) return refuse('not_signed');
  const kid = 'kid' in said && typeof said.kid === 'string' ? said.kid : '';
  const key = 'get' in keys ? keys.get(kid) : keys;
  if (key === undefined) return refuse('unknown_key');
  const signed = Buffer.from(`${header}.${payload}`);
  const genuine = verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  return genuine ? ok(decode(payload)) : refuse('bad_signature');
}

/** Throws when it is no point on the curve. */
export function readPublicKey({ kty, crv, x, y }: PublicJwk): KeyObject {
  return createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
