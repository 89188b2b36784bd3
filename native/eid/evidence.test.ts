import { createHash, randomBytes, sign } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Evidence } from '../../contract/evidence.ts';
import { webEidFormat } from '../../contract/web-eid.ts';
import { proveEvidence } from './evidence.ts';
import {
  makeNationalNumber,
  makeSampleCard,
  makeSampleChip,
  makeSigner,
  type SampleCard,
  sampleAddressFields,
  sampleIdentityFields,
} from './fixtures/sample-card.ts';
import { makeSampleChain, type SampleChain } from './fixtures/sample-chain.ts';
import { type Root, testRoot } from './roots.ts';
import { encodeHeader, signingInput } from './signed/jws.ts';
import { readSigner } from './signed/signing-key.ts';

const now = new Date('2026-06-15T10:00:00Z');
const origin = 'https://middleware.loket.invalid';
const nonce = randomBytes(32).toString('base64');
const base64 = (bytes: Buffer) => bytes.toString('base64');
const number = String(sampleIdentityFields[6]);

type Travelling = Pick<Evidence, 'card' | 'chip' | 'signIn' | 'signed'>;
type Made = { evidence: { [K in keyof Travelling]: NonNullable<Travelling[K]> }; roots: Root[] };
const cardAlone = { chip: null, signIn: null, signed: null };

const txId = '019a0000-0000-7000-8000-000000000001';
const chip = makeSampleChip();

function cardEvidence({ files }: SampleCard): Evidence['card'] {
  return {
    identityFile: base64(files.identity),
    identitySignature: base64(files.identitySignature),
    addressFile: base64(files.address),
    addressSignature: base64(files.addressSignature),
    nationalRegisterCertificate: base64(files.certificate),
  };
}

function signInEvidence({ certificate, issuer, key }: SampleChain): NonNullable<Evidence['signIn']> {
  const hash = (text: string) => createHash('sha384').update(text).digest();
  const signature = sign('sha384', Buffer.concat([hash(origin), hash(nonce)]), { key, dsaEncoding: 'ieee-p1363' });
  const token: NonNullable<Evidence['signIn']>['token'] = {
    unverifiedCertificate: base64(certificate),
    algorithm: 'ES384',
    signature: base64(signature),
    format: webEidFormat,
    appVersion: 'https://loket.invalid/releases/0.1.0',
  };
  return { token, issuer: base64(issuer), nonce, origin };
}

function signText(chain: SampleChain, text: string): NonNullable<Evidence['signed']> {
  const signer = readSigner(chain.certificate, chain.issuer);
  if (signer === null) throw new Error('no signer');
  const header = encodeHeader({ signer, claimedAt: now });
  const payload = Buffer.from(text);
  const signature = sign('sha384', signingInput(header, payload), { key: chain.key, dsaEncoding: 'ieee-p1363' });
  return { format: 'jades', jws: `${header}..${signature.toString('base64url')}`, payload: base64(payload) };
}

async function make(identity: Record<number, string> = {}, nationalNumber = number): Promise<Made> {
  const fields = { ...sampleIdentityFields, ...identity, 26: chip.hash };
  const [card, signIn, signing] = await Promise.all([
    makeSampleCard({ identity: fields }),
    makeSampleChain({ nationalNumber }),
    makeSampleChain({ nationalNumber, use: 'signature' }),
  ]);
  return {
    evidence: {
      card: cardEvidence(card),
      chip: chip.answer(txId),
      signIn: signInEvidence(signIn),
      signed: signText(signing, 'Ik verklaar dit op eer.'),
    },
    roots: [card, signIn, signing].map(({ root }) => testRoot(root)),
  };
}

const flip = (text: string, at: number) => {
  const bytes = Buffer.from(text, 'base64');
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return base64(bytes);
};

let good: Made;
beforeAll(async () => {
  good = await make();
});
const prove = (changes: Partial<Travelling> = {}, roots = good.roots, at = now) =>
  proveEvidence({ ...good.evidence, ...changes }, { txId, roots, now: at });
const proofWith = (card: Partial<Evidence['card']>) => prove({ card: { ...good.evidence.card, ...card } });

test('everything that travels is proven once more', () => {
  const proven = prove();
  expect(proven).toMatchObject({
    identity: { surname: sampleIdentityFields[7], nationalNumber: number },
    address: { streetAndNumber: sampleAddressFields[1] },
    proof: { issuer: 'proven', identity: 'proven', address: 'proven', basicKey: 'proven', photo: 'unchecked', validity: 'valid' },
    chip: 'proven',
    signIn: 'proven',
    signed: 'proven',
  });
});

test('what does not travel is unchecked', () => {
  const nothing = { chip: 'unchecked', signIn: 'unchecked', signed: 'unchecked' };
  expect(prove(cardAlone)).toMatchObject({ proof: { basicKey: 'unchecked' }, ...nothing });
  expect(proofWith({ nationalRegisterCertificate: '' }).proof).toMatchObject({ issuer: 'unchecked', identity: 'unchecked' });
  expect(proofWith({ addressSignature: '' }).proof.address).toBe('unchecked');
  expect(proofWith({ addressFile: '', addressSignature: '' })).toMatchObject({ address: null, proof: { address: 'unchecked' } });
});

test('an empty address that the National Register signed is proven', async () => {
  const card = await makeSampleCard({ address: {} });
  const travelling = { ...cardEvidence(card), addressFile: '' };
  expect(proveEvidence({ card: travelling, ...cardAlone }, { txId, roots: [testRoot(card.root)], now })).toMatchObject({
    address: { streetAndNumber: '' },
    proof: { address: 'proven' },
  });
});

