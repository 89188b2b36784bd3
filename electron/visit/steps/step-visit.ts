import type { CardState } from '../../../contract/card.ts';
import { unreachable } from '../../../contract/result.ts';
import type { Trust } from '../../../contract/trust.ts';
import {
  type EndReason,
  type KeptRequest,
  type KioskState,
  newVisit,
  type Scene,
  type Stamp,
  type Visit,
  type VisitEvent,
  type VisitRules,
} from '../state.ts';
import { insertionOf, isLooking } from './card-facts.ts';
import { meetCard, stepCardInVisit } from './step-card.ts';
import { stepPerson } from './step-person.ts';
import { hearChip, hearRevocation, hearSigned, hearSignedIn, hearSignInStep, hearSignStep, readInAnotherLanguage } from './step-pin.ts';

/** The rung this visit stands on. A card that was read proves a card, not its holder; a PIN proves the holder. */
export function trustOf(visit: Visit): Trust {
  if (!visit.card) return 'anonymous';
  return visit.findings.signIn ? 'authenticated' : 'card_read';
}

/** The whole of a visit's rules: what is, and what happened, give what is next. Pure: no clock, no chance, no I/O. */
export function createVisitStep(rules: VisitRules): (state: KioskState, event: VisitEvent, stamp: Stamp) => KioskState {
  return (state, event, stamp) => {
    const scene: Scene = { rules, stamp };
    switch (event.type) {
      case 'card':
        return stepCard(state, event.state, stamp, rules);
      case 'storage':
        return { ...state, storage: event.state };
      case 'begin':
        return begin(state, stamp, rules);
      case 'language':
        return inVisit(touch({ ...state, language: event.language }, stamp, rules), (visit) => readInAnotherLanguage(visit, scene));
      case 'display':
        return touch({ ...state, display: event.display }, stamp, rules);
      case 'tick':
        return stepTime(state, stamp, rules);
      case 'received':
        return inVisit(state, (visit) => changeKept(visit, event.txId, { receivedAt: event.receivedAt }));
      case 'needs_attention':
        return inVisit(state, (visit) => changeKept(visit, event.txId, { needsAttention: true }));
      case 'kept':
        return finishKeeping(state, event, stamp, rules);
      case 'not_kept':
        return inVisit(state, (visit) =>
          visit.place.at === 'keeping' && visit.draft?.txId === event.txId
            ? { ...visit, place: { at: 'check', problem: event.problem } }
            : visit,
        );
      case 'stay':
        return inVisit(state, (visit) => ({
          ...visit,
          activeAt: stamp.at,
          cover: visit.cover?.kind === 'idle' ? null : visit.cover,
        }));
      case 'active':
        // A touch on the warning is not yet "I am still here": only its button is, so that a sleeve extends nothing.
        return inVisit(state, (visit) => (visit.cover ? visit : { ...visit, activeAt: stamp.at }));
      case 'stop':
        return stop(state, event.why, stamp, rules);
      case 'sign_in_step':
        return inVisit(state, (visit) => hearSignInStep(visit, event.attempt, event.step, stamp.at));
      case 'signed_in':
        return inVisit(state, (visit) => hearSignedIn(visit, event.attempt, event.evidence, scene));
      case 'sign_step':
        return inVisit(state, (visit) => hearSignStep(visit, event.attempt, event.step, stamp.at));
      case 'signed':
        return inVisit(state, (visit) => hearSigned(visit, event.attempt, event.document));
      case 'revocation':
        return inVisit(state, (visit) => hearRevocation(visit, event.insertion, event.revocation, scene));
      case 'chip':
        return inVisit(state, (visit) => hearChip(visit, event.insertion, event.chip, scene));
      case 'continue':
      case 'catalogue':
      case 'card_again':
      case 'open':
      case 'answer':
      case 'back':
      case 'change':
      case 'send':
      case 'sign_in':
      case 'sign_in_again':
      case 'sign_in_leave':
      case 'sign':
      case 'sign_leave':
        // A covered page can be pressed by nobody, whatever the renderer sends.
        return inVisit(state, (visit) =>
          visit.cover ? visit : stepPerson({ ...visit, activeAt: stamp.at }, event, visibleReader(state), scene),
        );
      default:
        return unreachable(event);
    }
  };
}

