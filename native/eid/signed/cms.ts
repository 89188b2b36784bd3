import { type AsnType, Constructed, fromBER, Integer, Null, ObjectIdentifier, OctetString, Sequence, Set as SetOf } from 'asn1js';
import { Certificate, ContentInfo, SignedData } from 'pkijs';
import type { WebEidAlgorithm } from '../../../contract/web-eid.ts';
import { hashFor } from '../signature.ts';
import { type Signer, toCmsSignature } from './signing-key.ts';

/**
 * CMS SignedData (RFC 5652) as CAdES and PAdES B-B want it (ETSI EN 319 122-1, EN 319 142-1 clause 6.3): detached, one
 * signer, and no signing-time attribute, because the PDF's signature dictionary tells the time (entry M).
 */
const oid = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  ecdsaWithSha384: '1.2.840.10045.4.3.3',
} as const;

const hashOid: Record<WebEidAlgorithm, string> = { ES384: oid.sha384, RS256: oid.sha256 };

export type Signed = { signer: Signer; contentDigest: Uint8Array };

/**
 * What the card signs the hash of: the attributes as a SET OF, not with the implicit tag under which they travel
 * (RFC 5652, 5.4).
 */
export function encodeSignedAttributes(signed: Signed): Uint8Array {
  return toBytes(new SetOf({ value: signedAttributes(signed) }));
}

/** `signature` as the card gave it. The same input gives the same bytes, always: there is one way to write DER. */
export function encodeSignedData(signed: Signed, signature: Uint8Array): Uint8Array {
  const { signer } = signed;
  const certificates = sortForDer([parseDer(signer.certificate.raw), parseDer(signer.issuer.raw)]);
  const signerInfo = new Sequence({
    value: [
      new Integer({ value: 1 }),
      encodeSignerId(signer),
      encodeHashAlgorithm(signer),
      tagged(0, signedAttributes(signed)),
      encodeSignatureAlgorithm(signer),
      octets(toCmsSignature(signer, signature)),
    ],
  });
  const signedData = new Sequence({
    value: [
      new Integer({ value: 1 }),
      new SetOf({ value: [encodeHashAlgorithm(signer)] }),
      new Sequence({ value: [objectId(oid.data)] }),
      tagged(0, certificates),
      new SetOf({ value: [signerInfo] }),
    ],
  });
  return toBytes(new Sequence({ value: [objectId(oid.signedData), tagged(0, [signedData])] }));
}

/** What a SignedData says, none of it believed yet. Throws on anything else. */
export function readSignedData(bytes: Uint8Array): { certificates: Uint8Array[]; contentDigest: Uint8Array; signature: Uint8Array } {
  const signedData = new SignedData({ schema: ContentInfo.fromBER(Uint8Array.from(bytes)).content });
  const [info] = signedData.signerInfos;
  const digest = info?.signedAttrs?.attributes.find((each) => each.type === oid.messageDigest)?.values[0];
  if (info === undefined || !(digest instanceof OctetString)) throw new Error('no signer, or no digest');
  const certificates = (signedData.certificates ?? []).filter((each) => each instanceof Certificate);
  return {
    certificates: certificates.map((each) => toBytes(each.toSchema())),
    contentDigest: new Uint8Array(digest.valueBlock.valueHexView),
    signature: new Uint8Array(info.signature.valueBlock.valueHexView),
  };
}

function signedAttributes({ signer, contentDigest }: Signed): AsnType[] {
  return sortForDer([
    attribute(oid.contentType, objectId(oid.data)),
    attribute(oid.messageDigest, octets(contentDigest)),
    attribute(oid.signingCertificateV2, encodeCertificateId(signer)),
  ]);
}

function attribute(type: string, value: AsnType): AsnType {
  return new Sequence({ value: [objectId(type), new SetOf({ value: [value] })] });
}

/**
 * SigningCertificateV2 (RFC 5035): ties the signature to this certificate, so that no other with the same key can be put
 * in its place. SHA-256 is the default there, and DER leaves defaults out; no issuerSerial (EN 319 122-1, 5.2.2.3).
 */
function encodeCertificateId(signer: Signer): AsnType {
  const hash = octets(hashFor(signer.algorithm, signer.certificate.raw));
  const id = signer.algorithm === 'RS256' ? [hash] : [encodeHashAlgorithm(signer), hash];
  return new Sequence({ value: [new Sequence({ value: [new Sequence({ value: id })] })] });
}

function encodeSignerId(signer: Signer): AsnType {
  const { issuer, serialNumber } = Certificate.fromBER(new Uint8Array(signer.certificate.raw));
  return new Sequence({ value: [issuer.toSchema(), serialNumber] });
}

/** SHA-2 without parameters (RFC 5754, 2). */
function encodeHashAlgorithm({ algorithm }: Signer): AsnType {
  return new Sequence({ value: [objectId(hashOid[algorithm])] });
}

/** ECDSA without parameters (RFC 5754, 3.3), RSA with NULL (3.2). */
function encodeSignatureAlgorithm({ algorithm }: Signer): AsnType {
  return new Sequence({ value: algorithm === 'ES384' ? [objectId(oid.ecdsaWithSha384)] : [objectId(oid.sha256WithRsa), new Null()] });
}

function objectId(value: string): AsnType {
  return new ObjectIdentifier({ value });
}

function octets(bytes: Uint8Array): AsnType {
  return new OctetString({ valueHex: Uint8Array.from(bytes) });
}

function tagged(tagNumber: number, value: AsnType[]): AsnType {
  return new Constructed({ idBlock: { tagClass: 3, tagNumber }, value });
}

/** DER sorts a SET OF by its encodings (X.690, 11.6). */
function sortForDer(values: AsnType[]): AsnType[] {
  return values.toSorted((one, other) => Buffer.compare(toBytes(one), toBytes(other)));
}

function parseDer(bytes: Uint8Array): AsnType {
  return fromBER(Uint8Array.from(bytes)).result;
}

function toBytes(value: { toBER(): ArrayBuffer }): Uint8Array {
  return new Uint8Array(value.toBER());
}
