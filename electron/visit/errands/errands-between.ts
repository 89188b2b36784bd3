import { listUnanswered } from '../../file/seen-file.ts';
import type { KioskState, Visit, VisitCard } from '../state.ts';
import { readingOf } from '../steps/see-file.ts';
import { unnotedReading } from '../steps/see-suggestions.ts';
import type { ProfileErrand } from './run-profile.ts';

/** What a new state asks somebody else to do. Its outcome comes back as an event like any other. */
export type Errand =
  | { errand: 'keep'; visit: Visit }
  | { errand: 'recall_kept'; chipNumber: string }
  | { errand: 'check_revocation'; card: VisitCard }
  | { errand: 'prove_chip'; insertion: number; txId: string }
  | { errand: 'sign_in'; visit: Visit; insertion: number; attempt: string }
  | { errand: 'find_signer'; insertion: number; attempt: string }
  | { errand: 'prepare_document'; visit: Visit; insertion: number; attempt: string }
  | { errand: 'sign'; insertion: number; attempt: string }
  | { errand: 'forget_document'; attempt: string }
  /** Of the file, in the visit's name. */
  | { errand: 'read_file'; visit: Visit; reading: string; sources: readonly string[] }
  | { errand: 'stop_reading'; reading: string }
  | ProfileErrand
  | { errand: 'hand_over'; visit: Visit; attempt: string }
  | { errand: 'find_roles'; visit: Visit; token: string }
  /** That the terminal's own rules look at what was read. */
  | { errand: 'note_suggestions'; visit: Visit; reading: string }
  | { errand: 'end_grant'; visit: string; token: string }
  | { errand: 'seal_photo'; txId: string; field: string; shot: string }
  /** `photo`: one that was taken back; null: all of a form that will not be kept. */
  | { errand: 'discard_photos'; txId: string; photo: string | null };

/** The errands that begin with this step: each is for something that was not so before. */
export function errandsBetween(before: KioskState, after: KioskState): Errand[] {
  const now = visitOf(after);
  const old = visitOf(before);
  const left = [...forgetErrands(old, now), ...discardErrands(old, now), ...leaveFileErrands(old, now)];
  if (!now) return left;
  const same = old?.id === now.id ? old : null;
  return [
    ...left,
    ...keepErrand(same, now),
    ...cardErrands(same, now),
    ...pinErrands(same, now),
    ...sealErrands(same, now),
    ...fileErrands(same, now),
    ...takeErrand(same, now),
    ...profileErrands(same, now),
  ];
}

/** A document that was shown and will not be signed any more, with or without its visit. */
function forgetErrands(before: Visit | null, now: Visit | null): Errand[] {
  if (before?.place.at !== 'sign' || before.place.step.stage !== 'read') return [];
  const { attempt } = before.place;
  const goesOn = now?.id === before.id && now.place.at === 'sign' && now.place.attempt === attempt;
  return goesOn ? [] : [{ errand: 'forget_document', attempt }];
}

/** Photos of a form that was left, with or without its visit, and those that were taken back. What was kept stays. */
function discardErrands(before: Visit | null, now: Visit | null): Errand[] {
  const draft = before?.draft;
  if (!draft || (draft.attachments.length === 0 && draft.photo?.stage !== 'sealing')) return [];
  const { txId } = draft;
  const same = now?.draft?.txId === txId ? now.draft : null;
  if (!same) return now?.kept.some((kept) => kept.txId === txId) ? [] : [{ errand: 'discard_photos', txId, photo: null }];
  return draft.attachments
    .filter(({ id }) => !same.attachments.some((other) => other.id === id))
    .map(({ id }) => ({ errand: 'discard_photos', txId, photo: id }));
}

/** What is read for a card that left, or in a name that was laid down, is read no further; and a grant ends with its visit. */
function leaveFileErrands(before: Visit | null, now: Visit | null): Errand[] {
  if (!before) return [];
  const same = now?.id === before.id ? now : null;
  const errands: Errand[] = [];
  const reading = readingOf(before);
  if (reading !== null && (!same || readingOf(same) !== reading)) errands.push({ errand: 'stop_reading', reading });
  // The middleware ends all grants of a visit: the one that a newer takes the place of is left to its minutes.
  if (before.grant && !same?.grant) errands.push({ errand: 'end_grant', visit: before.id, token: before.grant.token });
  return errands;
}

