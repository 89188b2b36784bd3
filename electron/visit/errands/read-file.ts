import { v7 as uuidv7 } from 'uuid';
import type { Consultation } from '../../../contract/consultation.ts';
import type { FileLine } from '../../../contract/file.ts';
import type { FileEnd } from '../../../contract/file-view.ts';
import type { TerminalConfig } from '../../../contract/terminal-config.ts';
import type { TransactionContent } from '../../../contract/transaction.ts';
import type { Clock } from '../../clock.ts';
import type { FileAsker } from '../../file/ask-file.ts';
import { takeEvidence } from '../../forms/make-transaction.ts';
import type { Log } from '../../log.ts';
import type { Outbox } from '../../outbox/outbox.ts';
import { makeReference } from '../../outbox/reference.ts';
import type { Sync } from '../../sync/sync.ts';
import type { KioskState, Visit, VisitEvent } from '../state.ts';
import { actingAsOf } from '../steps/see-file.ts';
import { trustOf } from '../steps/step-visit.ts';
import { type Errand, visitOf } from './errands-between.ts';

export type ReadFileParts = {
  config: TerminalConfig;
  /** Null where there is no identity: then nobody can sign in either. */
  fileAsker: FileAsker | null;
  outbox: Pick<Outbox, 'keep'> | null;
  sync: Pick<Sync, 'wake'> | null;
  clock: Clock;
  log: Log;
  state: () => KioskState;
  dispatch: (event: VisitEvent) => void;
};

type ErrandOf<E extends Errand['errand']> = Extract<Errand, { errand: E }>;

export type FileReading = {
  read(errand: ErrandOf<'read_file'>): Promise<void>;
  stop(errand: ErrandOf<'stop_reading'>): void;
  findRoles(errand: ErrandOf<'find_roles'>): Promise<void>;
  endGrant(errand: ErrandOf<'end_grant'>): Promise<void>;
};

/** Reads files. No item reaches the visit before its reading has been written down, sealed and on disk. */
export function createFileReading(parts: ReadFileParts): FileReading {
  const { fileAsker, log, dispatch } = parts;
  let underWay: { reading: string; stop: AbortController } | null = null;

  async function read({ visit, reading, sources }: ErrandOf<'read_file'>): Promise<void> {
    underWay?.stop.abort();
    const stop = new AbortController();
    underWay = { reading, stop };
    const end = await ask(visit, reading, sources, stop);
    if (stop.signal.aborted) return;
    underWay = null;
    log('file_read', { end });
    dispatch({ type: 'file_end', reading, end });
  }

  async function ask(visit: Visit, reading: string, sources: readonly string[], stop: AbortController): Promise<FileEnd> {
    if (!fileAsker || !visit.grant) return 'no_line';
    /** Null: who is asked has not been said yet, so nobody may answer. */
    let recorded: boolean | null = null;
    const unrecorded = new AbortController();
    const tell = (line: FileLine) => {
      if (stop.signal.aborted) return;
      if (line.line === 'sources') recorded = record(visit, line);
      if (recorded) dispatch({ type: 'file_line', reading, line });
      else if (recorded === false) unrecorded.abort();
    };
    const { token } = visit.grant;
    const signal = AbortSignal.any([stop.signal, unrecorded.signal]);
    const end = await fileAsker.read({ visit: visit.id, token, actingAs: actingAsOf(visit), sources }, tell, signal);
    return recorded === false ? 'not_recorded' : end;
  }

  /** False: it could not be kept, so nothing may be shown. */
  function record(visit: Visit, { subject, sources }: Extract<FileLine, { line: 'sources' }>): boolean {
    if (!visit.card || !parts.outbox) return false;
    const at = parts.clock.wall().toISOString();
    const consultation: Consultation = {
      terminal: parts.config.terminal,
      visit: visit.id,
      at,
      role: 'citizen',
      by: visit.card.identity.nationalNumber,
      subject,
      actingAs: actingAsOf(visit),
      purpose: 'own_file',
      sources: sources.map(({ id }) => id),
      kinds: ['all'],
    };
    const kept = parts.outbox.keep(makeRecord(parts, visit, consultation, at), {});
    if (!kept.ok) {
      log('not_kept', { reason: kept.error });
      dispatch({ type: 'storage', state: kept.error });
      return false;
    }
    parts.sync?.wake();
    return true;
  }

  return {
    read,
    stop({ reading }) {
      if (underWay?.reading !== reading) return;
      underWay.stop.abort();
      underWay = null;
    },
    async findRoles({ visit, token }) {
      const reply = await fileAsker?.findRoles({ visit, token });
      if (reply?.ok && visitOf(parts.state())?.id === visit) dispatch({ type: 'roles_known', token, roles: reply.value.roles });
    },
    async endGrant({ visit, token }) {
      await fileAsker?.endGrant({ visit, token });
    },
  };
}

/** A consultation travels like any transaction, and asks for nothing. */
function makeRecord({ config, state }: ReadFileParts, visit: Visit, consultation: Consultation, at: string): TransactionContent {
  const { actingAs } = consultation;
  return {
    txId: uuidv7(),
    reference: makeReference(config.municipality.prefix),
    product: 'consultation',
    form: { id: 'consultation', version: 1 },
    municipalityCode: config.municipality.code,
    language: state().language,
    trust: trustOf(visit),
    provisional: visit.findings.signIn === null,
    person: null,
    answers: {},
    actingAs,
    consultation,
    proof: visit.card?.proof ?? null,
    evidence: visit.card ? takeEvidence(visit.card, visit) : null,
    attachments: [],
    openedAt: at,
    submittedAt: at,
  };
}
