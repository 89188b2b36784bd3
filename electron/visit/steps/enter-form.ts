import { findItemOf } from '../../file/find-item.ts';
import type { Form } from '../../forms/load-forms.ts';
import { beginProfile } from '../../profile/seen-profile.ts';
import type { LineState } from '../../sync/sync.ts';
import { type CardRefusal, newVisit, type Place, type Stamp, ticketsOf, type Visit } from '../state.ts';
import { hasAnswers } from './fill-form.ts';
import { enterFile } from './see-file.ts';
import { enterProfile } from './see-profile.ts';

/** Why a product cannot be opened here and now, whoever's card it is; null where it can. */
export function whyClosed(form: Form, { card, findings }: Visit, line: LineState['state']): 'needs_line' | 'cannot_sign' | null {
  if (form.trust === 'authenticated' && !findings.signIn && line === 'down') return 'needs_line';
  if (form.signs && card && card.ways.signature.length === 0) return 'cannot_sign';
  return null;
}

/**
 * Onto a product's first question, or to what has to be found out before it: the chip where the product asks for it, the
 * holder where it needs a sign-in, whether the card can sign where a signature ends it. Comes by again after each of
 * these, and goes one step further.
 */
export function enterForm(visit: Visit, form: Form, stamp: Stamp): Visit {
  const { chip, signIn, signer } = visit.findings;
  if (form.provesChip && visit.card) {
    if (chip === null || chip.txId !== visit.draft?.txId) return { ...visit, place: { at: 'proving_chip' } };
    // A card made before chips had a key answers `unchecked`: nothing is known against it.
    if (chip.outcome === 'not_proven') return refuseCard(visit, 'not_genuine', stamp);
  }
  if (form.trust === 'authenticated' && !signIn) {
    return { ...visit, place: { at: 'sign_in', attempt: stamp.freshId, goal: 'open', step: { stage: 'preparing' } } };
  }
  if (form.signs && visit.card && !signer) {
    return { ...visit, place: { at: 'sign', attempt: stamp.freshId, goal: 'open', step: { stage: 'preparing' } } };
  }
  return { ...withProfile(visit, form, stamp), wanted: null, place: { at: 'question', page: 0, changing: false } };
}

/** What fills in a box is read before the person comes to it: of whoever signed in, and only where the form wants it. */
function withProfile(visit: Visit, { draws }: Form, stamp: Stamp): Visit {
  const isWanted = draws.some((fact) => fact.startsWith('profile.'));
  const isGranted = visit.grant !== null && stamp.at < visit.grant.until;
  return isWanted && isGranted && !visit.profile && !visit.acting ? { ...visit, profile: beginProfile(stamp.freshId) } : visit;
}

/** Out of a form: back to the thing of the file that it answers, where that is still there, else to the list. */
export function placeOutside({ draft, file }: Pick<Visit, 'draft' | 'file'>): Place {
  const item = draft?.item;
  return item && findItemOf(file, item) ? { at: 'file', item } : { at: 'catalogue' };
}

/** The same from before the first question. Where nothing was filled in, whoever takes the card may simply go. */
export function leaveUnopened(visit: Visit): Visit {
  return { ...visit, draft: hasAnswers(visit.draft) ? visit.draft : null, wanted: null, place: placeOutside(visit) };
}

/** What was wanted goes on, or the list where nothing was. */
export function enterWanted(visit: Visit, forms: ReadonlyMap<string, Form>, stamp: Stamp): Visit {
  if (visit.wanted === 'file') return enterFile(visit, stamp);
  if (visit.wanted === 'profile') return enterProfile(visit, stamp);
  const form = visit.draft && visit.wanted ? forms.get(visit.draft.form) : undefined;
  return form ? enterForm(visit, form, stamp) : { ...visit, wanted: null, place: { at: 'catalogue' } };
}

/**
 * Says that the card is refused, as soon as that can be said: not while its request is being kept, not instead of the
 * reference that was just given, and not while the card is out, when the next one in the reader may be another.
 */
export function sayRefusal(visit: Visit, stamp: Stamp): Visit {
  const { refusal, place, cover } = visit;
  if (refusal === null || place.at === 'keeping' || place.at === 'kept' || cover?.kind === 'card_out') return visit;
  return refuseCard(visit, refusal, stamp);
}

/**
 * A card that a visit used and may use no more. What was filled in with it goes with it: whoever puts in another card
 * next is another person, so this is another visit, with nothing in it but the reason, and what the person may take along.
 */
export function refuseCard(visit: Visit, reason: CardRefusal, stamp: Stamp): Visit {
  const tickets = ticketsOf(visit);
  const earlier = visit.card && tickets.length > 0 ? { chipNumber: visit.card.identity.chipNumber, tickets } : null;
  return { ...newVisit(stamp, 'card', { at: 'card_refused', reason }), earlier };
}
