import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { PublicJwk } from '../../../contract/key-set.ts';
import type { Signer } from '../../../electron/outbox/room.ts';

/** The same terminal in one process after the other: its key lies in a file. */
export function readSigner(file: string): Signer {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  }
  const key = createPrivateKey(readFileSync(file, 'utf8'));
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' });
  return {
    terminal: 'kiosk-2',
    publicJwk: PublicJwk.parse({ kty, crv, x, y }),
    sign: (bytes) => sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }),
  };
}
