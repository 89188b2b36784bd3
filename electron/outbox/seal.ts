import type { PublicJwk } from '../../contract/key-set.ts';
import { sealContext, sealSuite } from '../../contract/transaction.ts';
import { makeContext, type RecipientKey, readRecipientKey, sealBase } from './hpke.ts';

/** The middleware's newest published key. */
export type SealKey = { id: string; jwk: PublicJwk };
export type Sealed = { keyId: string; encapsulated: Uint8Array; ciphertext: Uint8Array };
type Place = { txId: string; terminal: string; generation: string; sequence: number };

const context = makeContext(new TextEncoder().encode(sealSuite));

/**
 * Seals to the key that is newest at that moment, bound to the record's place: this terminal cannot open what it sealed.
 * Throws when the key is no P-256 public key.
 */
export function createSeal(newest: () => SealKey): (plaintext: Uint8Array, place: Place) => Sealed {
  let known: { key: SealKey; recipient: RecipientKey } | null = null;
  return (plaintext, place) => {
    const key = newest();
    if (known?.key.id !== key.id || known.key.jwk.x !== key.jwk.x || known.key.jwk.y !== key.jwk.y) {
      known = { key, recipient: readRecipientKey(key.jwk) };
    }
    const aad = sealContext({ ...place, keyId: key.id });
    return { keyId: key.id, ...sealBase(known.recipient, { context, aad, plaintext }) };
  };
}
