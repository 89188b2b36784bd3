import type { CardState } from '../../../contract/card.ts';
import { priceOf } from '../../../contract/forms/price.ts';
import { unreachable } from '../../../contract/result.ts';
import { factsOfCard } from '../../forms/known-facts.ts';
import type { LineState } from '../../sync/sync.ts';
import type { Draft, Scene, Visit, VisitEvent } from '../state.ts';
import { findRefusal, insertionOf } from './card-facts.ts';
import { enterForm, whyClosed } from './enter-form.ts';
import { answerPage, changePage, findStreet, goBack, openRow, type PageReading, removeRow, type Walk } from './fill-form.ts';
import { actAs, askFileAgain, chooseRole, enterFile } from './see-file.ts';
import { afterAgreeing, afterUnusedCard, meetCard } from './step-card.ts';
import { beginConfirming, beginSigning, leaveSignIn, leaveSigning, startSigning, tryAgain, waitsAtReader } from './step-pin.ts';
import { beginPhoto, isSealing, removePhoto } from './take-photo.ts';

export type PersonEvent = Extract<
  VisitEvent,
  {
    type:
      | 'continue'
      | 'file'
      | 'file_again'
      | 'roles'
      | 'suggestions'
      | 'act_as'
      | 'catalogue'
      | 'card_again'
      | 'product'
      | 'open'
      | 'answer'
      | 'back'
      | 'change'
      | 'find_street'
      | 'row'
      | 'row_remove'
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
    case 'product':
      return mayOpenProduct.has(visit.place.at) ? { ...visit, place: { at: 'product', product: event.product } } : visit;
    case 'open':
      return openForm(visit, event, reader, scene);
    case 'file':
      return openFile(visit, event.line, reader, scene);
    case 'file_again':
      return askFileAgain(visit, event.sources, scene.stamp);
    case 'roles':
      return chooseRole(visit);
    case 'suggestions':
      return {
        ...visit,
        suggestions:
          event.id === null ? { off: event.off, away: [] } : { ...visit.suggestions, away: [...visit.suggestions.away, event.id] },
      };
    case 'act_as':
      return actAs(visit, event.role, scene.stamp);
    case 'answer':
      return fill(visit, scene, (walk) => answerPage(walk, event.page, event.answers, readingOf(visit, scene)));
    case 'back':
      if (visit.place.at === 'product') return { ...visit, place: { at: 'catalogue' } };
      return visit.place.at === 'insert_card' ? { ...visit, wanted: null, place: { at: 'catalogue' } } : fill(visit, scene, goBack);
    case 'change':
      return fill(visit, scene, (walk) => changePage(walk, event.page));
    case 'find_street':
      return fill(visit, scene, (walk) => findStreet(walk, event, readingOf(visit, scene)));
    case 'row':
      return fill(visit, scene, (walk) => openRow(walk, event.page, event.row));
    case 'row_remove':
      return fill(visit, scene, (walk) => removeRow(walk, event.page, event.row));
    case 'send':
      if (visit.place.at !== 'check' || !visit.draft) return visit;
      // What was signed and could not be kept is kept now: nobody gives a PIN twice for the same bytes.
      if (scene.rules.forms.get(visit.draft.form)?.signs && !visit.draft.signed) return beginSigning(visit, scene);
      return { ...visit, draft: withPrice(visit.draft, scene), place: { at: 'keeping' } };
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
  const open = mayOpenForm.has(visit.place.at);
  if (!form || !open || whyClosed(form, visit, line)) return visit;
  // Who went back to the list and chose the same product again finds the answers where they were.
  const draft = visit.draft?.form === fresh.form ? visit.draft : fresh;
  const waiting: Visit = { ...visit, draft, wanted: 'product' };
  if (form.trust === 'anonymous' || visit.card) return enterForm(waiting, form, scene.stamp);
  const refusal = findRefusal(reader);
  if (refusal) return { ...waiting, place: { at: 'card_refused', reason: refusal } };
  return meetCard({ ...waiting, place: { at: 'insert_card' } }, reader, scene);
}

const mayOpenForm: ReadonlySet<Visit['place']['at']> = new Set(['catalogue', 'product', 'insert_card']);
/** An item of the file may lead to one. */
const mayOpenProduct: ReadonlySet<Visit['place']['at']> = new Set(['catalogue', 'file']);

/** Without a line nobody can sign in: then the page says what there is instead. */
function openFile(visit: Visit, line: LineState['state'], reader: CardState, scene: Scene): Visit {
  if (!mayOpenFile.has(visit.place.at)) return visit;
  const waiting: Visit = { ...visit, draft: null, wanted: 'file' };
  if (line === 'down' && !visit.file) return { ...waiting, wanted: null, place: { at: 'file' } };
  if (visit.card) return enterFile(waiting, scene.stamp);
  const refusal = findRefusal(reader);
  if (refusal) return { ...waiting, place: { at: 'card_refused', reason: refusal } };
  return meetCard({ ...waiting, place: { at: 'insert_card' } }, reader, scene);
}

const mayOpenFile: ReadonlySet<Visit['place']['at']> = new Set(['catalogue', 'kept', 'roles']);

/** What was shown is what is to be paid. */
function withPrice(draft: Draft, { rules }: Scene): Draft {
  const form = rules.forms.get(draft.form);
  return form ? { ...draft, cents: priceOf(form, draft.answers) } : draft;
}

/** The person's own municipality is looked in first, where the copy of the register knows it by name. */
function readingOf({ card }: Visit, { rules: { streets } }: Scene): PageReading {
  const home = card && streets?.finder?.codeOf(card.address.municipality);
  return { streets: streets?.finder ?? null, near: home ?? streets?.near ?? '', known: factsOfCard(card) };
}

/** Runs a step of the form; leaves the visit alone when no form is open on a page, or for the moment that a photo is put away. */
function fill(visit: Visit, { rules }: Scene, step: (walk: Walk) => Walk): Visit {
  const form = visit.draft && rules.forms.get(visit.draft.form);
  if (!visit.draft || isSealing(visit.draft) || !form || (visit.place.at !== 'question' && visit.place.at !== 'check')) return visit;
  const next = step({ form, draft: visit.draft, place: visit.place });
  return { ...visit, draft: next.draft, place: next.place };
}
