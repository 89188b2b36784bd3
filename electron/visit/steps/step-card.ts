import type { CardState } from '../../../contract/card.ts';
import type { Place, Scene, Visit, VisitCard } from '../state.ts';
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

function stepOwnCard(visit: Visit, card: VisitCard, reader: CardState, { stamp, rules }: Scene): Visit | null {
  if (insertionOf(reader) === card.insertion) return visit;
  const proven = takeProvenCard(reader);
  if (proven?.identity.chipNumber === card.identity.chipNumber) {
    const cover = visit.cover?.kind === 'card_out' ? null : visit.cover;
    return { ...visit, card: proven, activeAt: stamp.at, cover };
  }
  const reading = isLooking(reader);
  // Where nothing is at stake, taking the card out is how people say goodbye, and another card is another person's.
  // A card that is only just being read may still be the same one.
  if (!reading && !isAtStake(visit)) return null;
  const until = visit.cover?.kind === 'card_out' ? visit.cover.until : stamp.at + rules.cardOutMs;
  const otherCard = !reading && insertionOf(reader) !== null;
  const before = visit.cover?.kind === 'card_out' && visit.cover.restarted;
  const restarted = reading && (before || reader.state === 'restarting');
  return { ...visit, cover: { kind: 'card_out', until, otherCard, restarted } };
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
export function meetCard(visit: Visit, reader: CardState, scene: Scene): Visit {
  const { place } = visit;
  const waits = place.at === 'reading' || place.at === 'identity' || place.at === 'card_refused' || place.at === 'insert_card';
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

const askAgain: Place = { at: 'identity', agreed: false };

/** "That is me", about a proven card: on to what the person came for. */
export function afterAgreeing(visit: Visit, { rules, stamp }: Scene): Visit {
  return enterWanted(visit, rules.forms, stamp);
}