function changeKept(visit: Visit, txId: string, change: Partial<KeptRequest>): Visit {
  return { ...visit, kept: visit.kept.map((kept) => (kept.txId === txId ? { ...kept, ...change } : kept)) };
}

function finishKeeping(state: KioskState, event: { txId: string; keptAt: string }, stamp: Stamp, rules: VisitRules): KioskState {
  if (state.situation.phase !== 'open') return state;
  const { visit } = state.situation;
  const { draft } = visit;
  if (visit.place.at !== 'keeping' || draft?.txId !== event.txId) return state;
  const kept: KeptRequest = {
    txId: draft.txId,
    reference: draft.reference,
    form: draft.form,
    keptAt: event.keptAt,
    signedIn: visit.findings.signIn !== null,
    receivedAt: null,
    needsAttention: false,
  };
  const next: Visit = { ...visit, draft: null, kept: [...visit.kept, kept], place: { at: 'kept', txId: draft.txId } };
  const after = inVisit(state, () => next);
  // Whoever took the card while it was being kept has gone: the goodbye page holds the reference, without a cover over it.
  return next.cover?.kind === 'card_out' ? endVisit(after, 'card_out', stamp, rules) : after;
}

// --- the card ---

function stepCard(before: KioskState, reader: CardState, stamp: Stamp, rules: VisitRules): KioskState {
  const insertion = insertionOf(reader);
  // A card process that starts anew counts anew, so a spent card is spent until the reader is seen without one.
  const spent = before.spent === null || reader.state === 'empty' || reader.state === 'no_reader' ? null : (insertion ?? before.spent);
  const mine = spent !== null && insertion !== null;
  // News of a card whose visit is over may still be on its way: nothing of it is kept.
  const state: KioskState = { ...before, spent, reader: mine ? { state: 'reading', insertion } : reader };
  const fresh = insertion !== null && spent === null;
  const { situation } = state;
  switch (situation.phase) {
    case 'waiting':
      return fresh ? beginWithCard(state, { rules, stamp }) : state;
    case 'over':
      if (fresh) return beginWithCard({ ...state, ...restSettings(rules) }, { rules, stamp });
      // The card has just been taken: the references stay readable for as long as a goodbye lasts.
      return before.spent !== null && spent === null ? { ...state, situation: { ...situation, until: stamp.at + rules.goodbyeMs } } : state;
    case 'open': {
      if (mine) return state;
      const visit = stepCardInVisit(situation.visit, reader, { rules, stamp });
      return visit ? { ...state, situation: { phase: 'open', visit } } : endVisit(state, 'card_out', stamp, rules);
    }
  }
}

/** A spent card is as good as none for whoever stands there now. */
function visibleReader({ reader, spent }: KioskState): CardState {
  return spent === null ? reader : { state: 'empty' };
}

function beginWithCard(state: KioskState, scene: Scene): KioskState {
  if (state.storage !== 'ok') return state;
  const visit = newVisit(scene.stamp, 'card', { at: 'reading' });
  return { ...state, situation: { phase: 'open', visit: meetCard(visit, state.reader, scene) } };
}

// --- beginning, ending, time ---

/** Settings of a terminal where nobody is: those of the last visit are gone. */
function restSettings({ restLanguage }: Pick<VisitRules, 'restLanguage'>): Pick<KioskState, 'language' | 'display'> {
  return { language: restLanguage, display: { text: 2, theme: 'default' } };
}

