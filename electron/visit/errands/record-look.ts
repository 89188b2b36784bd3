import { v7 as uuidv7 } from 'uuid';
import type { Consultation } from '../../../contract/consultation.ts';
import type { TerminalConfig } from '../../../contract/terminal-config.ts';
import type { TransactionContent } from '../../../contract/transaction.ts';
import type { Clock } from '../../clock.ts';
import { takeEvidence } from '../../forms/make-transaction.ts';
import type { Log } from '../../log.ts';
import type { Outbox } from '../../outbox/outbox.ts';
import { makeReference } from '../../outbox/reference.ts';
import type { Sync } from '../../sync/sync.ts';
import type { KioskState, Visit, VisitEvent } from '../state.ts';
import { trustOf } from '../steps/step-visit.ts';

export type LookParts = {
  config: TerminalConfig;
  outbox: Pick<Outbox, 'keep'> | null;
  sync: Pick<Sync, 'wake'> | null;
  clock: Clock;
  log: Log;
  state: () => KioskState;
  dispatch: (event: VisitEvent) => void;
};

/** What was looked at, and why. `at`: when, where that was before this is written. */
export type Look = Pick<Consultation, 'role' | 'subject' | 'actingAs' | 'purpose' | 'sources' | 'kinds'> & { at?: string };

export type RecordLook = (visit: Visit, look: Look) => boolean;

/** Writes down a look at somebody's data, like any transaction. False: it could not be kept, so nothing may be shown of it. */
export function createLookRecord(parts: LookParts): RecordLook {
  return (visit, { at = parts.clock.wall().toISOString(), ...look }) => {
    if (!visit.card || !parts.outbox) return false;
    const consultation: Consultation = {
      ...look,
      terminal: parts.config.terminal,
      visit: visit.id,
      at,
      by: look.role === 'suggestions' ? null : visit.card.identity.nationalNumber,
    };
    const kept = parts.outbox.keep(makeRecord(parts, visit, consultation), {});
    if (!kept.ok) {
      parts.log('not_kept', { reason: kept.error });
      parts.dispatch({ type: 'storage', state: kept.error });
      return false;
    }
    parts.sync?.wake();
    return true;
  };
}

/** It travels like any request, and asks for nothing. */
function makeRecord({ config, clock }: LookParts, visit: Visit, consultation: Consultation): TransactionContent {
  return {
    txId: uuidv7(),
    reference: makeReference(config.municipality.prefix),
    product: 'consultation',
    form: { id: 'consultation', version: 1 },
    municipalityCode: config.municipality.code,
    // Of the administration and not of the page: it would stand beside somebody's looks for good (circular BA-2005/03).
    language: 'nl',
    trust: trustOf(visit),
    provisional: visit.findings.signIn === null,
    person: null,
    answers: {},
    actingAs: consultation.actingAs,
    consultation,
    proof: visit.card?.proof ?? null,
    evidence: visit.card ? takeEvidence(visit.card, visit) : null,
    attachments: [],
    openedAt: consultation.at,
    submittedAt: clock.wall().toISOString(),
  };
}
