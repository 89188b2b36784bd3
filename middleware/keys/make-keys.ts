import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type DatedKey, type KeysFile, PrivateJwk, publicHalf } from './keys-file.ts';

const day = 86_400_000;
/** A new seal key each quarter; the set says when the next is due. */
export const setDays = 90;
/** How long a key may be named in a set. What it sealed is opened for as long as it is in the file. */
const keyDays = 800;

export function makePrivateJwk(): PrivateJwk {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // Only what names the key: some importers refuse more.
  return PrivateJwk.parse(privateKey.export({ format: 'jwk' }));
}

export function makeDatedKey(kind: 'seal' | 'receipt' | 'bundle', from: Date): DatedKey {
  return {
    id: `${kind}-${randomBytes(4).toString('hex')}`,
    from: from.toISOString(),
    until: new Date(from.getTime() + keyDays * day).toISOString(),
    privateJwk: makePrivateJwk(),
  };
}

/** A first file of keys, with the private key of the set in it. */
export function makeKeysFile(now: Date): KeysFile {
  // A day back: a terminal's clock may be a little slow.
  const from = new Date(now.getTime() - day);
  const keySet = makePrivateJwk();
  return {
    serial: 1,
    issuedAt: now.toISOString(),
    nextUpdate: new Date(now.getTime() + setDays * day).toISOString(),
    seal: [makeDatedKey('seal', from)],
    receipt: [makeDatedKey('receipt', from)],
    bundle: [makeDatedKey('bundle', from)],
    keySet: { publicJwk: publicHalf(keySet), privateJwk: keySet },
    operatorKey: randomBytes(32).toString('base64url'),
  };
}
