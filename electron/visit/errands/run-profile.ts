import { v7 as uuidv7 } from 'uuid';
import { writeTicket } from '../../../contract/kept-record.ts';
import type { TerminalConfig } from '../../../contract/terminal-config.ts';
import type { TransactionContent } from '../../../contract/transaction.ts';
import { takeEvidence } from '../../forms/make-transaction.ts';
import { makeReference } from '../../outbox/reference.ts';
import type { ProfileAsker } from '../../profile/ask-profile.ts';
import type { MadeChange } from '../../profile/seen-profile.ts';
import type { KioskState, Visit, VisitEvent } from '../state.ts';
import type { ProfileNews } from '../steps/see-profile.ts';
import { trustOf } from '../steps/step-visit.ts';
import { createLookRecord, type LookParts } from './record-look.ts';

export type ProfileErrand =
  | { errand: 'read_profile'; visit: Visit; reading: string }
  | { errand: 'send_code'; visit: Visit; attempt: string }
  | { errand: 'check_code'; visit: Visit; attempt: string }
  | { errand: 'keep_profile'; visit: Visit; made: MadeChange };

export type RunProfileParts = LookParts & {
  /** Null where there is no identity: then nobody can sign in either. */
  profileAsker: ProfileAsker | null;
  state: () => KioskState;
  noteKept: (visit: string, txId: string) => void;
};

/** Reads and changes profiles. Each errand ends in news; none throws. */
export function createProfileRunner(parts: RunProfileParts): (errand: ProfileErrand) => Promise<void> {
  const { profileAsker, clock, log } = parts;
  const record = createLookRecord(parts);
  const tell = (news: ProfileNews) => parts.dispatch({ type: 'profile_news', news } satisfies VisitEvent);

  /** It is on the page only when the look is on the disk. */
  async function read({ visit, reading }: Extract<ProfileErrand, { errand: 'read_profile' }>): Promise<void> {
    if (!profileAsker || !visit.grant || !visit.card) return tell({ news: 'unknown', reading, why: 'no_line' });
    const reply = await profileAsker.read({ visit: visit.id, token: visit.grant.token });
    if (!reply.ok) return tell({ news: 'unknown', reading, why: reply.error });
    const subject = { kind: 'person' as const, ssin: visit.card.identity.nationalNumber };
    const look = { role: 'citizen' as const, subject, actingAs: { kind: 'self' as const }, purpose: 'own_file' as const };
    const isWritten = record(visit, { ...look, sources: ['profile'], kinds: ['register_data'] });
    tell(isWritten ? { news: 'known', reading, reply: reply.value } : { news: 'unknown', reading, why: 'not_recorded' });
  }

  async function sendCode({ visit, attempt }: Extract<ProfileErrand, { errand: 'send_code' }>): Promise<void> {
    const step = visit.profile?.step;
    if (!profileAsker || !visit.grant || step?.stage !== 'sending') return tell({ news: 'code_failed', attempt, why: 'no_line' });
    const to = { channel: step.channel, value: step.value, language: parts.state().language };
    const reply = await profileAsker.sendCode({ visit: visit.id, token: visit.grant.token }, to);
    tell(reply.ok ? { news: 'code_sent', attempt, reply: reply.value } : { news: 'code_failed', attempt, why: reply.error });
  }

  async function checkCode({ visit, attempt }: Extract<ProfileErrand, { errand: 'check_code' }>): Promise<void> {
    const step = visit.profile?.step;
    if (!profileAsker || !visit.grant || step?.stage !== 'checking') return tell({ news: 'code_failed', attempt, why: 'no_line' });
    const { verification, code } = step;
    const reply = await profileAsker.confirm({ visit: visit.id, token: visit.grant.token }, { verification, code });
    if (!reply.ok) return tell({ news: 'code_failed', attempt, why: reply.error });
    tell({ news: 'code_checked', attempt, reply: reply.value, ids: makeIds(parts.config) });
  }

  async function keep({ visit, made }: Extract<ProfileErrand, { errand: 'keep_profile' }>): Promise<void> {
    // The step that asked for this is finished first, and the page told that it is being kept.
    await null;
    const { txId } = made;
    const lane = visit.profile?.lane;
    const content = makeRecord(parts.config, visit, made, clock.wall());
    const kept = content && parts.outbox?.keep(content, lane === undefined ? {} : { lane });
    if (!kept?.ok) {
      log('not_kept', { reason: kept?.error ?? 'storage_failed' });
      if (kept) parts.dispatch({ type: 'storage', state: kept.error });
      return tell({ news: 'not_kept', txId });
    }
    log('kept');
    parts.noteKept(visit.id, txId);
    tell({ news: 'kept', txId, keptAt: kept.value.keptAt, proof: writeTicket(kept.value.ticket) });
    parts.sync?.wake();
  }

  return (errand) => {
    switch (errand.errand) {
      case 'read_profile':
        return read(errand);
      case 'send_code':
        return sendCode(errand);
      case 'check_code':
        return checkCode(errand);
      case 'keep_profile':
        return keep(errand);
    }
  };
}

export function makeIds({ municipality }: Pick<TerminalConfig, 'municipality'>): { txId: string; reference: string } {
  return { txId: uuidv7(), reference: makeReference(municipality.prefix) };
}

/** It travels like any request. Of the card no more than what proves who signed in; null: nobody did. */
export function makeRecord(config: TerminalConfig, visit: Visit, made: MadeChange, at: Date): TransactionContent | null {
  const { card, findings } = visit;
  if (!card || !findings.signIn) return null;
  return {
    txId: made.txId,
    reference: made.reference,
    product: 'profile',
    form: { id: 'profile', version: 1 },
    municipalityCode: config.municipality.code,
    // Of the administration and not of the page: it would stand beside somebody's choices for good (circular BA-2005/03).
    language: 'nl',
    trust: trustOf(visit),
    provisional: false,
    person: null,
    answers: {},
    profile: made.change,
    proof: card.proof,
    evidence: takeEvidence(card, { ...visit, draft: null }),
    attachments: [],
    openedAt: at.toISOString(),
    submittedAt: at.toISOString(),
  };
}