export function waitingState(
  { reader, spent, storage }: Pick<KioskState, 'reader' | 'spent' | 'storage'>,
  rules: Pick<VisitRules, 'restLanguage'>,
): KioskState {
  return { situation: { phase: 'waiting', resetAt: null }, reader, spent, storage, ...restSettings(rules) };
}

/** Nobody is let in where nothing can be kept. A card that somebody left behind stays spent: it is not the beginner's. */
function begin(state: KioskState, stamp: Stamp, rules: VisitRules): KioskState {
  if (state.situation.phase === 'open' || state.storage !== 'ok') return state;
  const settings = state.situation.phase === 'over' ? restSettings(rules) : {};
  return { ...state, ...settings, situation: { phase: 'open', visit: newVisit(stamp, 'touch', { at: 'catalogue' }) } };
}

/** While a request is being kept nothing ends: the person must see its reference first. It takes well under a second. */
function stop(state: KioskState, why: 'stopped' | 'not_me', stamp: Stamp, rules: VisitRules): KioskState {
  if (state.situation.phase !== 'open' || state.situation.visit.place.at === 'keeping') return state;
  return endVisit(state, why, stamp, rules);
}

/** Wipes by leaving out: the new state is built from nothing of the visit but the references, which are made by chance. */
function endVisit(state: KioskState, why: EndReason, stamp: Stamp, rules: VisitRules): KioskState {
  if (state.situation.phase !== 'open') return state;
  const { visit } = state.situation;
  const { storage } = state;
  const insertion = insertionOf(state.reader);
  const reader: CardState = insertion === null ? state.reader : { state: 'reading', insertion };
  // A card that took the place of this visit's is the next person's.
  const own = visit.card === null || visit.card.insertion === insertion;
  const spent = own ? (state.spent ?? insertion) : state.spent;
  // Who only put a card in and took it out again needs no goodbye.
  if (why === 'card_out' && visit.kept.length === 0 && visit.draft === null) return waitingState({ reader, spent, storage }, rules);
  const references = visit.kept.map((kept) => kept.reference);
  const situation = { phase: 'over' as const, why, references, until: stamp.at + rules.goodbyeMs };
  return { situation, language: state.language, display: state.display, reader, spent, storage };
}

function stepTime(state: KioskState, stamp: Stamp, rules: VisitRules): KioskState {
  const { situation, reader } = state;
  switch (situation.phase) {
    case 'waiting':
      return situation.resetAt !== null && stamp.at >= situation.resetAt ? waitingState(state, rules) : state;
    case 'over':
      // A card left behind keeps the reminder on the glass until somebody takes it.
      return stamp.at >= situation.until && state.spent === null ? waitingState(state, rules) : state;
    case 'open': {
      const { visit } = situation;
      if (visit.place.at === 'keeping') return state;
      if (!visit.cover) {
        if (stamp.at - visit.activeAt < rules.idleMs) return state;
        return inVisit(state, () => ({ ...visit, cover: { kind: 'idle', until: stamp.at + rules.warningMs } }));
      }
      // A card that is back in time is read to the end; the card's process bounds how long that takes.
      const beingRead = visit.cover.kind === 'card_out' && isLooking(reader);
      if (stamp.at < visit.cover.until || beingRead) return state;
      return endVisit(state, visit.cover.kind === 'idle' ? 'idle' : 'card_out', stamp, rules);
    }
  }
}

/** Somebody chose a setting: at rest it is remembered for a while, in a visit it counts as activity. */
function touch(state: KioskState, stamp: Stamp, rules: VisitRules): KioskState {
  if (state.situation.phase === 'waiting') {
    return { ...state, situation: { phase: 'waiting', resetAt: stamp.at + rules.idleMs } };
  }
  return inVisit(state, (visit) => ({ ...visit, activeAt: stamp.at }));
}

function inVisit(state: KioskState, change: (visit: Visit) => Visit): KioskState {
  if (state.situation.phase !== 'open') return state;
  return { ...state, situation: { phase: 'open', visit: change(state.situation.visit) } };
}
