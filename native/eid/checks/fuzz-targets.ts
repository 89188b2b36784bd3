import { CardAddress, Identity } from '../../../contract/identity.ts';
import { parseAddressFile } from '../address-file.ts';
import { guessAddressParts } from '../address-parts.ts';
import { parseCertificate, readDetails, webEidAlgorithm } from '../certificate.ts';
import { proveChain } from '../chain.ts';
import { verifyChip } from '../chip.ts';
import { makeSampleCard, makeSampleChip, type SampleCard, type SampleChip, sampleAddressFields } from '../fixtures/sample-card.ts';
import { makeSampleChain, type SampleChain } from '../fixtures/sample-chain.ts';
import { tokenVectors, vectorOrigin } from '../fixtures/web-eid-vectors.ts';
import { parseIdentityFile } from '../identity-file.ts';
import { asJpeg, isPhotoOfHash } from '../photo.ts';
import { proveCard } from '../prove.ts';
import { readRegisterCertificate } from '../register-certificate.ts';
import { pinnedRoots, type Root, testRoot } from '../roots.ts';
import { verifyToken } from '../token.ts';

/** One person's card, chip and certificates, as valid as they come: what hostile bytes are made from. */
export type Sample = { card: SampleCard; chip: SampleChip; chain: SampleChain; roots: readonly Root[] };

export type FuzzTarget = {
  /** How often it is tried: what checks signatures and whole certificates costs a hundred times what a parse does. */
  weight: number;
  /** The valid bytes that are spoilt. */
  original(sample: Sample): Buffer;
  /** Throws when the reader does, when it hands out what the contract does not allow, or when it believes spoilt bytes. */
  read(bytes: Buffer, sample: Sample): unknown;
};

const now = new Date('2026-06-15T10:00:00Z');
const txId = '019a0000-0000-7000-8000-000000000000';

export async function makeSamples(): Promise<readonly [Sample, Sample, Sample]> {
  const [a, b, c] = await Promise.all([
    makeSampleCard({ generation: 'ec' }),
    makeSampleCard({ generation: 'rsa_sha256' }),
    makeSampleCard({ generation: 'rsa_sha1' }),
  ]);
  const [ec, rsa] = await Promise.all([makeSampleChain(), makeSampleChain({ keys: 'rsa2048' })]);
  const whole = (card: SampleCard, chain: SampleChain): Sample => ({
    card,
    chain,
    chip: makeSampleChip(),
    roots: [...pinnedRoots(), testRoot(card.root), testRoot(chain.root)],
  });
  return [whole(a, ec), whole(b, rsa), whole(c, ec)];
}

const [ecToken, rsaToken] = tokenVectors;
if (ecToken === undefined || rsaToken === undefined) throw new Error('no token to spoil');

export const fuzzTargets = {
  identity: {
    weight: 4200,
    original: ({ card }) => card.files.identity,
    read: (bytes) => {
      const parsed = parseIdentityFile(bytes);
      if (!parsed.ok) return parsed;
      const { identity, photoHash, basicKeyHash } = parsed.value;
      return [Identity.parse(identity), [...photoHash], [...basicKeyHash]];
    },
  },
  address: {
    weight: 3000,
    original: ({ card }) => card.files.address,
    read: (bytes) => {
      const parsed = parseAddressFile(bytes);
      return parsed.ok ? CardAddress.parse(parsed.value) : parsed;
    },
  },
  addressParts: {
    weight: 400,
    original: () => Buffer.from(String(sampleAddressFields[1])),
    read: (bytes) => {
      const printed = bytes.toString();
      const parts = guessAddressParts(printed);
      const guessed = parts === null ? [] : [parts.street, parts.houseNumber, parts.box ?? ''];
      if (!guessed.every((part) => printed.includes(part))) throw new Error('a guess that is not printed');
      return parts;
    },
  },
  photo: {
    weight: 1250,
    original: ({ card }) => card.files.photo,
    read: (bytes, { card }) => [
      asJpeg(bytes)?.length,
      isPhotoOfHash(bytes, card.photoHash),
      isPhotoOfHash(card.files.photo, bytes.subarray(0, 48)),
    ],
  },
  certificate: {
    weight: 1000,
    original: ({ card }) => card.files.certificate,
    read: (bytes) => {
      const certificate = parseCertificate(bytes);
      return certificate === null ? null : [certificate.fingerprint256, certificate.ca];
    },
  },
  details: {
    weight: 60,
    original: ({ chain }) => chain.certificate,
    read: (bytes) => {
      const certificate = parseCertificate(bytes);
      if (certificate === null) return null;
      const details = readDetails(certificate);
      return [webEidAlgorithm(certificate), details, [...(details?.keyUsage ?? [])]];
    },
  },
  issuer: {
    weight: 20,
    original: ({ card }) => card.files.certificate,
    read: (bytes, { card, roots }) =>
      believedOnly(readRegisterCertificate(bytes, roots) !== null, bytes, trimCertificate(card.files.certificate)),
  },
  citizen: {
    weight: 12,
    original: ({ chain }) => chain.certificate,
    read: (bytes, { chain, roots }) => {
      const proven = proveChain({ certificate: bytes, issuer: chain.issuer, use: 'authentication', roots, now });
      return believedOnly(proven.ok, bytes, chain.certificate);
    },
  },
  citizenCa: {
    weight: 12,
    original: ({ chain }) => chain.issuer,
    read: (bytes, { chain, roots }) => {
      const proven = proveChain({ certificate: chain.certificate, issuer: bytes, use: 'authentication', roots, now });
      return believedOnly(proven.ok, bytes, chain.issuer);
    },
  },
  identitySignature: {
    weight: 12,
    original: ({ card }) => card.files.identitySignature,
    read: (bytes, { card, roots }) => {
      const proof = proveCard({ ...card.files, identitySignature: bytes }, card.said, roots);
      return believedOnly(proof.identity === 'proven', bytes, card.files.identitySignature);
    },
  },
  basicKey: {
    weight: 10,
    original: ({ chip }) => chip.basicKey,
    read: (bytes, { chip }) =>
      believedOnly(
        verifyChip({ ...chip.answer(txId), basicKey: bytes.toString('base64') }, { basicKeyHash: chip.hash, txId }),
        bytes,
        chip.basicKey,
      ),
  },
  tokenCertificate: {
    weight: 10,
    original: () => Buffer.from(ecToken.unverifiedCertificate, 'base64'),
    read: (bytes) => verifyToken(tokenOf({ ...ecToken, unverifiedCertificate: bytes.toString('base64') })),
  },
  tokenSignature: {
    weight: 5,
    original: () => Buffer.from(rsaToken.signature, 'base64'),
    read: (bytes) => {
      const believed = verifyToken(tokenOf({ ...rsaToken, signature: bytes.toString('base64') }));
      return believedOnly(believed && bytes.length === 256, bytes, Buffer.from(rsaToken.signature, 'base64'));
    },
  },
} as const satisfies Record<string, FuzzTarget>;

function tokenOf(vector: typeof ecToken & object): Parameters<typeof verifyToken>[0] {
  const { nonce, ...token } = vector;
  return { token: { ...token, format: 'web-eid:1.0', appVersion: '' }, origin: vectorOrigin, nonce };
}

/** What lies behind the original is padding; the original itself must be there to the bit. */
function believedOnly(believed: boolean, bytes: Buffer, original: Buffer): boolean {
  if (believed && !original.equals(bytes.subarray(0, original.length))) throw new Error('spoilt bytes were believed');
  return believed;
}

function trimCertificate(file: Buffer): Buffer {
  return Buffer.from(parseCertificate(file)?.raw ?? []);
}
