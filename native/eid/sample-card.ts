import 'reflect-metadata';
import { createHash, createPrivateKey, createSign, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { ChipEvidence } from '../../contract/evidence.ts';
import type { CardFiles } from './prove.ts';

/**
 * Card files for tests and for the fuzz run: an invented person, signed by an invented National Register under an
 * invented root. Not part of any bundle.
 */
export type Fields = Readonly<Record<number, string | Uint8Array>>;

export const sampleIdentityFields: Fields = {
  0: Uint8Array.of(0, 5),
  1: '592013456789',
  2: Buffer.from('534c494e336600296cff2623660b0826', 'hex'),
  3: '14.03.2022',
  4: '14.03.2032',
  5: 'Kortrijk',
  6: '85043099812',
  7: 'Vandenhoutte-Proef',
  8: 'Liselore Aimée',
  9: 'K',
  10: 'Belg',
  11: 'Oostduinkerke',
  12: '30 APR  1985',
  13: 'V',
  14: '',
  15: '1',
  16: '0',
  18: '00',
};

export const sampleAddressFields: Fields = { 1: 'Proefstraat 12 bus 3', 2: '8500', 3: 'Kortrijk' };

export function makeTlv(fields: Fields): Buffer {
  return Buffer.concat(
    Object.entries(fields).flatMap(([tag, value]) => {
      const bytes = Buffer.from(typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
      const length = [...Array<number>(Math.floor(bytes.length / 255)).fill(255), bytes.length % 255];
      return [Buffer.of(Number(tag), ...length), bytes];
    }),
  );
}

export const samplePhoto = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff, 0xe0), Buffer.alloc(3000, 0x5a), Buffer.of(0xff, 0xd9)]);

export type Generation = 'ec' | 'rsa_sha256' | 'rsa_sha1';
export type SampleCard = { files: Required<{ [K in keyof CardFiles]: Buffer }>; photoHash: Buffer; root: string };

/** The chip of an applet 1.8 card: file 4040 and what answers with its key. */
export type SampleChip = { basicKey: Buffer; hash: Buffer; answer(challenge: Buffer): ChipEvidence };

export function makeSampleChip(namedCurve = 'P-384'): SampleChip {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const basicKey = publicKey.export({ format: 'der', type: 'spki' });
  const answer = (challenge: Buffer): ChipEvidence => ({
    basicKey: basicKey.toString('base64'),
    challenge: challenge.toString('base64'),
    signature: sign('sha384', challenge, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64'),
  });
  return { basicKey, hash: createHash('sha384').update(basicKey).digest(), answer };
}

type Signer = { certificate: Buffer; key: KeyObject; root: string };

export type SampleOptions = {
  generation?: Generation;
  /** The generation of the photo hash, when it is not the signatures' own (re-keyed cards). */
  photoHash?: 'sha1' | 'sha256' | 'sha384';
  identity?: Fields;
  address?: Fields;
  signer?: Signer;
};

export async function makeSampleCard(options: SampleOptions = {}): Promise<SampleCard> {
  const generation = options.generation ?? 'ec';
  const signer = options.signer ?? (await makeSigner({ generation }));
  const hash = options.photoHash ?? { ec: 'sha384', rsa_sha256: 'sha256', rsa_sha1: 'sha1' }[generation];
  const photoHash = createHash(hash).update(samplePhoto).digest();
  const identity = makeTlv({ ...(options.identity ?? sampleIdentityFields), 17: photoHash });
  const plainAddress = makeTlv(options.address ?? sampleAddressFields);
  const algorithm = { ec: 'sha384', rsa_sha256: 'sha256', rsa_sha1: 'sha1' }[generation];
  const sign = (data: Buffer) => createSign(algorithm).update(data).sign(signer.key);
  const identitySignature = sign(identity);
  const addressSignature = sign(Buffer.concat([plainAddress, identitySignature]));
  return {
    files: {
      identity,
      identitySignature,
      address: Buffer.concat([plainAddress, Buffer.alloc(40)]),
      addressSignature: generation === 'ec' ? Buffer.concat([addressSignature, Buffer.alloc(6)]) : addressSignature,
      photo: samplePhoto,
      certificate: Buffer.concat([signer.certificate, Buffer.alloc(1100)]),
    },
    photoHash,
    root: signer.root,
  };
}

export type SignerOptions = {
  generation?: Generation;
  notBefore?: string;
  notAfter?: string;
  rootNotAfter?: string;
  ca?: boolean;
  /** Null: no key usage at all. */
  usages?: x509.KeyUsageFlags | null;
  extensions?: x509.Extension[];
  /** The hash under the certificate's own signature. */
  hash?: 'SHA-1' | 'SHA-384';
  /** Signs with another key than the root's own, under the root's name. */
  forged?: boolean;
  /** The curve of the National Register's key; real ones are all P-384. */
  curve?: 'P-256' | 'P-384';
  rootName?: string;
  /** What the certificate says of its issuer, when that is not the root's name. */
  issuerName?: string;
};

const es384 = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' } as const;
const rs256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) } as const;

export async function makeSigner(options: SignerOptions = {}): Promise<Signer> {
  const algorithm = (options.generation ?? 'ec') === 'ec' ? { ...es384, namedCurve: options.curve ?? 'P-384' } : rs256;
  const rootName = options.rootName ?? 'CN=Proef Root CA';
  const rootKeys = await crypto.subtle.generateKey(es384, true, ['sign', 'verify']);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: rootName,
    keys: rootKeys,
    notBefore: new Date('2020-01-01'),
    notAfter: new Date(options.rootNotAfter ?? '2040-01-01'),
    signingAlgorithm: es384,
    extensions: [new x509.BasicConstraintsExtension(true)],
  });
  const otherKeys = await crypto.subtle.generateKey(es384, true, ['sign', 'verify']);
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=RRN, O=RRN, C=BE',
    issuer: options.issuerName ?? rootName,
    publicKey: keys.publicKey,
    signingKey: (options.forged === true ? otherKeys : rootKeys).privateKey,
    notBefore: new Date(options.notBefore ?? '2021-01-01'),
    notAfter: new Date(options.notAfter ?? '2035-01-01'),
    signingAlgorithm: { ...es384, hash: options.hash ?? 'SHA-384' },
    extensions: [new x509.BasicConstraintsExtension(options.ca === true), ...keyUsage(options.usages), ...(options.extensions ?? [])],
  });
  const key = createPrivateKey({ key: Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)), format: 'der', type: 'pkcs8' });
  return { certificate: Buffer.from(certificate.rawData), key, root: root.toString('pem') };
}

/** As the National Register's have it, unless told otherwise. */
export function keyUsage(
  usages: x509.KeyUsageFlags | null = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation,
): x509.Extension[] {
  return usages === null ? [] : [new x509.KeyUsagesExtension(usages, true)];
}

/** An eleven-digit number with a right check, for invented people: serial 997 or 998. */
export function makeNationalNumber(date: string, serial: '997' | '998', born: 1900 | 2000): string {
  const nine = `${date}${serial}`;
  return nine + String(97 - (Number(born === 2000 ? `2${nine}` : nine) % 97)).padStart(2, '0');
}
