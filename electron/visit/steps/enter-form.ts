import type { Form } from '../../forms/load-forms.ts';
import { type CardRefusal, newVisit, type Stamp, type Visit } from '../state.ts';

/**
 * Onto a product's first question, or to what has to be proven before it: the chip where the product asks for it, the
 * holder where it needs a sign-in. Comes by again after each of these, and goes one step further.
 */
export function enterForm(visit: Visit, form: Form, stamp: Stamp): Visit {
  const { chip, signIn } = visit.findings;
  if (form.provesChip && visit.card) {
    if (chip === null) return { ...visit, place: { at: 'proving_chip' } };
    // A card made before chips had a key answers `unchecked`: nothing is known against it.
    if (chip.outcome === 'not_proven') return refuseCard('not_genuine', stamp);
  }
  if (form.trust === 'authenticated' && !signIn) {
    return { ...visit, place: { at: 'sign_in', attempt: stamp.freshId, goal: 'open', step: { stage: 'preparing' } } };
  }
  return { ...visit, wanted: null, place: { at: 'question', page: 0, changing: false } };
}

/** What a product was opened for goes on, or the list where nothing was. */
export function enterWanted(visit: Visit, forms: ReadonlyMap<string, Form>, stamp: Stamp): Visit {
  const form = visit.draft && visit.wanted ? forms.get(visit.draft.form) : undefined;
  return form ? enterForm(visit, form, stamp) : { ...visit, wanted: null, place: { at: 'catalogue' } };
}

/**
 * A card that a visit used and may use no more. What was filled in with it goes with it: whoever puts in another card
 * next is another person, so this is another visit, with nothing in it but the reason.
 */
export function refuseCard(reason: CardRefusal, stamp: Stamp): Visit {
  return newVisit(stamp, 'card', { at: 'card_refused', reason });
}
