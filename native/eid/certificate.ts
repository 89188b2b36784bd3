import { X509Certificate } from 'node:crypto';
import { BitString, fromBER } from 'asn1js';
import { BasicConstraints, Certificate, CRLDistributionPoints, type Extension, ExtKeyUsage, type GeneralName, InfoAccess } from 'pkijs';
import type { WebEidAlgorithm } from '../../contract/web-eid.ts';
import { cutDerSequence } from './der.ts';

/**
 * node:crypto reads certificates and checks their signatures; it does not tell their key usage, addresses or which extensions are critical. Those come from pkijs, over the same bytes.
 */
export type CertificateDetails = {
  ca: boolean;
  /** Null: the certificate does not limit the use of its key. */
  keyUsage: ReadonlySet<KeyUsageBit> | null;
  /** Object identifiers of the extended key usage; null: not limited. */
  purposes: readonly string[] | null;
  /** A critical extension that nobody here understands, or any that comes twice: it proves nothing (RFC 5280, 4.2). */
  unknownCritical: boolean;
  /** Object identifier of the algorithm that the certificate itself is signed with. */
  signedWith: string;
  /** `serialNumber` of the subject: the national number in citizens' certificates. Null when absent or given twice. */
  subjectNumber: string | null;
  ocspUrls: readonly string[];
  crlUrls: readonly string[];
};

export type KeyUsageBit = 'digitalSignature' | 'nonRepudiation' | 'keyCertSign';

const oid = {
  subjectNumber: '2.5.4.5',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  ocsp: '1.3.6.1.5.5.7.48.1',
} as const;

/** Policies say by which rules a certificate was issued; under a pinned root any of them will do (RFC 5280, 6.1.1 c). */
const understood: ReadonlySet<string> = new Set([
  oid.keyUsage,
  oid.basicConstraints,
  oid.extendedKeyUsage,
  oid.certificatePolicies,
  oid.crlDistributionPoints,
]);

/** Bit 0 is the highest of the first byte (RFC 5280, 4.2.1.3). */
const usageBits: readonly (readonly [KeyUsageBit, number])[] = [
  ['digitalSignature', 0x80],
  ['nonRepudiation', 0x40],
  ['keyCertSign', 0x04],
];

/** The certificate at the start of a card file; what follows it is padding. */
export function parseCertificate(file: Uint8Array): X509Certificate | null {
  const der = cutDerSequence(file);
  if (der === null) return null;
  try {
    return new X509Certificate(der);
  } catch {
    return null;
  }
}

/** Null when pkijs cannot read it all: then nothing is known about what the certificate may be used for. */
export function readDetails(certificate: X509Certificate): CertificateDetails | null {
  try {
    return detailsOf(Certificate.fromBER(new Uint8Array(certificate.raw)));
  } catch {
    return null;
  }
}

/** ES384 wants P-384; RS256 wants 2048 bits, which the oldest cards do not have. Null: this key signs nobody in. */
export function webEidAlgorithm(certificate: X509Certificate): WebEidAlgorithm | null {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    if (asymmetricKeyType === 'ec') return asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'ES384' : null;
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? 'RS256' : null;
  } catch {
    // A key that node:crypto cannot load.
    return null;
  }
}

/** Citizens' certificates carry the national number; the same name or the same card proves nothing. */
export function belongsTo(certificate: X509Certificate, nationalNumber: string): boolean {
  return readDetails(certificate)?.subjectNumber === nationalNumber;
}

/** Where to ask about this certificate, http or https. Whoever made it wrote them: ask only after its chain is proven. */
export function ocspUrls(certificate: X509Certificate): readonly string[] {
  return readDetails(certificate)?.ocspUrls ?? [];
}

export function crlUrls(certificate: X509Certificate): readonly string[] {
  return readDetails(certificate)?.crlUrls ?? [];
}

function detailsOf(certificate: Certificate): CertificateDetails {
  const extensions = certificate.extensions ?? [];
  const ids = extensions.map((each) => each.extnID);
  const read = <T>(id: string, parse: (value: Uint8Array<ArrayBuffer>) => T): T | null => {
    const found = extensions.find((each) => each.extnID === id);
    return found === undefined ? null : parse(bytesOf(found));
  };
  return {
    ca: read(oid.basicConstraints, (value) => BasicConstraints.fromBER(value).cA) ?? false,
    keyUsage: read(oid.keyUsage, readKeyUsage),
    purposes: read(oid.extendedKeyUsage, (value) => ExtKeyUsage.fromBER(value).keyPurposes),
    unknownCritical: new Set(ids).size < ids.length || extensions.some((each) => each.critical && !understood.has(each.extnID)),
    signedWith: certificate.signatureAlgorithm.algorithmId,
    subjectNumber: readSubjectNumber(certificate),
    ocspUrls: read(oid.authorityInfoAccess, orNone(readOcspUrls)) ?? [],
    crlUrls: read(oid.crlDistributionPoints, orNone(readCrlUrls)) ?? [],
  };
}

function bytesOf(extension: Extension): Uint8Array<ArrayBuffer> {
  return new Uint8Array(extension.extnValue.valueBlock.valueHexView);
}

function readKeyUsage(value: Uint8Array<ArrayBuffer>): ReadonlySet<KeyUsageBit> {
  const { result } = fromBER(value);
  if (!(result instanceof BitString)) throw new Error('a key usage that is no bit string');
  const first = result.valueBlock.valueHexView[0] ?? 0;
  return new Set(usageBits.filter(([, bit]) => (first & bit) !== 0).map(([name]) => name));
}

function readSubjectNumber(certificate: Certificate): string | null {
  const [number, another] = certificate.subject.typesAndValues.filter((each) => each.type === oid.subjectNumber);
  return number === undefined || another !== undefined ? null : String(number.value.valueBlock.value);
}

/** An address that cannot be read is one that nobody can ask; it takes nothing from what the certificate may be used for. */
function orNone(parse: (value: Uint8Array<ArrayBuffer>) => string[]): (value: Uint8Array<ArrayBuffer>) => string[] {
  return (value) => {
    try {
      return parse(value);
    } catch {
      return [];
    }
  };
}

function readOcspUrls(value: Uint8Array<ArrayBuffer>): string[] {
  const { accessDescriptions } = InfoAccess.fromBER(value);
  return accessDescriptions.filter((each) => each.accessMethod === oid.ocsp).flatMap((each) => webAddress(each.accessLocation));
}

function readCrlUrls(value: Uint8Array<ArrayBuffer>): string[] {
  const { distributionPoints } = CRLDistributionPoints.fromBER(value);
  const names = distributionPoints.flatMap(({ distributionPoint }) => (Array.isArray(distributionPoint) ? distributionPoint : []));
  return names.flatMap(webAddress);
}

function webAddress(name: GeneralName): string[] {
  const uniformResourceIdentifier = 6;
  const isAddress = name.type === uniformResourceIdentifier && typeof name.value === 'string' && /^https?:\/\/\S{1,500}$/.test(name.value);
  return isAddress ? [name.value] : [];
}
