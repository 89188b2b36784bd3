import { writeTicket } from '../../../contract/kept-record.ts';
import { refuse, unreachable } from '../../../contract/result.ts';
import type { TerminalConfig } from '../../../contract/terminal-config.ts';
import type { Audit } from '../../audit/audit.ts';
import type { Catalogue } from '../../catalogue/load-catalogue.ts';
import type { Clock } from '../../clock.ts';
import type { FileAsker } from '../../file/ask-file.ts';
import type { Form } from '../../forms/load-forms.ts';
import { makeTransaction } from '../../forms/make-transaction.ts';
import type { CardSupervisor } from '../../identity/card-supervisor.ts';
import type { Log } from '../../log.ts';
import type { Outbox } from '../../outbox/outbox.ts';
import type { RecentCards } from '../../outbox/recent-card.ts';
import type { ProfileAsker } from '../../profile/ask-profile.ts';
import type { Counter } from '../../sync/counter.ts';
import type { Sync } from '../../sync/sync.ts';
import type { KioskState, Visit, VisitEvent } from '../state.ts';
import { type Errand, visitOf } from './errands-between.ts';
import { handOver, type TakeAlong } from './hand-over.ts';
import type { Photos } from './photos.ts';
import type { PinEntry } from './pin-entry.ts';
import { createFileReading } from './read-file.ts';
import { createProfileRunner } from './run-profile.ts';
import { runSignIn, trouble } from './run-sign-in.ts';
import { createSigning } from './run-signing.ts';

export type ErrandParts = {
  config: TerminalConfig;
  forms: ReadonlyMap<string, Form>;
  outbox: Pick<Outbox, 'keep'> | null;
  recentCards: Pick<RecentCards, 'remember' | 'recall'>;
  sync: Pick<Sync, 'wake'> | null;
  counter: Counter;
  fileAsker: FileAsker | null;
  profileAsker: ProfileAsker | null;
  takeAlong?: TakeAlong | undefined;
  catalogue: Pick<Catalogue, 'suggestions'>;
  card: Pick<CardSupervisor, 'prepare' | 'signIn' | 'sign' | 'proveChip'>;
  pinEntry: PinEntry;
  photos: Pick<Photos, 'seal' | 'discard'>;
  clock: Clock;
  log: Log;
  record: (visit: string | null, event: Parameters<Audit['write']>[1]) => void;
  state: () => KioskState;
  dispatch: (event: VisitEvent) => void;
};

