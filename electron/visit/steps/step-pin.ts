import type { Revocation, SignedDocument, SignInEvidence } from '../../../contract/evidence.ts';
import type { PinProblem } from '../../../contract/view.ts';
import type { ChipNews, Place, Scene, SignInStep, SignStep, Visit } from '../state.ts';
import { enterWanted, refuseCard } from './enter-form.ts';

/** Signing in and signing: what a press does, and what news of the card and the middleware does. */

type SignInPlace = Extract<Place, { at: 'sign_in' }>;
type SignPlace = Extract<Place, { at: 'sign' }>;

/** Problems that stay what they are, however often somebody tries. */
const final: ReadonlySet<PinProblem> = new Set([
  'pin_blocked',
  'no_certificate',
  'no_way',
  'unsupported',
  'certificate_not_proven',
  'certificate_expired',
  'revoked',
]);

export function canTryAgain(problem: PinProblem): boolean {
  return !final.has(problem);
}

export function beginConfirming(visit: Visit, { rules, stamp }: Scene): Visit {
  const form = visit.draft && rules.forms.get(visit.draft.form);
  if (visit.place.at !== 'check' || !visit.card || !form?.pinConfirms || visit.findings.signIn) return visit;
  return { ...visit, place: { at: 'sign_in', attempt: stamp.freshId, goal: 'confirm', step: { stage: 'preparing' } } };
}

export function beginSigning(visit: Visit, { stamp }: Scene): Visit {
  return visit.card ? { ...visit, place: { at: 'sign', attempt: stamp.freshId, step: { stage: 'preparing' } } } : visit;
}

/** A new attempt from its start: the card may be another insertion by now, and the challenge too old. */
export function tryAgain(visit: Visit, { stamp }: Scene): Visit {
  const { place } = visit;
  if ((place.at !== 'sign_in' && place.at !== 'sign') || place.step.stage !== 'problem') return visit;
  if (!canTryAgain(place.step.problem)) return visit;
  return { ...visit, place: { ...place, attempt: stamp.freshId, step: { stage: 'preparing' } } };
}

export function leaveSignIn(visit: Visit): Visit {
  const { place } = visit;
  if (place.at !== 'sign_in' || waitsAtReader(place)) return visit;
  // Nothing was filled in yet: whoever takes the card now may simply go.
  const draft = visit.draft && Object.keys(visit.draft.answers).length > 0 ? visit.draft : null;
  return place.goal === 'confirm'
    ? { ...visit, place: { at: 'check', problem: null } }
    : { ...visit, draft, wanted: null, place: { at: 'catalogue' } };
}

/** A document is made in one language: in another it is another document, to be read again. */
export function readInAnotherLanguage(visit: Visit, { stamp }: Scene): Visit {
  const { place } = visit;
  if (place.at !== 'sign' || place.step.stage !== 'read') return visit;
  return { ...visit, place: { ...place, attempt: stamp.freshId, step: { stage: 'preparing' } } };
}

export function startSigning(visit: Visit, scene: Scene): Visit {
  const { place } = visit;
  if (place.at !== 'sign') return visit;
  if (place.step.stage === 'problem') return tryAgain(visit, scene);
  if (place.step.stage !== 'read') return visit;
  return { ...visit, place: { ...place, step: { ...place.step, stage: 'pin' } } };
}

export function leaveSigning(visit: Visit): Visit {
  const { place } = visit;
  return place.at === 'sign' && !waitsAtReader(place) ? { ...visit, place: { at: 'check', problem: null } } : visit;
}

/** The library waits for keys that this page does not see: only they, or the end of the visit, make it stop. */
export function waitsAtReader(place: Place): boolean {
  return (place.at === 'sign_in' || place.at === 'sign') && place.step.stage === 'pin' && place.step.way !== 'pin_view';
}

// --- news ---

export function hearSignInStep(visit: Visit, attempt: string, step: SignInStep, at: number): Visit {
  const place = signInOf(visit, attempt);
  return place ? { ...visit, activeAt: at, place: { ...place, step } } : visit;
}

export function hearSignStep(visit: Visit, attempt: string, step: SignStep, at: number): Visit {
  const place = signOf(visit, attempt);
  return place ? { ...visit, activeAt: at, place: { ...place, step } } : visit;
}

export function hearSignedIn(visit: Visit, attempt: string, signIn: SignInEvidence, { rules, stamp }: Scene): Visit {
  const place = signInOf(visit, attempt);
  if (!place) return visit;
  const known: Visit = { ...visit, activeAt: stamp.at, findings: { ...visit.findings, signIn } };
  return place.goal === 'confirm' ? { ...known, place: { at: 'check', problem: null } } : enterWanted(known, rules.forms, stamp);
}

export function hearSigned(visit: Visit, attempt: string, document: SignedDocument): Visit {
  if (!signOf(visit, attempt) || !visit.draft) return visit;
  return { ...visit, draft: { ...visit.draft, signed: document }, place: { at: 'keeping' } };
}

/** A National Register certificate that was revoked proves nothing: what the card filled in is taken back. */
export function hearRevocation(visit: Visit, insertion: number, revocation: Revocation, { stamp }: Scene): Visit {
  if (visit.card?.insertion !== insertion || visit.place.at === 'keeping') return visit;
  if (revocation.status !== 'revoked') return { ...visit, findings: { ...visit.findings, revocation } };
  return refuseCard('revoked', stamp);
}

/** `null`: the card did not answer, though it is in. `gone`: it is not; the reader's own news says what that means. */
export function hearChip(visit: Visit, insertion: number, chip: ChipNews, { rules, stamp }: Scene): Visit {
  if (visit.card?.insertion !== insertion || visit.place.at !== 'proving_chip') return visit;
  if (chip === 'gone') return { ...visit, wanted: null, place: { at: 'catalogue' } };
  if (chip === null) return refuseCard('unreadable', stamp);
  return enterWanted({ ...visit, findings: { ...visit.findings, chip } }, rules.forms, stamp);
}

function signInOf({ place }: Visit, attempt: string): SignInPlace | null {
  return place.at === 'sign_in' && place.attempt === attempt ? place : null;
}

function signOf({ place }: Visit, attempt: string): SignPlace | null {
  return place.at === 'sign' && place.attempt === attempt ? place : null;
}
