import type { CardState } from '../../contract/card.ts';
import { unreachable } from '../../contract/result.ts';
import type { Trust } from '../../contract/trust.ts';
import type { Form } from '../forms/load-forms.ts';
import { findRefusal, insertionOf, takeProvenCard } from './card-facts.ts';
import { answerPage, goBack, type Walk } from './fill-form.ts';
import type { Draft, EndReason, KeptRequest, KioskState, Place, Stamp, Visit, VisitEvent } from './state.ts';

export type VisitRules = {
  forms: ReadonlyMap<string, Form>;
  idleMs: number;
  warningMs: number;
  cardOutMs: number;
  goodbyeMs: number;
};

/** The rung this visit stands on. A card that was read proves a card, not its holder. */
export function trustOf(visit: Visit): Trust {
  return visit.card ? 'card_read' : 'anonymous';
}

/** The whole of a visit's rules: what is, and what happened, give what is next. Pure: no clock, no chance, no I/O. */
export function createVisitStep(rules: VisitRules): (state: KioskState, event: VisitEvent, stamp: Stamp) => KioskState {
  return (state, event, stamp) => {
    switch (event.type) {
      case 'card':
        return stepCard({ ...state, reader: event.state }, stamp, rules);
      case 'begin':
        return begin(state, stamp);
      case 'language':
        return touch({ ...state, language: event.language }, stamp, rules);
      case 'display':
        return touch({ ...state, display: event.display }, stamp, rules);
      case 'tick':
        return stepTime(state, stamp, rules);
      case 'received':
        return inVisit(state, (visit) => changeKept(visit, event.txId, { receivedAt: event.receivedAt }));
      case 'needs_attention':
        return inVisit(state, (visit) => changeKept(visit, event.txId, { needsAttention: true }));
      case 'kept':
        return inVisit(state, (visit) => finishKeeping(visit, event));
      case 'not_kept':
        return inVisit(state, (visit) =>
          visit.place.at === 'keeping' && visit.draft?.txId === event.txId
            ? { ...visit, place: { at: 'check', problem: event.problem } }
            : visit,
        );
      case 'stay':
        return inVisit(state, (visit) => ({ ...visit, activeAt: stamp.at, cover: visit.cover?.kind === 'idle' ? null : visit.cover }));
      case 'active':
        // A touch on the warning is not yet "I am still here": only its button is, so that a sleeve extends nothing.
        return inVisit(state, (visit) => (visit.cover ? visit : { ...visit, activeAt: stamp.at }));
      case 'stop':
        return state.situation.phase === 'open' ? endVisit(state, event.why, stamp, rules) : state;
      case 'continue':
      case 'catalogue':
      case 'card_again':
      case 'open':
      case 'answer':
      case 'back':
      case 'change':
      case 'send':
        // A covered page can be pressed by nobody, whatever the renderer sends.
        return inVisit(state, (visit) => (visit.cover ? visit : stepPerson({ ...visit, activeAt: stamp.at }, event, state.reader, rules)));
      default:
        return unreachable(event);
    }
  };
}

type PersonEvent = Extract<VisitEvent, { type: 'continue' | 'catalogue' | 'card_again' | 'open' | 'answer' | 'back' | 'change' | 'send' }>;

