import type { ChipEvidence } from '../../../contract/evidence.ts';
import type { WebEidToken } from '../../../contract/web-eid.ts';
import { parseCertificate, readDetails } from '../certificate.ts';
import { proveChain } from '../chain.ts';
import { verifyChip } from '../chip.ts';
import { type CardFiles, proveCard, type SaidByCard } from '../prove.ts';
import { pinnedRoots, testRoot } from '../roots.ts';
import { verifyToken } from '../token.ts';

/** For tests: everything that asks node:crypto or pkijs, over values that travel as JSON into another runtime. */
export type RuntimeCase = {
  card: { files: Record<keyof CardFiles, string>; photoHash: string; dates: SaidByCard['identity'] };
  roots: string[];
  chain: { certificate: string; issuer: string };
  token: { token: WebEidToken; origin: string; nonce: string };
  chip: { evidence: ChipEvidence; hash: string; txId: string };
};

export function checkRuntime(cases: readonly RuntimeCase[], now: Date): unknown[] {
  return cases.map(({ card, roots, chain, token, chip }) => {
    const known = [...pinnedRoots(), ...roots.map(testRoot)];
    const [certificate, issuer] = [decode(chain.certificate), decode(chain.issuer)];
    const parsed = parseCertificate(certificate);
    return {
      card: proveCard(filesOf(card.files), { identity: card.dates, photoHash: decode(card.photoHash) }, known),
      chain: (['authentication', 'signature'] as const).map((use) => {
        const proven = proveChain({ certificate, issuer, use, roots: known, now });
        return proven.ok ? proven.value.certificate.fingerprint256 : proven.error;
      }),
      details: parsed === null ? null : readDetails(parsed)?.ocspUrls,
      token: verifyToken(token),
      chip: verifyChip(chip.evidence, { basicKeyHash: decode(chip.hash), txId: chip.txId }),
    };
  });
}

function filesOf(files: RuntimeCase['card']['files']): CardFiles {
  const { identity, identitySignature, address, addressSignature, photo, certificate } = files;
  return {
    identity: decode(identity),
    identitySignature: decode(identitySignature),
    address: decode(address),
    addressSignature: decode(addressSignature),
    photo: decode(photo),
    certificate: decode(certificate),
  };
}

function decode(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}
