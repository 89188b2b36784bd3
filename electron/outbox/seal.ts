import type { PublicJwk } from '../../contract/key-set.ts';
import { sealContext, sealSuite } from '../../contract/transaction.ts';
import { makeContext, type Readied, type RecipientKey, readRecipientKey, readySeal, sealOnce } from './hpke.ts';

/** The middleware's newest published key. */
export type SealKey = { id: string; jwk: PublicJwk };
export type Sealed = { keyId: string; encapsulated: Uint8Array; ciphertext: Uint8Array };
type Place = { txId: string; terminal: string; generation: string; sequence: number };

const context = makeContext(new TextEncoder().encode(sealSuite));

/**
 * Seals to the key that is newest at that moment, bound to the record's place: this terminal cannot open what it sealed.
 * Throws when the key is no P-256 public key.
 *
 * The part that depends on no record is made ready for the next one when there is time, so that nobody waits for it.
 * @param later carries `work` out when there is time, or never
 */
export function createSeal(
  newest: () => SealKey,
  later: (work: () => void) => void = (work) => void setImmediate(work).unref(),
): (plaintext: Uint8Array, place: Place) => Sealed {
  let known: { key: SealKey; recipient: RecipientKey } | null = null;
  let readied: Readied | null = null;

  function readRecipient(key: SealKey): RecipientKey {
    if (known?.key.id === key.id && known.key.jwk.x === key.jwk.x && known.key.jwk.y === key.jwk.y) return known.recipient;
    readied = null;
    known = { key, recipient: readRecipientKey(key.jwk) };
    return known.recipient;
  }

  /** Taken away before it is used: it is good for one record, whatever becomes of that. */
  function takeReadied(recipient: RecipientKey): Readied {
    const taken = readied ?? readySeal(recipient, context);
    readied = null;
    later(() => {
      if (known?.recipient === recipient) readied ??= readySeal(recipient, context);
    });
    return taken;
  }

  return (plaintext, place) => {
    const key = newest();
    const recipient = readRecipient(key);
    return { keyId: key.id, ...sealOnce(takeReadied(recipient), { aad: sealContext({ ...place, keyId: key.id }), plaintext }) };
  };
}