function stepPerson(visit: Visit, event: PersonEvent, reader: CardState, rules: VisitRules): Visit {
  switch (event.type) {
    case 'continue':
      if (visit.place.at !== 'identity') return visit;
      return visit.card ? afterAgreeing(visit) : { ...visit, place: { at: 'identity', agreed: true } };
    case 'catalogue':
      if (visit.place.at === 'keeping' || visit.place.at === 'reading') return visit;
      return { ...visit, draft: null, wanted: null, place: { at: 'catalogue' } };
    case 'card_again':
      if (visit.place.at !== 'card_refused') return visit;
      return insertionOf(reader) === null ? (afterUnusedCard(visit) ?? visit) : { ...visit, place: { at: 'reading' } };
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
  return refusal
    ? { ...waiting, place: { at: 'card_refused', reason: refusal } }
    : meetCard({ ...waiting, place: { at: 'insert_card' } }, reader);
}

/** Runs a step of the form; leaves the visit alone when no form is open on a page. */
function fill(visit: Visit, rules: VisitRules, step: (walk: Walk) => Walk): Visit {
  const form = visit.draft && rules.forms.get(visit.draft.form);
  if (!visit.draft || !form || (visit.place.at !== 'question' && visit.place.at !== 'check')) return visit;
  const next = step({ form, draft: visit.draft, place: visit.place });
  return { ...visit, draft: next.draft, place: next.place };
}

function finishKeeping(visit: Visit, event: { txId: string; keptAt: string }): Visit {
  const draft = visit.draft;
  if (visit.place.at !== 'keeping' || draft?.txId !== event.txId) return visit;
  const kept = {
    txId: draft.txId,
    reference: draft.reference,
    product: draft.product,
    form: draft.form,
    keptAt: event.keptAt,
    receivedAt: null,
    needsAttention: false,
  };
  return { ...visit, draft: null, kept: [...visit.kept, kept], place: { at: 'kept', txId: draft.txId } };
}

function changeKept(visit: Visit, txId: string, change: Partial<KeptRequest>): Visit {
  return { ...visit, kept: visit.kept.map((kept) => (kept.txId === txId ? { ...kept, ...change } : kept)) };
}

// --- the card ---

function stepCard(state: KioskState, stamp: Stamp, rules: VisitRules): KioskState {
  const { reader, situation } = state;
  const insertion = insertionOf(reader);
  const spent = insertion === state.spent ? state.spent : null;
  const fresh = insertion !== null && spent === null;
  switch (situation.phase) {
    case 'waiting':
      return fresh ? beginWithCard({ ...state, spent }, stamp) : { ...state, spent };
    case 'over':
      if (fresh) return beginWithCard({ ...state, spent, ...atRest }, stamp);
      // The goodbye page asks for the card; once it is out, there is nothing left to say.
      return state.spent !== null && insertion === null
        ? { ...state, spent, situation: { ...situation, until: Math.min(situation.until, stamp.at + rules.goodbyeMs) } }
        : { ...state, spent };
    case 'open':
      return stepCardInVisit({ ...state, spent }, situation.visit, stamp, rules);
  }
}

function beginWithCard(state: KioskState, stamp: Stamp): KioskState {
  const visit = newVisit(stamp, 'card', { at: 'reading' });
  return { ...state, situation: { phase: 'open', visit: meetCard(visit, state.reader) } };
}

function stepCardInVisit(state: KioskState, visit: Visit, stamp: Stamp, rules: VisitRules): KioskState {
  const insertion = insertionOf(state.reader);
  if (visit.card) {
    if (insertion === visit.card.insertion) return state;
    return put(state, withCardGone(visit, visit.card.identity.chipNumber, state.reader, stamp, rules), stamp, rules);
  }
  const showsCard = visit.place.at === 'reading' || visit.place.at === 'identity' || visit.place.at === 'card_refused';
  if (insertion === null && showsCard) return put(state, afterUnusedCard(visit), stamp, rules);
  return put(state, meetCard(visit, state.reader), stamp, rules);
}

/** `null` ends the visit. */
function put(state: KioskState, visit: Visit | null, stamp: Stamp, rules: VisitRules): KioskState {
  if (visit) return { ...state, situation: { phase: 'open', visit } };
  return endVisit(state, 'card_out', stamp, rules);
}

/** A card left before it was used: who began with it has gone, who began by touch goes on without. */
function afterUnusedCard(visit: Visit): Visit | null {
  if (visit.begunBy === 'card' && visit.kept.length === 0) return null;
  return { ...visit, place: visit.wanted ? { at: 'insert_card' } : { at: 'catalogue' } };
}

function withCardGone(visit: Visit, chip: string, reader: CardState, stamp: Stamp, rules: VisitRules): Visit | null {
  // Nothing is at stake any more: taking the card out is how people say goodbye.
  if (visit.place.at === 'kept' || visit.place.at === 'catalogue' || visit.place.at === 'identity') return null;
  const proven = takeProvenCard(reader);
  if (proven?.identity.chipNumber === chip) {
    return { ...visit, card: proven, activeAt: stamp.at, cover: null };
  }
  const until = visit.cover?.kind === 'card_out' ? visit.cover.until : stamp.at + rules.cardOutMs;
  const otherCard = proven !== null || findRefusal(reader) === 'not_an_eid' || findRefusal(reader) === 'not_proven';
  return { ...visit, cover: { kind: 'card_out', until, otherCard } };
}

/** Lets a card in the reader have its effect where the person stands. */
function meetCard(visit: Visit, reader: CardState): Visit {
  if (visit.card) return visit;
  const place = visit.place;
  if (
    place.at !== 'reading' &&
    place.at !== 'identity' &&
    place.at !== 'card_refused' &&
    place.at !== 'insert_card' &&
    place.at !== 'catalogue'
  ) {
    return visit;
  }
  if (insertionOf(reader) === null && place.at !== 'reading') return visit;
  const refusal = findRefusal(reader);
  if (refusal) return { ...visit, place: { at: 'card_refused', reason: refusal } };
  const card = takeProvenCard(reader);
  if (card)
    return place.at === 'identity' && place.agreed
      ? afterAgreeing({ ...visit, card })
      : { ...visit, place: { at: 'identity', agreed: false }, card };
  if (reader.state === 'identity') return { ...visit, place: place.at === 'identity' ? place : { at: 'identity', agreed: false } };
  return { ...visit, place: { at: 'reading' } };
}

function afterAgreeing(visit: Visit): Visit {
  const form = visit.draft && visit.wanted ? visit.draft : null;
  const place: Place = form ? { at: 'question', page: 0, changing: false } : { at: 'catalogue' };
  return { ...visit, wanted: null, place };
}

// --- beginning, ending, time ---

const atRest = { language: 'nl', display: { text: 2, theme: 'default' } } as const;

/** The state of a terminal where nobody is. Settings of the last visit are gone too. */
export function waitingState(reader: CardState, spent: number | null): KioskState {
  return { situation: { phase: 'waiting', resetAt: null }, reader, spent, ...atRest };
}

function newVisit(stamp: Stamp, begunBy: 'card' | 'touch', place: Place): Visit {
  return { id: stamp.freshId, begunBy, place, wanted: null, card: null, draft: null, kept: [], cover: null, activeAt: stamp.at };
}

function begin(state: KioskState, stamp: Stamp): KioskState {
  if (state.situation.phase === 'open') return state;
  const settings = state.situation.phase === 'over' ? atRest : {};
  const visit = newVisit(stamp, 'touch', { at: 'catalogue' });
  return { ...state, ...settings, spent: null, situation: { phase: 'open', visit } };
}

/** Wipes by leaving out: the new state is built from nothing of the visit but the references, which are made by chance. */
function endVisit(state: KioskState, why: EndReason, stamp: Stamp, rules: VisitRules): KioskState {
  if (state.situation.phase !== 'open') return state;
  const { visit } = state.situation;
  const insertion = insertionOf(state.reader);
  // Who only put a card in and took it out again needs no goodbye.
  if (why === 'card_out' && visit.kept.length === 0 && visit.draft === null) return waitingState(state.reader, null);
  const reader: CardState = insertion === null ? state.reader : { state: 'reading', insertion };
  const references = visit.kept.map((kept) => kept.reference);
  return {
    situation: { phase: 'over', why, references, until: stamp.at + rules.goodbyeMs },
    language: state.language,
    display: state.display,
    reader,
    spent: insertion,
  };
}

function stepTime(state: KioskState, stamp: Stamp, rules: VisitRules): KioskState {
  const { situation } = state;
  switch (situation.phase) {
    case 'waiting':
      return situation.resetAt !== null && stamp.at >= situation.resetAt ? waitingState(state.reader, state.spent) : state;
    case 'over':
      // A card left behind keeps the reminder on the glass until somebody takes it.
      return stamp.at >= situation.until && state.spent === null ? waitingState(state.reader, null) : state;
    case 'open': {
      const { visit } = situation;
      if (visit.place.at === 'keeping') return state;
      if (visit.cover) {
        if (stamp.at < visit.cover.until) return state;
        return endVisit(state, visit.cover.kind === 'idle' ? 'idle' : 'card_out', stamp, rules);
      }
      if (stamp.at - visit.activeAt < rules.idleMs) return state;
      return inVisit(state, () => ({ ...visit, cover: { kind: 'idle', until: stamp.at + rules.warningMs } }));
    }
  }
}

/** Somebody chose a setting: at rest it is remembered for a while, in a visit it counts as activity. */
function touch(state: KioskState, stamp: Stamp, rules: VisitRules): KioskState {
  if (state.situation.phase === 'waiting') return { ...state, situation: { phase: 'waiting', resetAt: stamp.at + rules.idleMs } };
  return inVisit(state, (visit) => ({ ...visit, activeAt: stamp.at }));
}

function inVisit(state: KioskState, change: (visit: Visit) => Visit): KioskState {
  if (state.situation.phase !== 'open') return state;
  return { ...state, situation: { phase: 'open', visit: change(state.situation.visit) } };
}
