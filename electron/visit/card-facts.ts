import type { CardState } from '../../contract/card.ts';
import { isProven, type Proof } from '../../contract/identity.ts';
import type { CardRefusal, VisitCard } from './state.ts';

/** Why a card in the reader fills in nothing, or null when it may (or may yet) do so. */
export function findRefusal(reader: CardState): CardRefusal | null {
  switch (reader.state) {
    case 'not_an_eid':
      return 'not_an_eid';
    case 'upside_down_or_dirty':
      return 'unreadable';
    case 'needs_attention':
      return 'needs_attention';
    case 'no_reader':
      return 'no_reader';
    case 'complete':
      return whyNotProven(reader.proof);
    case 'empty':
    case 'reading':
    case 'identity':
      return null;
  }
}

/**
 * A signature or hash that does not hold means that somebody changed the card. An unknown issuer may just be newer
 * than this kiosk: that accuses nobody. A photo that was swapped is a changed card, even though no form uses it.
 */
function whyNotProven(proof: Proof): CardRefusal | null {
  if (isProven(proof)) return proof.photo === 'not_proven' ? 'not_proven' : null;
  const changed = proof.identity === 'not_proven' || proof.address === 'not_proven' || proof.photo === 'not_proven';
  return changed ? 'not_proven' : 'issuer_unknown';
}

/** The card as this visit may use it: read to the end, and proven. */
export function takeProvenCard(reader: CardState): VisitCard | null {
  if (reader.state !== 'complete' || findRefusal(reader)) return null;
  const { insertion, identity, address, photo, proof, evidence } = reader;
  return { insertion, identity, address, photo, proof, evidence };
}

/** The number of this insertion, or null when no card is in. */
export function insertionOf(reader: CardState): number | null {
  return 'insertion' in reader ? reader.insertion : null;
}
