import { createECDH } from 'node:crypto';
import * as z from 'zod';
import { KeyId, type KeySet, PublicJwk } from '../../contract/key-set.ts';
import { sealSuite } from '../../contract/transaction.ts';

/** P-256. `d` is the private half. */
export const PrivateJwk = PublicJwk.extend({ d: z.string().length(43) });
export type PrivateJwk = z.infer<typeof PrivateJwk>;

export const DatedKey = z.object({ id: KeyId, from: z.iso.datetime(), until: z.iso.datetime(), privateJwk: PrivateJwk });
export type DatedKey = z.infer<typeof DatedKey>;

const Keys = z.array(DatedKey).min(1).max(1000);
/** In a key set; older ones are only for opening. */
const named = { seal: 4, receipt: 20, bundle: 4 } as const;

/**
 * The middleware's private keys, in a file of their own that `admin.ts keys rotate` writes. The same for all instances.
 * Each list oldest first. Old seal keys stay: what was sealed to them may still wait on a terminal that has had no line for months.
 */
export const KeysFile = z.object({
  /** Of the key set. Rises by each change. */
  serial: z.int().positive(),
  issuedAt: z.iso.datetime(),
  nextUpdate: z.iso.datetime(),
  seal: Keys,
  receipt: Keys,
  bundle: Keys,
  /** Terminals pin the public half. The private half is here (small towns, the demo), or away from the line: then the set is signed there. */
  keySet: z.object({ publicJwk: PublicJwk, privateJwk: PrivateJwk.optional(), signed: z.string().max(40_000).optional() }),
  /** 32 random bytes, base64url: the operators' secrets of terminals come from it, so that the database alone opens no operator's page. */
  operatorKey: z.string().length(43),
});
export type KeysFile = z.infer<typeof KeysFile>;

export function publicHalf({ kty, crv, x, y }: PublicJwk): PublicJwk {
  return { kty, crv, x, y };
}

/** Node believes x and y as they stand beside d: whoever seals to them would seal to nobody. */
export function isWhole({ x, y, d }: PrivateJwk): boolean {
  const ecdh = createECDH('prime256v1');
  try {
    ecdh.setPrivateKey(Buffer.from(d, 'base64url'));
  } catch {
    return false;
  }
  return ecdh.getPublicKey().equals(Buffer.concat([Uint8Array.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]));
}

/** What terminals are told. */
export function toKeySet({ serial, issuedAt, nextUpdate, seal, receipt, bundle }: KeysFile): KeySet {
  const tell = ({ id, from, until, privateJwk }: DatedKey) => ({ id, jwk: publicHalf(privateJwk), from, until });
  return {
    serial,
    issuedAt,
    nextUpdate,
    seal: seal.slice(-named.seal).map((key) => ({ ...tell(key), suite: sealSuite })),
    receipt: receipt.slice(-named.receipt).map(tell),
    bundle: bundle.slice(-named.bundle).map(tell),
  };
}

/** The latest that has begun; before all of them, the first to begin. */
export function currentKey(keys: readonly DatedKey[], now: Date): DatedKey {
  const byStart = keys.toSorted((one, other) => Date.parse(one.from) - Date.parse(other.from));
  const current = byStart.findLast((key) => Date.parse(key.from) <= now.getTime()) ?? byStart[0];
  if (current === undefined) throw new Error('a list of keys without a key');
  return current;
}