/** Carries out what a state asks for. Each errand ends in an event; none throws. */
export function createErrandRunner(parts: ErrandParts): (errand: Errand) => void {
  const { card, counter, clock, log, dispatch } = parts;
  const signing = createSigning(parts);
  const file = createFileReading(parts);
  const runProfile = createProfileRunner({
    ...parts,
    noteKept: (visit, txId) => parts.record(visit, { event: 'transaction_kept', txId }),
  });

  function run(errand: Exclude<Errand, { errand: 'forget_document' }>): Promise<void> {
    switch (errand.errand) {
      case 'keep':
        return keep(errand.visit);
      case 'recall_kept':
        return recallKept(errand);
      case 'check_revocation':
        return checkRevocation(errand);
      case 'prove_chip':
        return proveChip(errand);
      case 'sign_in':
        return signIn(errand);
      case 'find_signer':
        return signing.findSigner(errand);
      case 'prepare_document':
        return signing.prepare(errand);
      case 'sign':
        return signing.sign(errand);
      case 'read_file':
        return file.read(errand);
      case 'stop_reading':
        return file.stop(errand);
      case 'read_profile':
      case 'send_code':
      case 'check_code':
      case 'keep_profile':
        return runProfile(errand);
      case 'hand_over':
        return takeAlong(errand);
      case 'find_roles':
        return file.findRoles(errand);
      case 'note_suggestions':
        return file.noteSuggestions(errand);
      case 'end_grant':
        return file.endGrant(errand);
      case 'seal_photo':
        return parts.photos.seal(errand);
      case 'discard_photos':
        return discard(errand);
      default:
        return unreachable(errand);
    }
  }

  async function keep(visit: Visit): Promise<void> {
    // The step that asked for this is finished first, and the page told that it is being kept.
    await null;
    const draft = visit.draft;
    const form = draft && parts.forms.get(draft.form);
    if (!draft || !form) return;
    const made = makeTransaction({
      visit,
      form,
      municipalityCode: parts.config.municipality.code,
      language: parts.state().language,
      submittedAt: clock.wall(),
    });
    if (!made.ok) {
      log('not_kept', { reason: made.error });
      dispatch({ type: 'not_kept', txId: draft.txId, problem: 'invalid' });
      return;
    }
    const kept = parts.outbox ? parts.outbox.keep(made.value, {}) : refuse('storage_failed' as const);
    if (!kept.ok) {
      log('not_kept', { reason: kept.error });
      dispatch({ type: 'storage', state: kept.error });
      dispatch({ type: 'not_kept', txId: draft.txId, problem: kept.error });
      return;
    }
    const { txId, reference, keptAt, ticket } = kept.value;
    // Before all else: after a crash between keeping and this, whoever comes back is not told of it, and may send it twice.
    if (visit.card) parts.recentCards.remember(visit.card.identity.chipNumber, { reference, keptAt, form: draft.form });
    log('kept');
    // Here and not where the screen changes: it is kept whether or not somebody still stands there.
    parts.record(visit.id, { event: 'transaction_kept', txId });
    dispatch({ type: 'storage', state: 'ok' });
    dispatch({ type: 'kept', txId, keptAt, proof: writeTicket(ticket) });
    parts.sync?.wake();
  }

  /** After a crash nothing goes on, and whoever puts the same card back is told what had been kept. */
  async function recallKept({ chipNumber }: Extract<Errand, { errand: 'recall_kept' }>): Promise<void> {
    const kept = parts.recentCards.recall(chipNumber);
    if (kept.length > 0) dispatch({ type: 'recently_kept', chipNumber, kept });
  }

  async function takeAlong({ visit, attempt }: Extract<Errand, { errand: 'hand_over' }>): Promise<void> {
    const nothing: TakeAlong = { printer: null, ask: null };
    const step = await handOver(parts.takeAlong ?? nothing, visit, { language: parts.state().language, clock });
    log('item_taken', { problem: step.stage === 'problem' ? step.problem : null });
    dispatch({ type: 'item_taken', attempt, step });
  }

  async function checkRevocation({ card: read }: Extract<Errand, { errand: 'check_revocation' }>): Promise<void> {
    const answer = await counter.askRevocation(read.evidence.nationalRegisterCertificate, null);
    log('revocation', answer.ok ? { status: answer.value.status, source: answer.value.source } : { status: answer.error });
    dispatch({ type: 'revocation', chipNumber: read.identity.chipNumber, revocation: answer.ok ? answer.value : answer.error });
  }

  async function proveChip({ insertion, txId }: Extract<Errand, { errand: 'prove_chip' }>): Promise<void> {
    const answer = await card.proveChip(insertion, txId);
    log('chip', { outcome: answer.answer === 'chip' ? answer.outcome : 'no_answer' });
    const gone = answer.answer === 'problem' && answer.problem === 'card_gone';
    dispatch({ type: 'chip', insertion, txId, chip: answer.answer === 'chip' ? answer : gone ? 'gone' : null });
  }

  /** What a disk refuses to give up now goes at the next start. */
  async function discard(errand: Extract<Errand, { errand: 'discard_photos' }>): Promise<void> {
    parts.photos.discard(errand);
  }

  async function signIn({ visit, insertion, attempt }: Extract<Errand, { errand: 'sign_in' }>): Promise<void> {
    const isWanted = () => {
      const place = visitOf(parts.state())?.place;
      return place?.at === 'sign_in' && place.attempt === attempt;
    };
    const { middleware } = parts.config;
    const outcome = await runSignIn(insertion, {
      card,
      counter,
      origin: middleware.origin ?? new URL(middleware.url).origin,
      visit: visit.id,
      pinEntry: parts.pinEntry,
      tell: (step) => dispatch({ type: 'sign_in_step', attempt, step }),
      isWanted,
    });
    const problem = 'stage' in outcome ? outcome.problem : null;
    log('sign_in', { problem });
    // Of an attempt that was left nothing came of it, and its visit may have ended.
    if (isWanted()) parts.record(visit.id, problem === null ? { event: 'signed_in' } : { event: 'sign_in_failed', problem });
    if (problem === 'revoked' && visit.card) dispatch({ type: 'card_revoked', chipNumber: visit.card.identity.chipNumber });
    if ('stage' in outcome) dispatch({ type: 'sign_in_step', attempt, step: outcome });
    else dispatch({ type: 'signed_in', attempt, ...outcome });
  }

  return (errand) => {
    if (errand.errand === 'forget_document') return signing.forget(errand.attempt);
    run(errand).catch(() => {
      log('errand_failed', { errand: errand.errand });
      const news = afterFailure(errand);
      if (news) dispatch(news);
    });
  };
}

/** What an errand that broke by our own mistake leaves: a way on for whoever stands there. */
function afterFailure(errand: Errand): VisitEvent | null {
  switch (errand.errand) {
    case 'keep':
      return errand.visit.draft && { type: 'not_kept', txId: errand.visit.draft.txId, problem: 'storage_failed' };
    case 'prove_chip':
      return { type: 'chip', insertion: errand.insertion, txId: errand.txId, chip: null };
    case 'sign_in':
      return { type: 'sign_in_step', attempt: errand.attempt, step: trouble('failed') };
    case 'find_signer':
    case 'prepare_document':
    case 'sign':
      return { type: 'sign_step', attempt: errand.attempt, step: trouble('failed') };
    case 'seal_photo':
      return { type: 'photo_not_sealed', shot: errand.shot, problem: 'storage_failed' };
    case 'hand_over':
      return { type: 'item_taken', attempt: errand.attempt, step: { stage: 'problem', problem: 'no_line' } };
    case 'read_file':
      return { type: 'file_end', reading: errand.reading, end: 'no_line' };
    case 'read_profile':
      return { type: 'profile_news', news: { news: 'unknown', reading: errand.reading, why: 'no_line' } };
    case 'send_code':
    case 'check_code':
      return { type: 'profile_news', news: { news: 'code_failed', attempt: errand.attempt, why: 'no_line' } };
    case 'keep_profile':
      return { type: 'profile_news', news: { news: 'not_kept', txId: errand.made.txId } };
    case 'stop_reading':
    case 'find_roles':
    case 'note_suggestions':
    case 'end_grant':
    case 'recall_kept':
    case 'check_revocation':
    case 'forget_document':
    case 'discard_photos':
      return null;
    default:
      return unreachable(errand);
  }
}
