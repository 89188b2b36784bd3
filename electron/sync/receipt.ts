import { createHash } from 'node:crypto';
import { compactVerify, importJWK, type JWK } from 'jose';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { ReceiptClaims } from '../../contract/wire.ts';
import type { WaitingEntry } from '../outbox/outbox.ts';

export type ReceiptRefusal = 'bad_signature' | 'not_a_receipt' | 'for_another_record';
export type ReceiptKey = { id: string; jwk: Record<string, unknown> };
export type VerifyReceipt = (receipt: string, entry: WaitingEntry) => Promise<Result<ReceiptClaims, ReceiptRefusal>>;

/** Rejects when the key is no ES256 public key. */
export function importReceiptKey(key: ReceiptKey): ReturnType<typeof importJWK> {
  // Bound to ES256 here: a receipt's header may not choose how it is verified (RFC 8725, section 3.1).
  return importJWK(key.jwk as JWK, 'ES256');
}

/** A receipt counts when the middleware's pinned key signed it and it names this record, byte for byte. */
export function createReceiptVerifier({ key, terminal }: { key: ReceiptKey; terminal: string }): VerifyReceipt {
  const imported = importReceiptKey(key);
  imported.catch(() => undefined);
  return async (receipt, entry) => {
    let payload: Uint8Array;
    try {
      ({ payload } = await compactVerify(receipt, await imported));
    } catch {
      return refuse('bad_signature');
    }
    const claims = parseClaims(payload);
    if (!claims) return refuse('not_a_receipt');
    const sha256 = createHash('sha256').update(entry.ciphertext).digest('base64url');
    const same =
      claims.txId === entry.txId && claims.reference === entry.reference && claims.terminal === terminal && claims.sha256 === sha256;
    return same ? ok(claims) : refuse('for_another_record');
  };
}

function parseClaims(payload: Uint8Array): ReceiptClaims | null {
  try {
    return ReceiptClaims.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return null;
  }
}
