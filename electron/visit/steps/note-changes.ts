import { isProven } from '../../../contract/identity.ts';
import type { AuditEvent } from '../../audit/audit.ts';
import type { KioskState, Visit, VisitCard } from '../state.ts';

export type Note = { visit: string; event: AuditEvent };

/** What of a step has to be written down. Reads states and adds nothing: an event that left no trace did not happen. */
export function noteChanges(before: KioskState, after: KioskState): Note[] {
  const old = before.situation.phase === 'open' ? before.situation.visit : null;
  const now = after.situation.phase === 'open' ? after.situation.visit : null;
  const same = old && now && old.id === now.id ? old : null;
  return [...(old && !same ? noteEnd(old, after) : []), ...(now ? noteVisit(same, now) : [])];
}

function noteEnd(visit: Visit, after: KioskState): Note[] {
  return [{ visit: visit.id, event: { event: 'visit_ended', why: whyEnded(after) } }];
}

/** Another visit stands at once in the place of one whose card was refused; no goodbye: only the card left. */
function whyEnded({ situation }: KioskState): string {
  if (situation.phase === 'over') return situation.why;
  return situation.phase === 'open' ? 'card_refused' : 'card_out';
}

function noteVisit(before: Visit | null, now: Visit): Note[] {
  const notes: AuditEvent[] = [];
  if (!before) notes.push({ event: 'visit_begun', by: now.begunBy });
  if (now.card && !before?.card) notes.push(noteCard(now.card));
  if (now.place.at === 'card_refused' && before?.place.at !== 'card_refused')
    notes.push({ event: 'card_refused', reason: now.place.reason });
  if (now.draft && now.draft.txId !== before?.draft?.txId) notes.push({ event: 'form_opened', product: now.draft.product });
  if (now.draft?.signed && !before?.draft?.signed) notes.push({ event: 'document_signed', product: now.draft.product });
  return notes.map((event) => ({ visit: now.id, event }));
}

function noteCard({ photo, proof }: VisitCard): AuditEvent {
  const facts = ['identity', 'address', ...(photo === null ? [] : ['photo'])].join(',');
  return { event: 'card_read', proof: isProven(proof) ? 'proven' : 'not_proven', facts };
}
