import type { AuditEvent } from '../../audit/audit.ts';
import type { KioskState, Visit } from '../state.ts';

export type Note = { visit: string; event: AuditEvent };

/** What of a step has to be written down. Reads states and adds nothing: an event that left no trace did not happen. */
export function noteChanges(before: KioskState, after: KioskState): Note[] {
  const old = before.situation.phase === 'open' ? before.situation.visit : null;
  const now = after.situation.phase === 'open' ? after.situation.visit : null;
  const same = old && now && old.id === now.id ? old : null;
  return [...(old && !same ? noteEnd(old, after) : []), ...(now ? noteVisit(same, now) : [])];
}

function noteEnd(visit: Visit, after: KioskState): Note[] {
  const why = after.situation.phase === 'over' ? after.situation.why : 'card_out';
  return [{ visit: visit.id, event: { event: 'visit_ended', why } }];
}

function noteVisit(before: Visit | null, now: Visit): Note[] {
  const notes: AuditEvent[] = [];
  if (!before) notes.push({ event: 'visit_begun', by: now.begunBy });
  if (now.card && !before?.card) notes.push({ event: 'card_read', proof: 'proven', facts: 'identity,address,photo' });
  if (now.place.at === 'card_refused' && before?.place.at !== 'card_refused')
    notes.push({ event: 'card_refused', reason: now.place.reason });
  if (now.draft && now.draft.txId !== before?.draft?.txId) notes.push({ event: 'form_opened', product: now.draft.product });
  if (now.draft?.signed && !before?.draft?.signed) notes.push({ event: 'document_signed', product: now.draft.product });
  return notes.map((event) => ({ visit: now.id, event }));
}
