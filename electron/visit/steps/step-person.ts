import type { CardState } from '../../../contract/card.ts';
import { unreachable } from '../../../contract/result.ts';
import type { Scene, Visit, VisitEvent } from '../state.ts';
import { findRefusal, insertionOf } from './card-facts.ts';
import { enterForm, whyClosed } from './enter-form.ts';
import { answerPage, goBack, type Walk } from './fill-form.ts';
import { afterAgreeing, afterUnusedCard, meetCard } from './step-card.ts';
import { beginConfirming, beginSigning, leaveSignIn, leaveSigning, startSigning, tryAgain, waitsAtReader } from './step-pin.ts';
import { beginPhoto, isSealing, removePhoto } from './take-photo.ts';

export type PersonEvent = Extract<
  VisitEvent,
  {
    type:
      | 'continue'
      | 'catalogue'
      | 'card_again'
      | 'open'
      | 'answer'
      | 'back'
      | 'change'
      | 'send'
      | 'photo'
      | 'photo_remove'
      | 'sign_in'
      | 'sign_in_again'
      | 'sign_in_leave'
      | 'sign'
      | 'sign_again'
      | 'sign_leave';
  }
>;

/** What a press on an uncovered page does. A press that does not belong to the page there does nothing. */
export function stepPerson(visit: Visit, event: PersonEvent, reader: CardState, scene: Scene): Visit {
  switch (event.type) {
    case 'continue':
      if (visit.place.at !== 'identity') return visit;
      return visit.card ? afterAgreeing(visit, scene) : { ...visit, place: { at: 'identity', agreed: true } };
    case 'catalogue':
      if (visit.place.at === 'keeping' || visit.place.at === 'reading' || waitsAtReader(visit.place)) return visit;
      return { ...visit, draft: null, wanted: null, place: { at: 'catalogue' } };
    case 'card_again':
      if (visit.place.at !== 'card_refused') return visit;
      if (insertionOf(reader) !== null) return { ...visit, place: { at: 'reading' } };
      return meetCard(afterUnusedCard(visit) ?? visit, reader, scene);
    case 'open':
      return openForm(visit, event, reader, scene);
    case 'answer':
      return fill(visit, scene, (walk) => answerPage(walk, event.page, event.answers));
    case 'back':
      return visit.place.at === 'insert_card' ? { ...visit, wanted: null, place: { at: 'catalogue' } } : fill(visit, scene, goBack);
    case 'change':
      return fill(visit, scene, (walk) => {
        const page = walk.form.pages.findIndex((candidate) => candidate.name === event.page);
        return page >= 0 && visit.place.at === 'check' ? { ...walk, place: { at: 'question', page, changing: true } } : walk;
      });
    case 'send':
      if (visit.place.at !== 'check' || !visit.draft) return visit;
      // What was signed and could not be kept is kept now: nobody gives a PIN twice for the same bytes.
      if (scene.rules.forms.get(visit.draft.form)?.signs && !visit.draft.signed) return beginSigning(visit, scene);
      return { ...visit, place: { at: 'keeping' } };
    case 'photo':
      return fill(visit, scene, (walk) => beginPhoto(walk, event));
    case 'photo_remove':
      return fill(visit, scene, (walk) => removePhoto(walk, event));
    case 'sign_in':
      return beginConfirming(visit, scene);
    case 'sign_in_again':
      return tryAgain(visit, 'sign_in', scene);
    case 'sign_in_leave':
      return leaveSignIn(visit);
    case 'sign':
      return startSigning(visit);
    case 'sign_again':
      return tryAgain(visit, 'sign', scene);
    case 'sign_leave':
      return leaveSigning(visit);
    default:
      return unreachable(event);
  }
}

type Opening = Extract<VisitEvent, { type: 'open' }>;

function openForm(visit: Visit, { draft: fresh, line }: Opening, reader: CardState, scene: Scene): Visit {
  const form = scene.rules.forms.get(fresh.form);
  const open = visit.place.at === 'catalogue' || visit.place.at === 'insert_card';
  if (!form || !open || whyClosed(form, visit, line)) return visit;
  // Who went back to the list and chose the same product again finds the answers where they were.
  const draft = visit.draft?.form === fresh.form ? visit.draft : fresh;
  const waiting = { ...visit, draft, wanted: draft.product };
  if (form.trust === 'anonymous' || visit.card) return enterForm(waiting, form, scene.stamp);
  const refusal = findRefusal(reader);
  if (refusal) return { ...waiting, place: { at: 'card_refused', reason: refusal } };
  return meetCard({ ...waiting, place: { at: 'insert_card' } }, reader, scene);
}

/** Runs a step of the form; leaves the visit alone when no form is open on a page, or for the moment that a photo is put away. */
function fill(visit: Visit, { rules }: Scene, step: (walk: Walk) => Walk): Visit {
  const form = visit.draft && rules.forms.get(visit.draft.form);
  if (!visit.draft || isSealing(visit.draft) || !form || (visit.place.at !== 'question' && visit.place.at !== 'check')) return visit;
  const next = step({ form, draft: visit.draft, place: visit.place });
  return { ...visit, draft: next.draft, place: next.place };
}
