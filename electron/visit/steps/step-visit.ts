import type { CardState } from '../../../contract/card.ts';
import { unreachable } from '../../../contract/result.ts';
import type { Trust } from '../../../contract/trust.ts';
import { markChange } from '../../profile/seen-profile.ts';
import {
  type EndReason,
  type KeptRequest,
  type KioskState,
  newVisit,
  type Scene,
  type Stamp,
  ticketsOf,
  type Visit,
  type VisitEvent,
  type VisitRules,
  withReceipt,
} from '../state.ts';
import { insertionOf, isLooking } from './card-facts.ts';
import { sayRefusal } from './enter-form.ts';
import { hearFileEnd, hearFileLine } from './see-file.ts';
import { hearProfile } from './see-profile.ts';
import { isOwnCard, seeReader, visibleReader } from './see-reader.ts';
import { hearNoted } from './see-suggestions.ts';
import { sendHome } from './send-home.ts';
import { meetCard, stepCardInVisit } from './step-card.ts';
import { stepPerson } from './step-person.ts';
import {
  hearCanSign,
  hearCardRevoked,
  hearChip,
  hearRevocation,
  hearSigned,
  hearSignedIn,
  hearSignInStep,
  hearSignStep,
  readInAnotherLanguage,
} from './step-pin.ts';
import { hearTaken } from './take-item.ts';
import { hearPhotoNotSealed, hearPhotoSealed } from './take-photo.ts';

/** The rung this visit stands on. A card that was read proves a card, not its holder; a PIN proves the holder. */
export function trustOf(visit: Visit): Trust {
  if (!visit.card) return 'anonymous';
  return visit.findings.signIn ? 'authenticated' : 'card_read';
}

/** The whole of a visit's rules: what is, and what happened, give what is next. Pure: no clock, no chance, no I/O. */
export function createVisitStep(rules: VisitRules): (state: KioskState, event: VisitEvent, stamp: Stamp) => KioskState {
  const take = createEventStep(rules);
  return (state, event, stamp) => inVisit(take(state, event, stamp), (visit) => sayRefusal(sendHome(visit, rules), stamp));
}