function fileErrands(before: Visit | null, now: Visit): Errand[] {
  const errands: Errand[] = [];
  const { grant, file } = now;
  if (grant && grant.token !== before?.grant?.token) errands.push({ errand: 'find_roles', visit: now, token: grant.token });
  const reading = readingOf(now);
  if (file && reading !== null && (!before || readingOf(before) !== reading))
    errands.push({ errand: 'read_file', visit: now, reading, sources: file.sources.size > 0 ? listUnanswered(file) : file.asks });
  const unnoted = unnotedReading(now);
  if (unnoted !== null && (!before || unnotedReading(before) !== unnoted))
    errands.push({ errand: 'note_suggestions', visit: now, reading: unnoted });
  return errands;
}

function profileErrands(before: Visit | null, now: Visit): Errand[] {
  const { profile } = now;
  if (!profile) return [];
  const old = before?.profile ?? null;
  const { step, reading } = profile;
  const errands: Errand[] = [];
  if (profile.stage === 'asking' && old?.reading !== reading) errands.push({ errand: 'read_profile', visit: now, reading });
  const attempt = step?.stage === 'sending' || step?.stage === 'checking' ? step.attempt : null;
  const asked = old?.step && 'attempt' in old.step ? old.step.attempt : null;
  if (step && attempt !== null && attempt !== asked)
    errands.push({ errand: step.stage === 'sending' ? 'send_code' : 'check_code', visit: now, attempt });
  for (const made of profile.changes.slice(old?.changes.length ?? 0)) errands.push({ errand: 'keep_profile', visit: now, made });
  return errands;
}

function takeErrand(before: Visit | null, now: Visit): Errand[] {
  const { taking } = now;
  return taking && taking.attempt !== before?.taking?.attempt ? [{ errand: 'hand_over', visit: now, attempt: taking.attempt }] : [];
}

function sealErrands(before: Visit | null, { draft }: Visit): Errand[] {
  if (draft?.photo?.stage !== 'sealing') return [];
  const { txId } = draft;
  const { field, shot } = draft.photo;
  const old = before?.draft?.photo;
  return old?.stage === 'sealing' && old.shot === shot ? [] : [{ errand: 'seal_photo', txId, field, shot }];
}

function keepErrand(before: Visit | null, now: Visit): Errand[] {
  return now.place.at === 'keeping' && before?.place.at !== 'keeping' ? [{ errand: 'keep', visit: now }] : [];
}

function cardErrands(before: Visit | null, now: Visit): Errand[] {
  if (!now.card) return [];
  const { insertion } = now.card;
  const isNew = before?.card?.insertion !== insertion;
  const errands: Errand[] = [];
  if (!before?.card) errands.push({ errand: 'recall_kept', chipNumber: now.card.identity.chipNumber });
  if (isNew && now.findings.revocation === null) errands.push({ errand: 'check_revocation', card: now.card });
  const isNewlyWanted = now.place.at === 'proving_chip' && (isNew || before?.place.at !== 'proving_chip');
  if (isNewlyWanted && now.draft) errands.push({ errand: 'prove_chip', insertion, txId: now.draft.txId });
  return errands;
}

function pinErrands(before: Visit | null, now: Visit): Errand[] {
  const { place, card } = now;
  if (!card || (place.at !== 'sign_in' && place.at !== 'sign')) return [];
  const { insertion } = card;
  const { attempt } = place;
  const old = before?.place.at === place.at && before.place.attempt === attempt ? before.place : null;
  if (place.at === 'sign_in') return old ? [] : [{ errand: 'sign_in', visit: now, insertion, attempt }];
  if (!old)
    return [
      place.goal === 'open'
        ? { errand: 'find_signer', insertion, attempt }
        : { errand: 'prepare_document', visit: now, insertion, attempt },
    ];
  return old?.step.stage === 'read' && place.step.stage === 'pin' ? [{ errand: 'sign', insertion, attempt }] : [];
}

export function visitOf(state: KioskState): Visit | null {
  return state.situation.phase === 'open' ? state.situation.visit : null;
}
