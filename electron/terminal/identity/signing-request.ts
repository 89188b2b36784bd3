import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { BitString, Constructed, fromBER, Integer, ObjectIdentifier, Sequence, Set as SetOf, Utf8String } from 'asn1js';

const commonName = '2.5.4.3';
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

/** PKCS#10 (RFC 2986, 4) for a P-256 key, DER in base64. The middleware names the terminal itself: the subject is for readers. */
export function makeSigningRequest(terminal: string, privateKey: KeyObject): string {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const name = new Sequence({
    value: [
      new SetOf({
        value: [new Sequence({ value: [new ObjectIdentifier({ value: commonName }), new Utf8String({ value: terminal })] })],
      }),
    ],
  });
  const info = new Sequence({
    value: [
      new Integer({ value: 0 }),
      name,
      fromBER(exact(spki)).result,
      // No attributes, and the field is not optional.
      new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [] }),
    ],
  });
  const signed = Buffer.from(info.toBER());
  const request = new Sequence({
    value: [
      info,
      new Sequence({ value: [new ObjectIdentifier({ value: ecdsaWithSha256 })] }),
      new BitString({ valueHex: exact(sign('sha256', signed, privateKey)) }),
    ],
  });
  return Buffer.from(request.toBER()).toString('base64');
}

/** A Buffer may be a window on a larger pool: just its bytes. */
function exact(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
