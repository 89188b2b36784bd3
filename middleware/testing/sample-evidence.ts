import { createHash, randomBytes, sign } from 'node:crypto';
import type { Evidence, SignedDocument } from '../../contract/evidence.ts';
import type { Identity } from '../../contract/identity.ts';
import { webEidFormat } from '../../contract/web-eid.ts';
import { makeSampleCard, makeSampleChip, sampleIdentityFields } from '../../native/eid/fixtures/sample-card.ts';
import { makeSampleChain, type SampleChain } from '../../native/eid/fixtures/sample-chain.ts';
import { parseIdentityFile } from '../../native/eid/identity-file.ts';
import { type Root, testRoot } from '../../native/eid/roots.ts';
import { encodeHeader, signingInput } from '../../native/eid/signed/jws.ts';
import { readSigner } from '../../native/eid/signed/signing-key.ts';

/** `rootPems`: the same roots, as a configuration names them. */
export type SampleEvidence = { evidence: Evidence; roots: Root[]; rootPems: string[]; identity: Identity };

/** Everything that can travel of an invented person: card, chip, sign-in, signed text. The chip answers for one transaction. */
export async function makeSampleEvidence(choices: { txId: string; at?: Date; nationalNumber?: string }): Promise<SampleEvidence> {
  const { at = new Date(), nationalNumber = String(sampleIdentityFields[6]) } = choices;
  const chip = makeSampleChip();
  const [card, toSignIn, toSign] = await Promise.all([
    makeSampleCard({ identity: { ...sampleIdentityFields, 6: nationalNumber, 26: chip.hash } }),
    makeSampleChain({ nationalNumber }),
    makeSampleChain({ nationalNumber, use: 'signature' }),
  ]);
  const { identity, identitySignature, address, addressSignature, certificate } = card.files;
  const evidence: Evidence = {
    card: {
      identityFile: base64(identity),
      identitySignature: base64(identitySignature),
      addressFile: base64(address),
      addressSignature: base64(addressSignature),
      nationalRegisterCertificate: base64(certificate),
    },
    registerRevocation: { status: 'good', source: 'ocsp', asOf: at.toISOString() },
    chip: chip.answer(choices.txId),
    signIn: signInBy(toSignIn),
    signed: documentBy(toSign, at),
    signatureRevocation: { status: 'good', source: 'ocsp', asOf: at.toISOString() },
  };
  const parsed = parseIdentityFile(identity);
  if (!parsed.ok) throw new Error('a sample card that cannot be read');
  const rootPems = [card, toSignIn, toSign].map(({ root }) => root);
  return { evidence, roots: rootPems.map(testRoot), rootPems, identity: parsed.value.identity };
}

function signInBy({ certificate, issuer, key }: SampleChain): NonNullable<Evidence['signIn']> {
  const [origin, nonce] = ['https://middleware.loket.invalid', randomBytes(32).toString('base64')];
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

function documentBy({ certificate, issuer, key }: SampleChain, claimedAt: Date): SignedDocument {
  const signer = readSigner(certificate, issuer);
  if (signer === null) throw new Error('a sample chain that cannot sign');
  const payload = Buffer.from('Ik verklaar op eer dat de hond Bas heet.');
  const header = encodeHeader({ signer, claimedAt });
  const signature = sign('sha384', signingInput(header, payload), { key, dsaEncoding: 'ieee-p1363' });
  return { format: 'jades', jws: `${header}..${signature.toString('base64url')}`, payload: base64(payload) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