describe('not proven:', () => {
  test('anything, without the roots', () => {
    expect(prove({}, [])).toMatchObject({
      proof: { issuer: 'not_proven', identity: 'not_proven', basicKey: 'not_proven' },
      chip: 'not_proven',
      signIn: 'not_proven',
      signed: 'not_proven',
    });
  });

  test('a changed identity, and with it chip, sign-in and signature', () => {
    const { identityFile } = good.evidence.card;
    const at = Buffer.from(identityFile, 'base64').indexOf('Vandenhoutte');
    expect(proofWith({ identityFile: flip(identityFile, at) })).toMatchObject({
      identity: { surname: 'Wandenhoutte-Proef' },
      proof: { identity: 'not_proven', basicKey: 'not_proven' },
      chip: 'not_proven',
      signIn: 'not_proven',
      signed: 'not_proven',
    });
  });

  test('a changed address, and only that', () => {
    const { addressFile } = good.evidence.card;
    expect(proofWith({ addressFile: flip(addressFile, 4) })).toMatchObject({
      proof: { identity: 'proven', address: 'not_proven' },
      signIn: 'proven',
    });
  });

  test('a clone of the card', () => {
    const clone = makeSampleChip();
    expect(prove({ chip: clone.answer(txId) })).toMatchObject({ proof: { basicKey: 'not_proven' }, chip: 'not_proven' });
    const { basicKey } = good.evidence.chip;
    expect(prove({ chip: { ...clone.answer(txId), basicKey } })).toMatchObject({
      proof: { basicKey: 'proven' },
      chip: 'not_proven',
    });
  });

  test('an answer of the chip that was recorded with another transaction', () => {
    const recorded = proveEvidence(good.evidence, { txId: '019a0000-0000-7000-8000-000000000002', roots: good.roots, now });
    expect(recorded).toMatchObject({ chip: 'not_proven', signIn: 'proven', signed: 'proven' });
  });

  test('a document that somebody else signed, however well', async () => {
    const other = await make({}, makeNationalNumber('910102', '997', 1900));
    expect(prove({ signed: other.evidence.signed }, [...good.roots, ...other.roots])).toMatchObject({
      signed: 'not_proven',
      signIn: 'proven',
    });
  });

  test('a document that was changed, or signed with the authentication key', async () => {
    const { signed } = good.evidence;
    if (signed.format !== 'jades') throw new Error('another format');
    expect(prove({ signed: { ...signed, payload: flip(signed.payload, 3) } }).signed).toBe('not_proven');
    const chain = await makeSampleChain({ nationalNumber: number });
    expect(prove({ signed: signText(chain, 'x') }, [...good.roots, testRoot(chain.root)]).signed).toBe('not_proven');
  });

  test('a sign-in of somebody else, however good', async () => {
    const other = await make({}, makeNationalNumber('910102', '997', 1900));
    expect(prove({ signIn: other.evidence.signIn }, [...good.roots, ...other.roots])).toMatchObject({ signIn: 'not_proven' });
  });

  test('a sign-in at another origin, with another nonce, or with the signature key', async () => {
    const { signIn } = good.evidence;
    expect(prove({ signIn: { ...signIn, origin: 'https://elsewhere.invalid' } }).signIn).toBe('not_proven');
    expect(prove({ signIn: { ...signIn, nonce: base64(Buffer.alloc(32)) } }).signIn).toBe('not_proven');
    const chain = await makeSampleChain({ use: 'signature', nationalNumber: number });
    expect(prove({ signIn: signInEvidence(chain) }, [...good.roots, testRoot(chain.root)]).signIn).toBe('not_proven');
  });

  test('a sign-in whose issuer is missing, another, or expired by now', async () => {
    const { signIn } = good.evidence;
    const other = await makeSampleChain({ nationalNumber: number });
    expect(prove({ signIn: { ...signIn, issuer: '' } }).signIn).toBe('not_proven');
    expect(prove({ signIn: { ...signIn, issuer: base64(other.issuer) } }, [...good.roots, testRoot(other.root)]).signIn).toBe('not_proven');
    expect(prove({}, good.roots, new Date('2036-01-01')).signIn).toBe('not_proven');
  });

  test('an identity file that says nothing', () => {
    expect(proofWith({ identityFile: base64(randomBytes(200)) })).toEqual({
      identity: null,
      address: null,
      proof: {
        identity: 'not_proven',
        address: 'not_proven',
        photo: 'unchecked',
        basicKey: 'not_proven',
        issuer: 'unchecked',
        validity: 'unknown',
      },
      chip: 'not_proven',
      signIn: 'not_proven',
      signed: 'not_proven',
    });
  });

  test('another person’s address under the same National Register', async () => {
    const signer = await makeSigner();
    const [one, other] = await Promise.all([
      makeSampleCard({ signer }),
      makeSampleCard({
        signer,
        address: { 1: 'Elders 1', 2: '1000', 3: 'Brussel' },
        identity: { ...sampleIdentityFields, 7: 'Elders-Proef' },
      }),
    ]);
    const { addressFile, addressSignature } = cardEvidence(other);
    const mixed = { ...cardEvidence(one), addressFile, addressSignature };
    expect(proveEvidence({ card: mixed, ...cardAlone }, { txId, roots: [testRoot(signer.root)], now }).proof).toMatchObject({
      identity: 'proven',
      address: 'not_proven',
    });
  });
});

test('an expired card is still proven, and said to be expired', async () => {
  const expired = await make({ 4: '01.06.2026' });
  expect(proveEvidence(expired.evidence, { txId, roots: expired.roots, now })).toMatchObject({
    proof: { identity: 'proven', validity: 'expired' },
  });
});
