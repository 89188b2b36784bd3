import type { CardState } from '../../contract/card.ts';
import { unreachable } from '../../contract/result.ts';
import { findRefusal, insertionOf } from './card-facts.ts';
import { answerPage, goBack, type Walk } from './fill-form.ts';
import type { Draft, Visit, VisitEvent, VisitRules } from './state.ts';
import { afterAgreeing, afterUnusedCard, meetCard } from './step-card.ts';

export type PersonEvent = Extract<
  VisitEvent,
  { type: 'continue' | 'catalogue' | 'card_again' | 'open' | 'answer' | 'back' | 'change' | 'send' }
>;

/** What a press on an uncovered page does. A press that does not belong to the page there does nothing. */
export function stepPerson(visit: Visit, event: PersonEvent, reader: CardState, rules: VisitRules): Visit {
  switch (event.type) {
    case 'continue':
      if (visit.place.at !== 'identity') return visit;
      return visit.card ? afterAgreeing(visit) : { ...visit, place: { at: 'identity', agreed: true } };
    case 'catalogue':
      if (visit.place.at === 'keeping' || visit.place.at === 'reading') return visit;
      return { ...visit, draft: null, wanted: null, place: { at: 'catalogue' } };
    case 'card_again':
      if (visit.place.at !== 'card_refused') return visit;
      if (insertionOf(reader) !== null) return { ...visit, place: { at: 'reading' } };
      return meetCard(afterUnusedCard(visit) ?? visit, reader);
    case 'open':
      return openForm(visit, event.draft, reader, rules);
    case 'answer':
      return fill(visit, rules, (walk) => answerPage(walk, event.page, event.answers));
    case 'back':
      return visit.place.at === 'insert_card' ? { ...visit, wanted: null, place: { at: 'catalogue' } } : fill(visit, rules, goBack);
    case 'change':
      return fill(visit, rules, (walk) => {
        const page = walk.form.pages.findIndex((candidate) => candidate.name === event.page);
        return page >= 0 && visit.place.at === 'check' ? { ...walk, place: { at: 'question', page, changing: true } } : walk;
      });
    case 'send':
      return visit.place.at === 'check' && visit.draft ? { ...visit, place: { at: 'keeping' } } : visit;
    default:
      return unreachable(event);
  }
}

function openForm(visit: Visit, fresh: Draft, reader: CardState, rules: VisitRules): Visit {
  const form = rules.forms.get(fresh.form);
  const open = visit.place.at === 'catalogue' || visit.place.at === 'insert_card';
  if (!form || !open) return visit;
  // Who went back to the list and chose the same product again finds the answers where they were.
  const draft = visit.draft?.form === fresh.form ? visit.draft : fresh;
  if (form.trust === 'anonymous' || visit.card) {
    return { ...visit, draft, wanted: null, place: { at: 'question', page: 0, changing: false } };
  }
  const refusal = findRefusal(reader);
  const waiting = { ...visit, draft, wanted: draft.product };
  if (refusal) return { ...waiting, place: { at: 'card_refused', reason: refusal } };
  return meetCard({ ...waiting, place: { at: 'insert_card' } }, reader);
}

/** Runs a step of the form; leaves the visit alone when no form is open on a page. */
function fill(visit: Visit, rules: VisitRules, step: (walk: Walk) => Walk): Visit {
  const form = visit.draft && rules.forms.get(visit.draft.form);
  if (!visit.draft || !form || (visit.place.at !== 'question' && visit.place.at !== 'check')) return visit;
  const next = step({ form, draft: visit.draft, place: visit.place });
  return { ...visit, draft: next.draft, place: next.place };
}
