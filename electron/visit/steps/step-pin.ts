import type { PinProblem } from '../../../contract/view.ts';
import type { Asked, ChipNews, Place, Scene, Signed, SignInStep, SignStep, Visit, VisitEvent } from '../state.ts';
import { enterWanted, leaveUnopened, refuseCard } from './enter-form.ts';

/** Signing in and signing: what a press does, and what news of the card and the middleware does. */

type SignInPlace = Extract<Place, { at: 'sign_in' }>;
type SignedIn = Omit<Extract<VisitEvent, { type: 'signed_in' }>, 'type'>;
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
  return visit.card ? { ...visit, place: { at: 'sign', attempt: stamp.freshId, goal: 'sign', step: { stage: 'preparing' } } } : visit;
}

/** A new attempt from its start: the card may be another insertion by now, and the challenge too old. */
export function tryAgain(visit: Visit, at: 'sign_in' | 'sign', { stamp }: Scene): Visit {
  const { place } = visit;
  if ((place.at !== 'sign_in' && place.at !== 'sign') || place.at !== at || place.step.stage !== 'problem') return visit;
  if (!canTryAgain(place.step.problem)) return visit;
  return { ...visit, place: { ...place, attempt: stamp.freshId, step: { stage: 'preparing' } } };
}

export function leaveSignIn(visit: Visit): Visit {
  const { place } = visit;
  if (place.at !== 'sign_in' || waitsAtReader(place)) return visit;
  if (place.goal === 'confirm') return { ...visit, place: { at: 'check', problem: null } };
  // What was read stays where it was.
  return place.from === 'file' && visit.file ? { ...visit, wanted: null, place: { at: 'file' } } : leaveUnopened(visit);
}

/** A document is made in one language: in another it is another document, to be read and signed anew. */
export function readInAnotherLanguage(before: Visit, { stamp }: Scene): Visit {
  const visit = before.draft?.signed ? { ...before, draft: { ...before.draft, signed: null } } : before;
  const { place } = visit;
  if (place.at !== 'sign' || place.goal !== 'sign' || (place.step.stage !== 'read' && place.step.stage !== 'preparing')) return visit;
  return { ...visit, place: { ...place, attempt: stamp.freshId, step: { stage: 'preparing' } } };
}

export function startSigning(visit: Visit): Visit {
  const { place } = visit;
  if (place.at !== 'sign' || place.step.stage !== 'read') return visit;
  return { ...visit, place: { ...place, step: { ...place.step, stage: 'pin' } } };
}

export function leaveSigning(visit: Visit): Visit {
  const { place } = visit;
  if (place.at !== 'sign' || waitsAtReader(place)) return visit;
  return place.goal === 'sign' ? { ...visit, place: { at: 'check', problem: null } } : leaveUnopened(visit);
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

export function hearSignedIn(visit: Visit, { attempt, evidence, grant }: SignedIn, { rules, stamp }: Scene): Visit {
  const place = signInOf(visit, attempt);
  if (!place) return visit;
  const known: Visit = {
    ...visit,
    activeAt: stamp.at,
    findings: { ...visit.findings, signIn: evidence },
    grant: grant ? { token: grant.token, until: stamp.at + grant.expiresInMs } : visit.grant,
  };
  return place.goal === 'confirm' ? { ...known, place: { at: 'check', problem: null } } : enterWanted(known, rules.forms, stamp);
}

/** The product opens; what is known of the certificate now is asked again at the signature only where it was not good. */
export function hearCanSign(visit: Visit, attempt: string, signer: Asked, { rules, stamp }: Scene): Visit {
  if (signOf(visit, attempt)?.goal !== 'open') return visit;
  return enterWanted({ ...visit, activeAt: stamp.at, findings: { ...visit.findings, signer } }, rules.forms, stamp);
}

export function hearSigned(visit: Visit, attempt: string, signed: Signed): Visit {
  if (signOf(visit, attempt)?.goal !== 'sign' || !visit.draft) return visit;
  return { ...visit, draft: { ...visit.draft, signed }, place: { at: 'keeping' } };
}

/** A National Register certificate that was revoked proves nothing: what the card filled in is taken back. */
export function hearRevocation(visit: Visit, chipNumber: string, revocation: Asked): Visit {
  if (revocation !== 'no_line' && revocation.status === 'revoked') return hearCardRevoked(visit, chipNumber);
  if (visit.card?.identity.chipNumber !== chipNumber) return visit;
  return { ...visit, findings: { ...visit.findings, revocation } };
}

/** Whoever has the card now: what it filled in is taken back. */
export function hearCardRevoked(visit: Visit, chipNumber: string): Visit {
  return visit.card?.identity.chipNumber === chipNumber ? { ...visit, refusal: 'revoked' } : visit;
}

/** `null`: the card did not answer, though it is in. `gone`: it is not; the reader's own news says what that means. */
export function hearChip(visit: Visit, news: { insertion: number; txId: string; chip: ChipNews }, { rules, stamp }: Scene): Visit {
  const { insertion, txId, chip } = news;
  if (visit.card?.insertion !== insertion || visit.place.at !== 'proving_chip' || visit.draft?.txId !== txId) return visit;
  if (chip === 'gone') return leaveUnopened(visit);
  if (chip === null) return refuseCard(visit, 'unreadable', stamp);
  return enterWanted(
    { ...visit, findings: { ...visit.findings, chip: { txId, outcome: chip.outcome, evidence: chip.evidence } } },
    rules.forms,
    stamp,
  );
}

function signInOf({ place }: Visit, attempt: string): SignInPlace | null {
  return place.at === 'sign_in' && place.attempt === attempt ? place : null;
}

function signOf({ place }: Visit, attempt: string): SignPlace | null {
  return place.at === 'sign' && place.attempt === attempt ? place : null;
}
