import { CompactSign, importJWK, type JWK } from 'jose';
import type { ReceiptClaims } from '../../contract/wire.ts';

export type SignReceipt = (claims: ReceiptClaims) => Promise<string>;

/** Compact JWS (RFC 7515) over the claims. `typ` keeps a receipt from passing for any other signed thing (RFC 8725, 3.11). */
export async function prepareReceipts(key: { id: string; privateJwk: JWK; alg: 'ES256' | 'EdDSA' }): Promise<SignReceipt> {
  const privateKey = await importJWK(key.privateJwk, key.alg);
  const encoder = new TextEncoder();
  return (claims) =>
    new CompactSign(encoder.encode(JSON.stringify(claims)))
      .setProtectedHeader({ alg: key.alg, kid: key.id, typ: 'loket-receipt' })
      .sign(privateKey);
}