function createEventStep(rules: VisitRules): (state: KioskState, event: VisitEvent, stamp: Stamp) => KioskState {
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
        if (event.language === state.language) return touch(state, stamp, rules);
        return inVisit(touch({ ...state, language: event.language }, stamp, rules), (visit) => readInAnotherLanguage(visit, scene));
      case 'display':
        return touch({ ...state, display: event.display }, stamp, rules);
      case 'tick':
        return stepTime(state, stamp, rules);
      case 'received':
        return inVisit(hearOnGoodbye(state, event), (visit) =>
          changeKept(visit, event.txId, { receivedAt: event.receivedAt, receipt: event.receipt }),
        );
      case 'needs_attention':
        return inVisit(state, (visit) => changeKept(visit, event.txId, { needsAttention: true }));
      case 'recently_kept':
        return inVisit(state, (visit) =>
          visit.card?.identity.chipNumber === event.chipNumber ? { ...visit, recentlyKept: event.kept } : visit,
        );
      case 'kept':
        return finishKeeping(state, event, stamp, rules);
      case 'not_kept':
        return inVisit(state, (visit) =>
          visit.place.at === 'keeping' && visit.draft?.txId === event.txId
            ? { ...visit, place: { at: 'check', problem: event.problem } }
            : visit,
        );
      case 'stay':
        return inVisit(extendGoodbye(state, stamp, rules), (visit) => ({
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
        return inVisit(state, (visit) => hearSignedIn(visit, event, scene));
      case 'sign_step':
        return inVisit(state, (visit) => hearSignStep(visit, event.attempt, event.step, stamp.at));
      case 'signed':
        return inVisit(state, (visit) => hearSigned(visit, event.attempt, event.signed));
      case 'can_sign':
        return inVisit(state, (visit) => hearCanSign(visit, event.attempt, event.revocation, scene));
      case 'revocation':
        return inVisit(state, (visit) => hearRevocation(visit, event.chipNumber, event.revocation));
      case 'card_revoked':
        return inVisit(state, (visit) => hearCardRevoked(visit, event.chipNumber));
      case 'chip':
        return inVisit(state, (visit) => hearChip(visit, event, scene));
      case 'file_line':
        return inVisit(state, (visit) => hearFileLine(visit, event.reading, event.line));
      case 'file_end':
        return inVisit(state, (visit) => hearFileEnd(visit, event));
      case 'profile_news':
        return inVisit(state, (visit) => hearProfile(visit, event.news, stamp.at));
      case 'roles_known':
        return inVisit(state, (visit) => (visit.grant?.token === event.token ? { ...visit, roles: event.roles } : visit));
      case 'suggestions_noted':
        return inVisit(state, (visit) => hearNoted(visit, event.reading));
      case 'item_taken':
        return inVisit(state, (visit) => hearTaken(visit, event.attempt, event.step));
      case 'photo_sealed':
        return inVisit(state, (visit) => hearPhotoSealed(visit, event.shot, event.attachment));
      case 'photo_not_sealed':
        return inVisit(state, (visit) => hearPhotoNotSealed(visit, event.shot, event.problem));
      case 'continue':
      case 'file':
      case 'file_again':
      case 'renew':
      case 'roles':
      case 'suggestions':
      case 'take_item':
      case 'leave_item':
      case 'act_as':
      case 'profile':
      case 'catalogue':
      case 'card_again':
      case 'product':
      case 'open':
      case 'answer':
      case 'back':
      case 'change':
      case 'find_street':
      case 'row':
      case 'row_remove':
      case 'send':
      case 'photo':
      case 'photo_remove':
      case 'sign_in':
      case 'sign_in_again':
      case 'sign_in_leave':
      case 'sign':
      case 'sign_again':
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
  const stage = change.needsAttention ? 'needs_attention' : 'received';
  const { receipt = null } = change;
  const profile = visit.profile && markChange(visit.profile, txId, { stage, receipt });
  const earlier = visit.earlier && { ...visit.earlier, tickets: withReceipt(visit.earlier.tickets, txId, receipt) };
  return { ...visit, profile, earlier, kept: visit.kept.map((kept) => (kept.txId === txId ? { ...kept, ...change } : kept)) };
}

function finishKeeping(
  state: KioskState,
  event: { txId: string; keptAt: string; proof: string },
  stamp: Stamp,
  rules: VisitRules,
): KioskState {
  if (state.situation.phase !== 'open') return state;
  const { visit } = state.situation;
  const { draft } = visit;
  if (visit.place.at !== 'keeping' || draft?.txId !== event.txId) return state;
  const kept: KeptRequest = {
    txId: draft.txId,
    reference: draft.reference,
    form: draft.form,
    proof: event.proof,
    keptAt: event.keptAt,
    cents: draft.cents,
    signedIn: visit.findings.signIn !== null,
    receivedAt: null,
    receipt: null,
    needsAttention: false,
  };
  const next: Visit = { ...visit, draft: null, kept: [...visit.kept, kept], place: { at: 'kept', txId: draft.txId } };
  const after = inVisit(state, () => next);
  // Whoever took the card while it was being kept has gone: the goodbye page holds the reference, without a cover over it.
  return next.cover?.kind === 'card_out' ? endVisit(after, 'card_out', stamp, rules) : after;
}

// --- the card ---

function stepCard(before: KioskState, reader: CardState, stamp: Stamp, rules: VisitRules): KioskState {
  const state = seeReader(before, reader);
  const { situation, spent } = state;
  const isIn = insertionOf(reader) !== null;
  const fresh = isIn && spent === null;
  switch (situation.phase) {
    case 'waiting':
      return fresh ? beginWithCard(state, { rules, stamp }) : state;
    case 'over':
      if (fresh) return beginWithCard({ ...state, ...restSettings(rules) }, { rules, stamp });
      // The card has just been taken: the references stay readable for as long as a goodbye lasts.
      return before.spent !== null && spent === null ? extendGoodbye(state, stamp, rules) : state;
    case 'open': {
      const visit = stepCardInVisit(situation.visit, isIn ? visibleReader(state) : reader, { rules, stamp });
      return visit ? { ...state, situation: { phase: 'open', visit } } : endVisit(state, 'card_out', stamp, rules);
    }
  }
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
  // A card that took the place of this visit's is the next person's.
  const own = isOwnCard(visit.card, state.reader);
  const spent = own === 'no' ? state.spent : (state.spent ?? insertion);
  const reader = wipeReader(state.reader, spent, own === 'yes');
  const tickets = ticketsOf(visit);
  // Who only put a card in and took it out again needs no goodbye.
  if (why === 'card_out' && tickets.length === 0 && visit.draft === null) return waitingState({ reader, spent, storage }, rules);
  const situation = { phase: 'over' as const, why, tickets, until: stamp.at + rules.goodbyeMs };
  return { situation, language: state.language, display: state.display, reader, spent, storage };
}

/** What is left of the reader's news when a visit ends: that a card is in, and whether it is surely the visit's. */
function wipeReader(reader: CardState, spent: number | null, sure: boolean): CardState {
  const insertion = insertionOf(reader);
  if (insertion === null || reader.state === 'left_in') return reader;
  return spent === null ? { state: 'reading', insertion } : { state: 'left_in', insertion, sure };
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

/** What was received when its person is about to go: its code on the goodbye page says so from then on. */
function hearOnGoodbye(state: KioskState, { txId, receipt }: { txId: string; receipt: string | null }): KioskState {
  const { situation } = state;
  if (situation.phase !== 'over') return state;
  return { ...state, situation: { ...situation, tickets: withReceipt(situation.tickets, txId, receipt) } };
}

/** The goodbye page has its whole time again. */
function extendGoodbye(state: KioskState, stamp: Stamp, rules: VisitRules): KioskState {
  if (state.situation.phase !== 'over') return state;
  return { ...state, situation: { ...state.situation, until: stamp.at + rules.goodbyeMs } };
}

/** Somebody chose a setting: at rest it is remembered for a while, in a visit and after it somebody is there. */
function touch(state: KioskState, stamp: Stamp, rules: VisitRules): KioskState {
  if (state.situation.phase === 'waiting') {
    return { ...state, situation: { phase: 'waiting', resetAt: stamp.at + rules.idleMs } };
  }
  return inVisit(extendGoodbye(state, stamp, rules), (visit) => ({ ...visit, activeAt: stamp.at }));
}

function inVisit(state: KioskState, change: (visit: Visit) => Visit): KioskState {
  if (state.situation.phase !== 'open') return state;
  return { ...state, situation: { phase: 'open', visit: change(state.situation.visit) } };
}
