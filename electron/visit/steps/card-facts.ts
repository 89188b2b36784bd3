import type { CardState } from '../../../contract/card.ts';
import { isProven, type Proof } from '../../../contract/identity.ts';
import type { CardRefusal, VisitCard } from '../state.ts';

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
    case 'restarting':
    case 'reading':
    case 'identity':
    case 'left_in':
      return null;
  }
}

/**
 * An issuer that is not pinned may just be newer than this kiosk: nothing it signed can be judged, and nobody is accused.
 * With a known signer, a signature or hash that does not hold means that somebody changed the card; a photo that was
 * swapped is a changed card too, even though no form uses it.
 */
function whyNotProven(proof: Proof): CardRefusal | null {
  if (proof.issuer === 'other_time') return 'issuer_dates';
  if (proof.issuer !== 'proven') return 'issuer_unknown';
  return isProven(proof) && proof.photo !== 'not_proven' ? null : 'not_proven';
}

/** The card as this visit may use it: read to the end, and proven. */
export function takeProvenCard(reader: CardState): VisitCard | null {
  if (reader.state !== 'complete' || findRefusal(reader)) return null;
  const { insertion, identity, address, photo, proof, evidence, ways } = reader;
  return { insertion, identity, address, photo, proof, evidence, ways };
}

/** What is in the reader will be known in a moment: it may still be the visit's own card. */
export function isLooking(reader: CardState): boolean {
  return reader.state === 'reading' || reader.state === 'identity' || reader.state === 'restarting';
}

/** The number of this insertion, or null when no card is in. */
export function insertionOf(reader: CardState): number | null {
  return 'insertion' in reader ? reader.insertion : null;
}
