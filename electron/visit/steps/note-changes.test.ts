import { expect, it } from 'vitest';
import type { AuditEvent } from '../../audit/audit.ts';
import { bundledForms } from '../../forms/bundled-forms.ts';
import { loadForms } from '../../forms/load-forms.ts';
import { ada, completeState } from '../../testing/people.ts';
import type { VisitEvent } from '../state.ts';
import { noteChanges } from './note-changes.ts';
import { createVisitStep, waitingState } from './step-visit.ts';

const forms = loadForms(bundledForms, () => undefined);
const step = createVisitStep({ forms, restLanguage: 'nl', idleMs: 120_000, warningMs: 45_000, cardOutMs: 30_000, goodbyeMs: 30_000 });

/** What is written down of these events, each with its visit. */
function notesOf(...events: VisitEvent[]): (AuditEvent & { visit: string })[] {
  let state = waitingState({ reader: { state: 'empty' }, spent: null, storage: 'ok' }, { restLanguage: 'nl' });
  return events.flatMap((event, index) => {
    const before = state;
    state = step(state, event, { at: index, freshId: `v-${index}` });
    return noteChanges(before, state).map((note) => ({ visit: note.visit, ...note.event }));
  });
}

const put = (photo: string | null): VisitEvent => {
  const state = completeState(ada, 1);
  return { type: 'card', state: state.state === 'complete' ? { ...state, photo } : state };
};
const whyOf = (...events: VisitEvent[]) => notesOf(...events).flatMap((note) => (note.event === 'visit_ended' ? [note.why] : []));

it('names the facts that were read, and no photo where the card gave none', () => {
  expect(notesOf(put(null))).toContainEqual({ visit: 'v-0', event: 'card_read', proof: 'proven', facts: 'identity,address' });
  expect(notesOf(put('AAAA'))).toContainEqual({ visit: 'v-0', event: 'card_read', proof: 'proven', facts: 'identity,address,photo' });
});

it('says why a visit ended: the person, the card that left, or the card that was refused', () => {
  expect(whyOf(put(null), { type: 'stop', why: 'not_me' })).toEqual(['not_me']);
  expect(whyOf(put(null), { type: 'card', state: { state: 'empty' } })).toEqual(['card_out']);
  expect(whyOf(put(null), { type: 'card_revoked', chipNumber: ada.chipNumber })).toEqual(['card_refused']);
});

it('writes a refusal under the visit that says it, after the end of the other', () => {
  const notes = notesOf(put(null), { type: 'card_revoked', chipNumber: ada.chipNumber });
  expect(notes.slice(-3)).toEqual([
    { visit: 'v-0', event: 'visit_ended', why: 'card_refused' },
    { visit: 'v-1', event: 'visit_begun', by: 'card' },
    { visit: 'v-1', event: 'card_refused', reason: 'revoked' },
  ]);
});
