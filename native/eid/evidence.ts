import type { ChipEvidence, Evidence, SignedDocument, SignInEvidence } from '../../contract/evidence.ts';
import type { CardAddress, CardEvidence, Identity, Outcome, Proof } from '../../contract/identity.ts';
import { parseAddressFile } from './address-file.ts';
import { belongsTo } from './certificate.ts';
import { proveChain } from './chain.ts';
import { verifyChip } from './chip.ts';
import { parseIdentityFile } from './identity-file.ts';
import { type CardFiles, judgeValidity, proveBasicKey, proveCard } from './prove.ts';
import type { Root } from './roots.ts';
import { proveSigned } from './signed/prove-signed.ts';
import { verifyToken } from './token.ts';

export type ProvenEvidence = {
  /** What the files say; null when they say nothing that can be read. Believe it only as far as `proof` goes. */
  identity: Identity | null;
  address: CardAddress | null;
  proof: Proof;
  /** The chip answered a challenge with the key that this identity file names. */
  chip: Outcome;
  /** The person of this identity file signed `evidence.signIn`'s origin and nonce with the PIN. */
  signIn: Outcome;
  /** The person of this identity file signed the document. What it says is another question. */
  signed: Outcome;
};

type Travelling = Pick<Evidence, 'card' | 'chip' | 'signIn' | 'signed'>;
type Given = { txId: string; roots: readonly Root[]; now: Date };
/** Of the card, as far as the other proofs hang on it. */
type Holder = { identity: Identity; basicKeyHash: Uint8Array; proven: Outcome };

/**
 * Verifies everything once more from the travelling value alone, as if nobody had before. `txId` is that of the
 * transaction which it came with, as the receiver knows it; `now` is for citizens' certificates and for `validity`. What it
 * cannot know is left to who received it: that origin and nonce are the receiver's own and were given out once, that a
 * `txId` is executed once, that the document says what the answers say, and revocation. The photo does not travel, so it
 * stays unchecked.
 */
export function proveEvidence(evidence: Travelling, given: Given): ProvenEvidence {
  const { roots, now } = given;
  const files = filesOf(evidence.card);
  const parsed = parseIdentityFile(files.identity);
  const address = files.address === null ? null : parseAddressFile(files.address);
  if (!parsed.ok) return nothingBelieved(evidence);

  const { identity, basicKeyHash } = parsed.value;
  const proof = proveCard(files, parsed.value, roots);
  const holder: Holder = { identity, basicKeyHash, proven: proof.identity };
  const basicKey = evidence.chip === null ? null : decode(evidence.chip.basicKey);
  return {
    identity,
    address: address?.ok === true ? address.value : null,
    proof: {
      ...proof,
      basicKey: proveBasicKey({ basicKey, hash: basicKeyHash, identity: proof.identity }),
      validity: judgeValidity(identity, now),
    },
    chip: proveChip(evidence.chip, holder, given),
    signIn: proveSignIn(evidence.signIn, holder, given),
    signed: proveDocument(evidence.signed, holder, given),
  };
}

function proveChip(chip: ChipEvidence | null, { basicKeyHash, proven }: Holder, { txId }: Given): Outcome {
  if (chip === null) return 'unchecked';
  return proven === 'proven' && verifyChip(chip, { basicKeyHash, txId }) ? 'proven' : 'not_proven';
}

/** A good token of somebody else proves nothing about this card: certificate and identity file name one person. */
function proveSignIn(signIn: SignInEvidence | null, card: Holder, { roots, now }: Given): Outcome {
  if (signIn === null) return 'unchecked';
  const { token, issuer } = signIn;
  const certificate = decode(token.unverifiedCertificate);
  const chain = proveChain({ certificate, issuer: decode(issuer), use: 'authentication', roots, now });
  const isTheirs = chain.ok && card.proven === 'proven' && belongsTo(chain.value.certificate, card.identity.nationalNumber);
  return isTheirs && verifyToken(signIn) ? 'proven' : 'not_proven';
}

/** Whoever's document it is: it is of use to this transaction only when the card's own person signed it. */
function proveDocument(signed: SignedDocument | null, { identity, proven }: Holder, trusted: Given): Outcome {
  if (signed === null) return 'unchecked';
  return proven === 'proven' && proveSigned(signed, identity.nationalNumber, trusted).ok ? 'proven' : 'not_proven';
}

function nothingBelieved({ card, chip, signIn, signed }: Travelling): ProvenEvidence {
  const given = (there: boolean): Outcome => (there ? 'not_proven' : 'unchecked');
  return {
    identity: null,
    address: null,
    proof: {
      identity: given(card.identitySignature !== ''),
      address: given(card.addressSignature !== ''),
      photo: 'unchecked',
      basicKey: given(chip !== null),
      issuer: 'unchecked',
      validity: 'unknown',
    },
    chip: given(chip !== null),
    signIn: given(signIn !== null),
    signed: given(signed !== null),
  };
}

/** An empty file is one that the card did not give, save for an address: that is empty for who has none, and signed so. */
function filesOf(card: CardEvidence): CardFiles {
  const given = (base64: string) => (base64 === '' ? null : decode(base64));
  return {
    identity: decode(card.identityFile),
    identitySignature: given(card.identitySignature),
    address: card.addressSignature === '' ? given(card.addressFile) : decode(card.addressFile),
    addressSignature: given(card.addressSignature),
    photo: null,
    certificate: given(card.nationalRegisterCertificate),
  };
}

function decode(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}
