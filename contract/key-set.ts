import * as z from 'zod';
import { sealSuite } from './transaction.ts';

/** A public key as JWK (RFC 7517), P-256. */
export const PublicJwk = z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string().length(43), y: z.string().length(43) });
export type PublicJwk = z.infer<typeof PublicJwk>;

export const KeyId = z.string().min(1).max(64);
const Dated = { id: KeyId, jwk: PublicJwk, from: z.iso.datetime(), until: z.iso.datetime() };

/**
 * The middleware's public keys: payload of a compact JWS with `typ` `loket-key-set`, signed with the key that enrolment
 * pinned. Terminals seal to the seal key with the latest `from`. A set that is late is warned about and used on.
 */
export const KeySet = z.object({
  /** Rises by each new set; an older one is never taken for a newer. */
  serial: z.int().positive(),
  issuedAt: z.iso.datetime(),
  /** When the next set is due. */
  nextUpdate: z.iso.datetime(),
  seal: z
    .array(z.object({ ...Dated, suite: z.literal(sealSuite) }))
    .min(1)
    .max(20),
  receipt: z.array(z.object(Dated)).min(1).max(20),
  bundle: z.array(z.object(Dated)).min(1).max(20),
});
export type KeySet = z.infer<typeof KeySet>;
export const keySetType = 'loket-key-set';
