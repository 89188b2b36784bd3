import { ok, type Result, refuse } from '../../contract/result.ts';
import { hashFor } from '../../native/eid/signature.ts';
import { encodeSignedAttributes, encodeSignedData } from '../../native/eid/signed/cms.ts';
import { fillByteRange, findSignature, signatureRoom, signedParts } from '../../native/eid/signed/pdf-layout.ts';
import { isSignatureOf, readSigner, signatureLength } from '../../native/eid/signed/signing-key.ts';
import type { Prepared, Unprepared } from './prepared.ts';

/** `shown`: what the person reads. The signed document is these bytes, but for the room kept for the signature. */
export type PreparedPdf = Prepared<Uint8Array> & { shown: Uint8Array };

/**
 * PAdES B-B (ETSI EN 319 142-1) in two steps, because the card signs a hash and nothing else. `pdf` is a request with an
 * empty signature (request-pdf.ts); its time is the request's own.
 */
export function preparePades(input: { pdf: Uint8Array; certificate: Uint8Array; issuer: Uint8Array }): Result<PreparedPdf, Unprepared> {
  const signer = readSigner(input.certificate, input.issuer);
  if (signer === null) return refuse('certificate');
  const shown = fillByteRange(input.pdf);
  const layout = findSignature(shown);
  if (layout === null) throw new Error('a request with another signature dictionary than its own');
  const signed = { signer, contentDigest: hashFor(signer.algorithm, ...signedParts(shown, layout)) };
  const attributes = encodeSignedAttributes(signed);
  // Of all bytes 255 both numbers of an ECDSA signature take the most room in DER.
  const longest = new Uint8Array(signatureLength(signer)).fill(255);
  if (encodeSignedData(signed, longest).length > signatureRoom) return refuse('does_not_fit');
  const finish: PreparedPdf['finish'] = (signature) => {
    if (!isSignatureOf(signer, attributes, signature)) return refuse('does_not_verify');
    const whole = Buffer.from(shown);
    whole.write(Buffer.from(encodeSignedData(signed, signature)).toString('hex'), layout.start + 1, 'latin1');
    return ok(new Uint8Array(whole));
  };
  return ok({ shown, digest: hashFor(signer.algorithm, attributes), finish });
}
