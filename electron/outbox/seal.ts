import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { sealContext, sealSuite } from '../../contract/transaction.ts';

export type SealKey = { id: string; jwk: Record<string, unknown> };
export type Sealed = { keyId: string; encapsulated: Uint8Array; ciphertext: Uint8Array };
export type Seal = (content: Uint8Array, place: { txId: string; terminal: string; sequence: number }) => Promise<Sealed>;

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const info = new TextEncoder().encode(sealSuite);

/** Rejects when the key is no P-256 public key. */
export function importSealKey(key: SealKey): Promise<CryptoKey> {
  return suite.kem.importKey('jwk', key.jwk as JsonWebKey, true);
}

/**
 * Seals to the middleware's public key (HPKE base mode, RFC 9180): this terminal cannot open what it sealed.
 * With a key that is no P-256 public key, sealing rejects.
 */
export function createSeal(key: SealKey): Seal {
  const recipient = importSealKey(key);
  recipient.catch(() => undefined);
  return async (content, place) => {
    const sender = await suite.createSenderContext({ recipientPublicKey: await recipient, info: info.buffer });
    const aad = sealContext({ ...place, keyId: key.id });
    const ciphertext = await sender.seal(exact(content), exact(aad));
    return { keyId: key.id, encapsulated: new Uint8Array(sender.enc), ciphertext: new Uint8Array(ciphertext) };
  };
}

/** A Buffer may be a window on a larger pool: copy just its bytes. */
function exact(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
