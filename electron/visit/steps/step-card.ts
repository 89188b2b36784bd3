import type { CardState } from '../../../contract/card.ts';
import type { CardOutReason, Cover, Place, Scene, Visit, VisitCard } from '../state.ts';
import { findRefusal, insertionOf, isLooking, takeProvenCard } from './card-facts.ts';
import { enterWanted } from './enter-form.ts';

/** What a change in the reader does to an open visit. `null`: the visit ends. */
export function stepCardInVisit(visit: Visit, reader: CardState, scene: Scene): Visit | null {
  // The card's process is being replaced. Where no card is used yet, nothing has happened yet.
  if (reader.state === 'restarting' && (!visit.card || !isAtStake(visit))) return visit;
  if (visit.card) return stepOwnCard(visit, visit.card, reader, scene);
  const showsCard = visit.place.at === 'reading' || visit.place.at === 'identity' || visit.place.at === 'card_refused';
  if (insertionOf(reader) !== null || !showsCard) return meetCard(visit, reader, scene);
  const left = afterUnusedCard(visit);
  return left && meetCard(left, reader, scene);
}

function stepOwnCard(visit: Visit, card: VisitCard, reader: CardState, scene: Scene): Visit | null {
  if (insertionOf(reader) === card.insertion) return visit;
  const proven = takeProvenCard(reader);
  if (proven?.identity.chipNumber === card.identity.chipNumber) {
    const cover = visit.cover?.kind === 'card_out' ? null : visit.cover;
    return { ...visit, card: proven, activeAt: scene.stamp.at, cover };
  }
  // Where nothing is at stake, taking the card out is how people say goodbye, and another card is another person's.
  // A card that is only just being read may still be the same one.
  if (!isLooking(reader) && !isAtStake(visit)) return null;
  return { ...visit, cover: coverCard(visit.cover?.kind === 'card_out' ? visit.cover : null, reader, scene) };
}

/** Whose reader is gone has to fetch somebody, which takes longer than putting a card back. */
function coverCard(before: Extract<Cover, { kind: 'card_out' }> | null, reader: CardState, { stamp, rules }: Scene): Cover {
  const why = whyCovered(before?.why ?? null, reader);
  const kept = before !== null && isReaderGone(before.why) === isReaderGone(why);
  const until = kept ? before.until : stamp.at + (isReaderGone(why) ? rules.idleMs : rules.cardOutMs);
  return { kind: 'card_out', until, why };
}

function whyCovered(before: CardOutReason | null, reader: CardState): CardOutReason {
  if (reader.state === 'no_reader' || reader.state === 'needs_attention') return reader.state;
  if (!isLooking(reader)) return insertionOf(reader) === null ? 'out' : 'other_card';
  const goesOn = before === 'looking' || isReaderGone(before);
  return goesOn || reader.state === 'restarting' ? 'looking' : 'out';
}

function isReaderGone(why: CardOutReason | null): boolean {
  return why === 'no_reader' || why === 'needs_attention';
}

function isAtStake({ place, draft }: Visit): boolean {
  return draft !== null || (place.at !== 'kept' && place.at !== 'catalogue' && place.at !== 'identity');
}

/** A card left before it was used: who began with it has gone, who began by touch goes on without. */
export function afterUnusedCard(visit: Visit): Visit | null {
  if (visit.begunBy === 'card' && visit.kept.length === 0) return null;
  return { ...visit, place: visit.wanted ? { at: 'insert_card' } : { at: 'catalogue' } };
}

/** Lets the reader have its effect where the person stands. */
export function meetCard(before: Visit, reader: CardState, scene: Scene): Visit {
  const visit = leaveToItsOwner(before, reader);
  const { place } = visit;
  const waits = place.at === 'reading' || place.at === 'identity' || place.at === 'card_refused' || place.at === 'insert_card';
  // A refused card that is left in is read again when somebody asks for it.
  if (reader.state === 'left_in') return visit;
  if (visit.card || !(waits || place.at === 'catalogue')) return visit;
  const refusal = findRefusal(reader);
  // Somebody who looks at the list without a card need not hear of the reader's troubles.
  if (insertionOf(reader) === null && !(refusal && place.at === 'insert_card') && place.at !== 'reading') return visit;
  if (refusal) return { ...visit, place: { at: 'card_refused', reason: refusal } };
  const card = takeProvenCard(reader);
  if (card) return place.at === 'identity' && place.agreed ? afterAgreeing({ ...visit, card }, scene) : { ...visit, place: askAgain, card };
  if (reader.state === 'identity') return { ...visit, place: place.at === 'identity' ? place : askAgain };
  return { ...visit, place: { at: 'reading' } };
}

/** What was kept with another card is another person's to take along. */
function leaveToItsOwner(visit: Visit, reader: CardState): Visit {
  if (!visit.earlier || !('identity' in reader) || reader.identity.chipNumber === visit.earlier.chipNumber) return visit;
  return { ...visit, earlier: null };
}

const askAgain: Place = { at: 'identity', agreed: false };

/** "That is me", about a proven card: on to what the person came for. */
export function afterAgreeing(visit: Visit, { rules, stamp }: Scene): Visit {
  return enterWanted(visit, rules.forms, stamp);
}
