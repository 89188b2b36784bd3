import type { CardState } from '../../contract/card.ts';
import { bundledForms } from '../forms/bundled-forms.ts';
import { loadForms } from '../forms/load-forms.ts';
import { errandsBetween } from '../visit/errands/errands-between.ts';
import type { Draft, KioskState, Visit, VisitEvent } from '../visit/state.ts';
import { createVisitStep, waitingState } from '../visit/steps/step-visit.ts';
import { ada, completeState } from './people.ts';

const forms = loadForms(bundledForms, () => undefined);
export const step = createVisitStep({
  forms,
  restLanguage: 'nl',
  idleMs: 120_000,
  warningMs: 45_000,
  cardOutMs: 30_000,
  goodbyeMs: 30_000,
});

/** Plays events, and notes which errands each of them begins. Attempts are `id-N` of the N-th event. */
export function play(...events: VisitEvent[]): { visit: Visit; errands: string[]; state: KioskState } {
  let state = waitingState({ reader: { state: 'empty' }, spent: null, storage: 'ok' }, { restLanguage: 'nl' });
  const errands: string[] = [];
  events.forEach((event, index) => {
    const before = state;
    state = step(state, event, { at: index, freshId: `id-${index + 1}` });
    errands.push(...errandsBetween(before, state).map(({ errand }) => errand));
  });
  if (state.situation.phase !== 'open') throw new Error(`no visit, but ${state.situation.phase}`);
  return { visit: state.situation.visit, errands, state };
}

export const card = (state: CardState): VisitEvent => ({ type: 'card', state });
const ways = { authentication: ['pin_view' as const], signature: ['pinpad' as const] };
export const put = (identity = ada, insertion = 1): VisitEvent[] => [
  card({ state: 'reading', insertion }),
  card({ ...completeState(identity, insertion), ways } as CardState),
  { type: 'continue' },
];
export const open = (form: string): Extract<VisitEvent, { type: 'open' }> => ({
  type: 'open',
  line: 'up',
  draft: {
    txId: `tx-${form}`,
    reference: 'KTR-0000-0000',
    openedAt: '',
    product: form,
    form,
    answers: {},
    attachments: [],
    photo: null,
    problems: {},
    signed: null,
  } satisfies Draft,
});
export const attemptOf = (visit: Visit): string => ('attempt' in visit.place ? visit.place.attempt : '');
