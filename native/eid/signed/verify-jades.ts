import * as z from 'zod';
import { type Result, refuse } from '../../../contract/result.ts';
import { encodeHeader, type JadesHeader, signingInput } from './jws.ts';
import { type ProvenSignature, proveSigner, type SignedFlaw, type Trusted } from './proven-signature.ts';
import { isSignatureOf, readSigner } from './signing-key.ts';

const maxLength = 20_000;
const detached = /^([\w-]+)\.\.([\w-]+)$/;

/** What is needed to write the header anew; the rest is compared with that. */
const Header = z.object({ iat: z.int().min(0).max(8_640_000_000_000), x5c: z.tuple([z.base64(), z.base64()]) });

/** That the citizen whose certificate the JWS carries signed these bytes. Revocation is not looked at. */
export function verifyJades(jws: string, payload: Uint8Array, trusted: Trusted): Result<ProvenSignature, SignedFlaw> {
  const [, header = '', signature = ''] = (jws.length <= maxLength ? detached.exec(jws) : null) ?? [];
  const said = readHeader(header);
  const bytes = Buffer.from(signature, 'base64url');
  // Of several base64url texts for the same bytes only the plain one is taken: whoever changes a character changes the JWS.
  if (said === null || bytes.toString('base64url') !== signature) return refuse('unreadable');
  const { signer, claimedAt } = said;
  if (!isSignatureOf(signer, signingInput(header, payload), bytes)) return refuse('altered');
  return proveSigner(signer, claimedAt, trusted);
}

/**
 * Null unless these are the very bytes that Loket writes: so an unknown `crit`, a name that comes twice, an algorithm that
 * is not the key's own or the thumbprint of another certificate is never weighed.
 */
function readHeader(header: string): JadesHeader | null {
  try {
    const { iat, x5c } = Header.parse(JSON.parse(Buffer.from(header, 'base64url').toString('utf8')));
    const [certificate, issuer] = x5c.map((each) => Buffer.from(each, 'base64')) as [Buffer, Buffer];
    const signer = readSigner(certificate, issuer);
    const said = signer === null ? null : { signer, claimedAt: new Date(iat * 1000) };
    return said !== null && encodeHeader(said) === header ? said : null;
  } catch {
    // No JSON, or not with these fields.
    return null;
  }
}
