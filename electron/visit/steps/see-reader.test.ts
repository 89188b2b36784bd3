import { describe, expect, it } from 'vitest';
import type { CardState } from '../../../contract/card.ts';
import { bundledForms } from '../../forms/bundled-forms.ts';
import { loadForms } from '../../forms/load-forms.ts';
import { ada, bram, completeState, identityState, proven } from '../../testing/people.ts';
import type { KioskState, Visit, VisitEvent } from '../state.ts';
import { createVisitStep, waitingState } from './step-visit.ts';

/** Cards that were left in, and readers that go: what news of the reader does, whoever's card it was. */
const forms = loadForms(bundledForms, () => undefined);
const step = createVisitStep({ forms, restLanguage: 'nl', idleMs: 120_000, warningMs: 45_000, cardOutMs: 30_000, goodbyeMs: 30_000 });
const next = 1_000_001;

function play(...events: (VisitEvent | { after: number })[]): KioskState {
  let at = 0;
  let state = waitingState({ reader: { state: 'empty' }, spent: null, storage: 'ok' }, { restLanguage: 'nl' });
  for (const event of events) {
    at += 'after' in event ? event.after : 1;
    if (!('after' in event)) state = step(state, event, { at, freshId: `visit-${at}` });
  }
  return state;
}

function visitOf(state: KioskState): Visit {
  if (state.situation.phase !== 'open') throw new Error(`no visit, but ${state.situation.phase}`);
  return state.situation.visit;
}

const card = (state: CardState): VisitEvent => ({ type: 'card', state });
const empty = card({ state: 'empty' });
const restarting = card({ state: 'restarting' });
const noReader = card({ state: 'no_reader' });
const leftIn = (insertion: number, sure = true) => card({ state: 'left_in', insertion, sure });
const put = (identity = ada, insertion = 1): VisitEvent[] => [
  card({ state: 'reading', insertion }),
  card(identityState(identity, insertion)),
  card(completeState(identity, insertion)),
];
const stop: VisitEvent = { type: 'stop', why: 'stopped' };
const tick: VisitEvent = { type: 'tick' };
const certificate: VisitEvent = {
  type: 'open',
  line: 'up',
  draft: {
    txId: 'tx',
    reference: 'KTR-0000-0000',
    openedAt: '2026-11-20T10:00:00.000Z',
    product: 'main-residence-certificate',
    form: 'main-residence-certificate',
    answers: {},
    attachments: [],
    photo: null,
    problems: {},
    signed: null,
  },
};
const filling: VisitEvent[] = [...put(), { type: 'continue' }, certificate];
const nameOf = (state: KioskState) => visitOf(state).card?.identity.surname;

describe('a card left behind', () => {
  const ended = [...filling, stop, restarting];

  it('and known again by the process that follows begins nothing, and stays spent', () => {
    const state = play(...ended, leftIn(next));
    expect([state.situation.phase, state.spent]).toEqual(['over', next]);
    expect(state.reader).toEqual({ state: 'left_in', insertion: next, sure: true });
  });

  it('and found to be another’s is the next person’s: the process says first that the one left in is out', () => {
    expect(nameOf(play(...ended, empty, ...put(bram, next)))).toBe('Proefstuck');
  });

  it('that may be another’s begins nothing either, and is told apart from one that is surely the same', () => {
    expect(play(...ended, leftIn(next, false)).reader).toMatchObject({ state: 'left_in', sure: false });
    // A process that does not say which card it is: nothing of it is kept, and nobody's visit begins.
    const state = play(...ended, ...put(bram, next));
    expect([state.situation.phase, state.reader]).toEqual(['over', { state: 'left_in', insertion: next, sure: false }]);
    expect(JSON.stringify(state)).not.toContain('Proefstuck');
    expect(play(...filling, stop, card(completeState(ada, 1))).reader).toMatchObject({ sure: true });
    expect(play(...filling, stop, card({ state: 'not_an_eid', insertion: 2 })).reader).toMatchObject({ sure: false });
  });

  it('in a reader that was unplugged and is back begins nothing, and the terminal waits for it to be taken out', () => {
    const state = play(...filling, stop, noReader, { after: 31_000 }, tick, leftIn(2), ...[card(completeState(ada, 2))]);
    expect([state.situation.phase, state.spent]).toEqual(['waiting', 2]);
    expect(JSON.stringify(state)).not.toContain('Testenaere');
    expect(nameOf(play(...filling, stop, noReader, leftIn(2), empty, ...put(bram, 3)))).toBe('Proefstuck');
  });

  it('is not the card of whoever begins beside it', () => {
    const state = play(...filling, stop, noReader, { type: 'begin' }, certificate, leftIn(2), card(completeState(ada, 2)));
    expect([state.spent, visitOf(state).card]).toEqual([2, null]);
  });
});

