import type { CardState } from '../../../contract/card.ts';
import { priceOf } from '../../../contract/forms/price.ts';
import { unreachable } from '../../../contract/result.ts';
import { findItem, type ItemName } from '../../file/find-item.ts';
import { factsFor } from '../../forms/known-facts.ts';
import type { LineState } from '../../sync/sync.ts';
import type { Draft, FilePlace, Scene, Visit, VisitEvent } from '../state.ts';
import { findRefusal, insertionOf } from './card-facts.ts';
import { enterForm, placeOutside, whyClosed } from './enter-form.ts';
import { answerPage, changePage, findStreet, goBack, openRow, type PageReading, removeRow, type Walk } from './fill-form.ts';
import { actAs, askFileAgain, askForPin, chooseRole, enterFile } from './see-file.ts';
import { actOnProfile } from './see-profile.ts';
import { chooseSuggestions } from './see-suggestions.ts';
import { afterAgreeing, afterUnusedCard, meetCard } from './step-card.ts';
import { beginConfirming, beginSigning, leaveSignIn, leaveSigning, startSigning, tryAgain, waitsAtReader } from './step-pin.ts';
import { leaveItem, takeItem } from './take-item.ts';
import { beginPhoto, isSealing, removePhoto } from './take-photo.ts';

export type PersonEvent = Extract<
  VisitEvent,
  {
    type:
      | 'continue'
      | 'file'
      | 'file_again'
      | 'renew'
      | 'roles'
      | 'suggestions'
      | 'act_as'
      | 'profile'
      | 'take_item'
      | 'leave_item'
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
      return openProduct(visit, event.product);
    case 'open':
      return openForm(visit, event, reader, scene);
    case 'file':
      return openFile(visit, event.line, reader, scene);
    case 'file_again':
      return askFileAgain(visit, event.sources, scene.stamp);
    case 'renew':
      return visit.place.at === 'file' && visit.file && visit.card ? askForPin(visit, scene.stamp) : visit;
    case 'roles':
      return chooseRole(visit);
    case 'suggestions':
      return chooseSuggestions(visit, event);
    case 'take_item':
      return takeItem(visit, event, scene.stamp);
    case 'leave_item':
      return leaveItem(visit);
    case 'profile':
      return actOnProfile(visit, event.act, scene.stamp);
    case 'act_as':
      return actAs(visit, event.role, scene.stamp);
    case 'answer':
      return fill(visit, scene, (walk) => answerPage(walk, event.page, event.answers, readingOf(visit, scene)));
    case 'back':
      return goBackOnce(visit, scene);
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

function openForm(visit: Visit, opening: Opening, reader: CardState, scene: Scene): Visit {
  const { draft: fresh, line, answers } = opening;
  const form = scene.rules.forms.get(fresh.form);
  if (!form || !mayOpen(visit, opening)) return visit;
  const found = answers ? findItem(visit.file, answers.item) : null;
  if (whyClosed(form, visit, line)) return found ? openProduct(visit, fresh.product, found.name) : visit;
  const item = found && form.answersItem.some((kind) => kind === found.item.kind) ? found.name : undefined;
  // Who went back to the list and chose the same product again finds the answers where they were.
  const goesOn = visit.draft?.form === fresh.form && visit.draft.item?.id === item?.id && visit.draft.item?.source === item?.source;
  const draft = goesOn && visit.draft ? visit.draft : { ...fresh, item };
  const waiting: Visit = { ...visit, draft, wanted: 'product' };
  if (form.trust === 'anonymous' || visit.card) return enterForm(waiting, form, scene.stamp);
  const refusal = findRefusal(reader);
  if (refusal) return { ...waiting, place: { at: 'card_refused', reason: refusal } };
  return meetCard({ ...waiting, place: { at: 'insert_card' } }, reader, scene);
}

/** `item`: the thing of the file that led there. */
function openProduct(visit: Visit, product: string, item?: ItemName): Visit {
  const { place } = visit;
  if (!mayOpenProduct.has(place.at)) return visit;
  const back: FilePlace | null = place.at === 'file' ? { at: 'file', ...(item && { item }) } : null;
  return { ...visit, place: { at: 'product', product, ...(back && { back }) } };
}

function goBackOnce(visit: Visit, scene: Scene): Visit {
  const { place } = visit;
  if (place.at === 'product') return { ...visit, place: place.back && visit.file ? place.back : { at: 'catalogue' } };
  if (place.at === 'insert_card') return { ...visit, wanted: null, place: placeOutside(visit) };
  const before = fill(visit, scene, goBack);
  return before.place.at === 'catalogue' && place.at !== 'catalogue' ? { ...before, place: placeOutside(before) } : before;
}

/** From an item of this visit's file only to the product that answers it: what a page names is not believed. */
function mayOpen({ place, file }: Visit, { answers }: Opening): boolean {
  if (!answers) return mayOpenForm.has(place.at);
  return place.at === 'file' && findItem(file, answers.item)?.item.answeredBy === answers.productNumber;
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

const mayOpenFile: ReadonlySet<Visit['place']['at']> = new Set(['catalogue', 'kept', 'roles', 'profile']);

/** What was shown is what is to be paid. */
function withPrice(draft: Draft, { rules }: Scene): Draft {
  const form = rules.forms.get(draft.form);
  return form ? { ...draft, cents: priceOf(form, draft.answers) } : draft;
}

/** The person's own municipality is looked in first, where the copy of the register knows it by name. */
function readingOf(visit: Visit, { rules: { forms, streets } }: Scene): PageReading {
  const { card, draft } = visit;
  const home = card && streets?.finder?.codeOf(card.address.municipality);
  const form = draft && forms.get(draft.form);
  const known = form ? factsFor(form, visit) : {};
  return {
    streets: streets?.finder ?? null,
    map: streets?.map ?? null,
    near: home ?? streets?.near ?? '',
    here: streets?.near ?? '',
    known,
  };
}

/** Runs a step of the form; leaves the visit alone when no form is open on a page, or for the moment that a photo is put away. */
function fill(visit: Visit, { rules }: Scene, step: (walk: Walk) => Walk): Visit {
  const form = visit.draft && rules.forms.get(visit.draft.form);
  if (!visit.draft || isSealing(visit.draft) || !form || (visit.place.at !== 'question' && visit.place.at !== 'check')) return visit;
  const next = step({ form, draft: visit.draft, place: visit.place });
  return { ...visit, draft: next.draft, place: next.place };
}
