import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { sealContext, sealSuite, TransactionContent } from '../../contract/transaction.ts';

export type Sealed = {
  txId: string;
  terminal: string;
  generation: string;
  sequence: number;
  reference: string;
  keyId: string;
  encapsulated: Uint8Array;
  ciphertext: Uint8Array;
};

/** Why a record waits for a person. The sealed bytes stay; nothing is dropped. */
export type QuarantineReason = 'cannot_open' | 'not_json' | 'wrong_shape' | 'not_this_envelope' | 'not_storable';

/** `json` is the content as the terminal wrote it, so that a field that this version does not know is kept too. */
export type Opened = { content: TransactionContent; json: string };

export type OpenSealed = {
  readonly keyIds: readonly string[];
  open(sealed: Sealed): Promise<Result<Opened, QuarantineReason>>;
};

/**
 * Alone holds the private keys. RFC 9180 base mode, `info` is the suite's name, `aad` binds the envelope.
 * Throws when a key is not a private P-256 key whose halves belong together.
 */
export async function prepareOpening(keys: readonly { id: string; privateJwk: JsonWebKey }[]): Promise<OpenSealed> {
  const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const info = new TextEncoder().encode(sealSuite);
  const recipients = new Map<string, CryptoKey>();
  for (const key of keys) recipients.set(key.id, await suite.kem.importKey('jwk', key.privateJwk, false));
  return {
    keyIds: [...recipients.keys()],
    async open(sealed) {
      const recipientKey = recipients.get(sealed.keyId);
      if (recipientKey === undefined) throw new Error('asked to open a record of a key that is not here');
      let plain: ArrayBuffer;
      try {
        const context = await suite.createRecipientContext({ recipientKey, enc: sealed.encapsulated, info });
        plain = await context.open(sealed.ciphertext, sealContext(sealed));
      } catch {
        // Whatever the library says (bad point, bad tag), it means one thing: these bytes were not sealed to this, by this envelope.
        return refuse('cannot_open');
      }
      return readContent(plain, sealed);
    },
  };
}

function readContent(plain: ArrayBuffer, sealed: Sealed): Result<Opened, QuarantineReason> {
  let json: string;
  let value: unknown;
  try {
    json = new TextDecoder('utf-8', { fatal: true }).decode(plain);
    value = JSON.parse(json);
  } catch {
    return refuse('not_json');
  }
  const content = TransactionContent.safeParse(value);
  if (!content.success) return refuse('wrong_shape');
  if (content.data.txId !== sealed.txId || content.data.reference !== sealed.reference) return refuse('not_this_envelope');
  if (!isStorable(value)) return refuse('not_storable');
  return ok({ content: content.data, json });
}

/** PostgreSQL's jsonb takes neither NUL nor half a surrogate pair (manual, 8.14 "JSON Types"). */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (Array.isArray(value)) return value.every(isStorable);
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner));
  return true;
}