describe('"stop" while it is not known which card is in', () => {
  it('in the moment in which the card’s process is replaced: the same card begins nothing', () => {
    const state = play(...filling, restarting, stop, leftIn(next));
    expect([state.situation.phase, state.spent]).toEqual(['over', next]);
  });

  it('while a card is just being read: nobody’s, until it was out', () => {
    const state = play(...filling, restarting, card({ state: 'reading', insertion: next }), stop, card(completeState(ada, next)));
    expect([state.situation.phase, state.reader]).toEqual(['over', { state: 'left_in', insertion: next, sure: false }]);
    expect(JSON.stringify(state)).not.toContain('Testenaere');
  });

  it('but known already by its chip: one’s own is spent, another’s is the next person’s', () => {
    expect(play(...filling, empty, card(identityState(ada, 2)), stop).reader).toEqual({ state: 'left_in', insertion: 2, sure: true });
    expect(play(...filling, empty, card(identityState(bram, 2)), stop).spent).toBeNull();
    const altered = completeState(ada, 2, { ...proven, identity: 'not_proven' });
    expect(play(...filling, empty, card(altered), stop).spent).toBe(2);
  });
});

it('a card that was refused is read again when somebody asks, also by a process that knows it as left in', () => {
  const revoked: VisitEvent = {
    type: 'revocation',
    chipNumber: ada.chipNumber,
    revocation: { status: 'revoked', source: 'ocsp', asOf: null },
  };
  const refused = play(...filling, revoked, restarting, leftIn(next));
  expect([visitOf(refused).place.at, refused.spent]).toEqual(['card_refused', null]);
  const again = play(...filling, revoked, restarting, leftIn(next), { type: 'card_again' });
  expect(visitOf(again).place.at).toBe('reading');
});

describe('the reader goes', () => {
  const gone = [...filling, noReader];

  it('while a form is open: covered for that reason, and the same card goes on when it is back', () => {
    expect(visitOf(play(...gone)).cover).toMatchObject({ kind: 'card_out', why: 'no_reader' });
    const back = visitOf(play(...gone, card({ state: 'reading', insertion: 2 })));
    expect(back.cover).toMatchObject({ why: 'looking' });
    const on = visitOf(play(...gone, ...put(ada, 2)));
    expect([on.cover, on.place.at, on.card?.insertion]).toEqual([null, 'question', 2]);
  });

  it('and comes back with another card, or with none: then it is the card that is missing', () => {
    expect(visitOf(play(...gone, ...put(bram, 2))).cover).toMatchObject({ why: 'other_card' });
    expect(visitOf(play(...gone, empty)).cover).toMatchObject({ why: 'out' });
  });

  it('and the visit waits as long as for somebody who does nothing; then for a card as long as for a card', () => {
    const wait: VisitEvent[] = [tick, noReader, tick];
    expect(visitOf(play(...gone, { after: 100_000 }, ...wait)).cover).toMatchObject({ why: 'no_reader' });
    expect(play(...gone, { after: 100_000 }, ...wait, { after: 21_000 }, tick).situation.phase).toBe('over');
    const back = [...gone, { after: 100_000 }, empty];
    expect(visitOf(play(...back, { after: 29_000 }, tick)).cover).toMatchObject({ why: 'out' });
    expect(play(...back, { after: 31_000 }, tick).situation.phase).toBe('over');
  });

  it('with the card already out: the visit waits for the reader', () => {
    expect(visitOf(play(...filling, empty, noReader, { after: 31_000 }, tick)).cover).toMatchObject({ why: 'no_reader' });
  });

  it('or fails so that only staff can help: the same, with its own reason', () => {
    const failed = card({ state: 'needs_attention', reason: 'module_failed' });
    expect(visitOf(play(...filling, failed)).cover).toMatchObject({ why: 'needs_attention' });
    expect(visitOf(play(...filling, failed, noReader)).cover).toMatchObject({ why: 'no_reader' });
  });

  it('where nothing is at stake: the visit ends as with a card that is taken', () => {
    expect(play(...put(), { type: 'continue' }, noReader).situation.phase).toBe('waiting');
  });
});
