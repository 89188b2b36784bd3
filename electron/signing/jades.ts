import { ok, type Result, refuse } from '../../contract/result.ts';
import { hashFor } from '../../native/eid/signature.ts';
import { encodeHeader, signingInput } from '../../native/eid/signed/jws.ts';
import { isSignatureOf, readSigner, signatureLength } from '../../native/eid/signed/signing-key.ts';
import type { Prepared, Unprepared } from './prepared.ts';

/** contract/evidence.ts: how long the JWS of a signed document may be. */
const maxLength = 20_000;

/**
 * JAdES B-B (ETSI TS 119 182-1) as a detached compact JWS beside its payload, in two steps, because the card signs a hash
 * and nothing else. `payload`: the bytes of the text that the person reads (request-text.ts).
 */
export function prepareJades(input: {
  payload: Uint8Array;
  certificate: Uint8Array;
  issuer: Uint8Array;
  at: Date;
}): Result<Prepared<string>, Unprepared> {
  const signer = readSigner(input.certificate, input.issuer);
  if (signer === null) return refuse('certificate');
  const header = encodeHeader({ signer, claimedAt: input.at });
  const length = header.length + '..'.length + Math.ceil((signatureLength(signer) * 4) / 3);
  if (length > maxLength) return refuse('does_not_fit');
  const bytes = signingInput(header, input.payload);
  const finish: Prepared<string>['finish'] = (signature) => {
    if (!isSignatureOf(signer, bytes, signature)) return refuse('does_not_verify');
    return ok(`${header}..${Buffer.from(signature).toString('base64url')}`);
  };
  return ok({ digest: hashFor(signer.algorithm, bytes), finish });
}
