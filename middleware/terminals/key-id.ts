import { createHash, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { PublicJwk } from '../../contract/key-set.ts';

const Exported = z.object(PublicJwk.shape);

/** RFC 7638 thumbprint of a P-256 key, base64url. Null for any other kind of key. */
export function keyIdOf(key: KeyObject): string | null {
  if (key.asymmetricKeyType !== 'ec') return null;
  const read = Exported.safeParse(key.export({ format: 'jwk' }));
  if (!read.success) return null;
  const { crv, kty, x, y } = read.data;
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
