import type { FileLine, ItemKind, Subject } from '../../../contract/file.ts';
import type { FileEnd } from '../../../contract/file-view.ts';
import type { Catalogue } from '../../catalogue/load-catalogue.ts';
import type { FileAsker } from '../../file/ask-file.ts';
import { readsOf } from '../../suggestions/reads-of.ts';
import type { Visit } from '../state.ts';
import { actingAsOf } from '../steps/see-file.ts';
import { type Errand, visitOf } from './errands-between.ts';
import { createLookRecord, type LookParts } from './record-look.ts';

export type ReadFileParts = LookParts & {
  /** Null where there is no identity: then nobody can sign in either. */
  fileAsker: FileAsker | null;
  catalogue: Pick<Catalogue, 'suggestions'>;
};

type ErrandOf<E extends Errand['errand']> = Extract<Errand, { errand: E }>;

export type FileReading = {
  read(errand: ErrandOf<'read_file'>): Promise<void>;
  /** At once: not a line more is heard. */
  stop(errand: ErrandOf<'stop_reading'>): Promise<void>;
  findRoles(errand: ErrandOf<'find_roles'>): Promise<void>;
  noteSuggestions(errand: ErrandOf<'note_suggestions'>): Promise<void>;
  endGrant(errand: ErrandOf<'end_grant'>): Promise<void>;
};

type UnderWay = { reading: string; stop: AbortController; seen: Seen | null };

/** A reading that was written down when it began, and what of it was handed on. */
type Seen = { visit: Visit; subject: Subject; at: string; kinds: Set<ItemKind>; sources: Set<string> };

/** Reads files. No item reaches the visit before its reading has been written down, sealed and on disk. */
export function createFileReading(parts: ReadFileParts): FileReading {
  const { fileAsker, log, dispatch } = parts;
  const record = createLookRecord(parts);
  let underWay: UnderWay | null = null;

  async function read({ visit, reading, sources }: ErrandOf<'read_file'>): Promise<void> {
    const before = underWay;
    const own: UnderWay = { reading, stop: new AbortController(), seen: null };
    underWay = own;
    if (before) await breakOff(before);
    const end = await ask(visit, own, sources);
    if (own.stop.signal.aborted) return;
    underWay = null;
    recordKinds(own.seen);
    log('file_read', { end });
    dispatch({ type: 'file_end', reading, end, ...(visit.grant && { token: visit.grant.token }) });
  }

  async function ask(visit: Visit, own: UnderWay, sources: readonly string[]): Promise<FileEnd> {
    if (!fileAsker || !visit.grant) return 'no_line';
    /** Null: who is asked has not been said yet, so nobody may answer. */
    let recorded: boolean | null = null;
    const unrecorded = new AbortController();
    const tell = (line: FileLine) => {
      if (own.stop.signal.aborted) return;
      if (line.line === 'sources') {
        own.seen = begin(visit, line);
        recorded = own.seen !== null;
      }
      if (recorded) {
        if (own.seen) note(own.seen, line);
        dispatch({ type: 'file_line', reading: own.reading, line });
      } else if (recorded === false) unrecorded.abort();
    };
    const { token } = visit.grant;
    const signal = AbortSignal.any([own.stop.signal, unrecorded.signal]);
    const end = await fileAsker.read({ visit: visit.id, token, actingAs: actingAsOf(visit), sources }, tell, signal);
    return recorded === false ? 'not_recorded' : end;
  }

  /** Null: it could not be kept. Which kinds of items there are nobody knows yet: it names none. */
  function begin(visit: Visit, { subject, sources }: Extract<FileLine, { line: 'sources' }>): Seen | null {
    const at = parts.clock.wall().toISOString();
    const actingAs = actingAsOf(visit);
    const asked = sources.map(({ id }) => id);
    const written = record(visit, { role: 'citizen', subject, actingAs, purpose: 'own_file', sources: asked, kinds: [], at });
    return written ? { visit, subject, at, kinds: new Set(), sources: new Set() } : null;
  }

  /** What was read, by its kinds, once that is known: the same look, said again. Where it cannot be kept, the first stands. */
  function recordKinds(seen: Seen | null): void {
    if (!seen || seen.kinds.size === 0) return;
    const { visit, subject, at } = seen;
    const read = { sources: [...seen.sources], kinds: [...seen.kinds] };
    record(visit, { role: 'citizen', subject, actingAs: actingAsOf(visit), purpose: 'own_file', ...read, at });
  }

  async function breakOff({ stop, seen }: UnderWay): Promise<void> {
    stop.abort();
    // The step that asked for this is finished first: what cannot be kept is another event.
    await null;
    recordKinds(seen);
  }

  return {
    read,
    async stop({ reading }) {
      const stopped = underWay;
      if (stopped?.reading !== reading) return;
      underWay = null;
      await breakOff(stopped);
    },
    async findRoles({ visit, token }) {
      const reply = await fileAsker?.findRoles({ visit: visit.id, token });
      if (!reply?.ok || visitOf(parts.state())?.id !== visit.id) return;
      const look = { ...ownLook(visit), role: 'citizen' as const, purpose: 'own_file' as const, sources: [], kinds: ['roles'] };
      if (record(visit, look)) dispatch({ type: 'roles_known', token, roles: reply.value.roles });
    },
    async noteSuggestions({ visit, reading }) {
      const sources = [...(visit.file?.sources.values() ?? [])].filter(({ items }) => items.length > 0).map(({ info }) => info.id);
      const look = { ...ownLook(visit), role: 'suggestions' as const, purpose: 'suggestions' as const, sources };
      if (record(visit, { ...look, kinds: readsOf(parts.catalogue.suggestions) })) dispatch({ type: 'suggestions_noted', reading });
    },
    async endGrant({ visit, token }) {
      await fileAsker?.endGrant({ visit, token });
    },
  };
}

function note({ kinds, sources }: Seen, line: FileLine): void {
  if (line.line !== 'answer' || !('items' in line.answer) || line.answer.items.length === 0) return;
  sources.add(line.answer.source);
  for (const { kind } of line.answer.items) kinds.add(kind);
}

function ownLook({ card }: Visit): { subject: Subject; actingAs: { kind: 'self' } } {
  return { subject: { kind: 'person', ssin: card?.identity.nationalNumber ?? '' }, actingAs: { kind: 'self' } };
}
