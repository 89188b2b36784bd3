import { CompactSign, importJWK, type JWK } from 'jose';
import type { ReceiptClaims } from '../../contract/wire.ts';

export type SignReceipt = (claims: ReceiptClaims) => Promise<string>;

/**
 * Compact JWS (RFC 7515) over the claims. `typ` keeps a receipt from passing for any other signed thing (RFC 8725, 3.11).
 * Throws when the key is not a private one whose halves belong together: terminals would believe no receipt.
 */
export async function prepareReceipts(key: { id: string; privateJwk: JWK; alg: 'ES256' | 'EdDSA' }): Promise<SignReceipt> {
  const privateKey = await importJWK(key.privateJwk, key.alg);
  const sign = (payload: Uint8Array) =>
    new CompactSign(payload).setProtectedHeader({ alg: key.alg, kid: key.id, typ: 'loket-receipt' }).sign(privateKey);
  const encoder = new TextEncoder();

  // A public key is imported without complaint and fails only here.
  await sign(encoder.encode('{}'));
  return (claims) => sign(encoder.encode(JSON.stringify(claims)));
}
