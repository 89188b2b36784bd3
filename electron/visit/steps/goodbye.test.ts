import { describe, expect, it } from 'vitest';
import type { CardState } from '../../../contract/card.ts';
import { bundledForms } from '../../forms/bundled-forms.ts';
import { loadForms } from '../../forms/load-forms.ts';
import { ada, bram, completeState, identityState } from '../../testing/people.ts';
import type { KioskState, VisitEvent } from '../state.ts';
import { createVisitStep, waitingState } from './step-visit.ts';

const forms = loadForms(bundledForms, () => undefined);
const step = createVisitStep({ forms, restLanguage: 'nl', idleMs: 120_000, warningMs: 45_000, cardOutMs: 30_000, goodbyeMs: 30_000 });

/** Plays events one millisecond apart; `after` moves the clock first. */
function play(...events: (VisitEvent | { after: number })[]): KioskState {
  let at = 0;
  let state = waitingState({ reader: { state: 'empty' }, spent: null, storage: 'ok' }, { restLanguage: 'nl' });
  for (const event of events) {
    at += 'after' in event ? event.after : 1;
    if (!('after' in event)) state = step(state, event, { at, freshId: `id-${at}` });
  }
  return state;
}

function referencesOn(state: KioskState): readonly string[] | null {
  return state.situation.phase === 'over' ? state.situation.tickets.map(({ reference }) => reference) : null;
}

function proofsOn(state: KioskState): readonly string[] {
  return state.situation.phase === 'over' ? state.situation.tickets.map(({ proof }) => proof) : [];
}

const received = (reference: string, receipt: string | null): VisitEvent => ({
  ...{ type: 'received', txId: `tx-${reference}`, receivedAt: '2026-11-20T10:02:00.000Z', receipt },
});
const card = (state: CardState): VisitEvent => ({ type: 'card', state });
const tick: VisitEvent = { type: 'tick' };
const stop: VisitEvent = { type: 'stop', why: 'stopped' };
const takenOut = card({ state: 'empty' });
const put = (identity = ada, insertion = 1): VisitEvent[] => [
  card({ state: 'reading', insertion }),
  card(completeState(identity, insertion)),
  { type: 'continue' },
];
const open = (form: string, reference: string): VisitEvent => ({
  type: 'open',
  line: 'up',
  draft: {
    txId: `tx-${reference}`,
    reference,
    openedAt: '',
    product: form,
    form,
    answers: {},
    attachments: [],
    photo: null,
    problems: {},
    signed: null,
  },
});
/** From the list to a kept request, and back to the list. */
const keepDefect = (reference: string): VisitEvent[] => [
  open('street-defect', reference),
  { type: 'answer', page: 'category', answers: { category: 'light' } },
  { type: 'answer', page: 'place', answers: { place: 'Vlasmarkt 3' } },
  { type: 'send' },
  { type: 'kept', txId: `tx-${reference}`, keptAt: '2026-11-20T10:01:00.000Z', proof: 'k1.proof' },
  { type: 'catalogue' },
];

describe('the goodbye page', () => {
  const goodbye: VisitEvent[] = [{ type: 'begin' }, ...keepDefect('KTR-0000-0001'), stop];

  it('stays for its time, then nothing of it is left', () => {
    expect(referencesOn(play(...goodbye, { after: 29_000 }, tick))).toEqual(['KTR-0000-0001']);
    const after = play(...goodbye, { after: 31_000 }, tick);
    expect(after.situation).toEqual({ phase: 'waiting', resetAt: null });
    expect(JSON.stringify(after)).not.toContain('KTR-');
  });

  it.each<VisitEvent>([
    { type: 'stay' },
    { type: 'language', language: 'fr' },
    { type: 'display', display: { text: 4, theme: 'contrast' } },
  ])('has its whole time again after $type', (event) => {
    expect(referencesOn(play(...goodbye, { after: 29_000 }, event, { after: 29_000 }, tick))).toEqual(['KTR-0000-0001']);
    expect(play(...goodbye, { after: 29_000 }, event, { after: 31_000 }, tick).situation.phase).toBe('waiting');
  });

  it('has the code of the receipt, before it or while it stands there', () => {
    const [first, second] = ['KTR-0000-0001', 'KTR-0000-0002'];
    const both: VisitEvent[] = [{ type: 'begin' }, ...keepDefect(first), ...keepDefect(second), received(first, 'r1.receipt'), stop];
    expect(proofsOn(play(...both))).toEqual(['r1.receipt', 'k1.proof']);
    expect(proofsOn(play(...both, { after: 29_000 }, received(second, 'r1.later')))).toEqual(['r1.receipt', 'r1.later']);
    expect(proofsOn(play(...both, received(second, null), received('KTR-0000-0003', 'r1.other')))).toEqual(['r1.receipt', 'k1.proof']);
  });

  it('cannot be asked back when its time is over', () => {
    expect(play(...goodbye, { after: 31_000 }, tick, { type: 'stay' }).situation.phase).toBe('waiting');
  });
});

describe('what was kept with a card that is then refused', () => {
  const revoked: VisitEvent = {
    type: 'revocation',
    chipNumber: ada.chipNumber,
    revocation: { status: 'revoked', source: 'crl', asOf: '2026-11-22T10:00:00.000Z' },
  };
  const refused: VisitEvent[] = [...put(), ...keepDefect('KTR-0000-0001'), revoked];
  const silentChip: VisitEvent[] = [
    ...put(),
    ...keepDefect('KTR-0000-0001'),
    open('change-of-address', 'KTR-0000-0009'),
    { type: 'chip', insertion: 1, txId: 'tx-KTR-0000-0009', chip: null },
  ];

  it('is on the goodbye page, however the visit ends', () => {
    expect(referencesOn(play(...refused, stop))).toEqual(['KTR-0000-0001']);
    expect(referencesOn(play(...refused, takenOut))).toEqual(['KTR-0000-0001']);
    expect(referencesOn(play(...refused, { after: 121_000 }, tick, { after: 46_000 }, tick))).toEqual(['KTR-0000-0001']);
  });

  it('has the code of its receipt when that comes afterwards', () => {
    expect(proofsOn(play(...refused, received('KTR-0000-0001', 'r1.receipt'), stop))).toEqual(['r1.receipt']);
  });

  it('is all that the next visit knows of that one, and its chip number goes with it', () => {
    expect(JSON.stringify(play(...refused).situation)).not.toMatch(/Testenaere|94031299855|Zandkapel|Vlasmarkt/);
    expect(JSON.stringify(play(...refused, stop))).not.toContain(ada.chipNumber);
  });

  it('stands before what is kept afterwards, without a card', () => {
    const state = play(...refused, { type: 'catalogue' }, ...keepDefect('KTR-0000-0002'), stop);
    expect(referencesOn(state)).toEqual(['KTR-0000-0001', 'KTR-0000-0002']);
  });

  it('stays theirs when the same card, read again, does', () => {
    const again: VisitEvent[] = [...silentChip, { type: 'card_again' }, ...put(ada, 2), ...keepDefect('KTR-0000-0002'), stop];
    expect(referencesOn(play(...again))).toEqual(['KTR-0000-0001', 'KTR-0000-0002']);
  });

  it('and once more, when that card is refused again', () => {
    const twice: VisitEvent[] = [...silentChip, { type: 'card_again' }, ...put(ada, 2), revoked, stop];
    expect(referencesOn(play(...twice))).toEqual(['KTR-0000-0001']);
  });

  it('is not shown to somebody whose card took its place between two looks, proven or not yet', () => {
    const notMe: VisitEvent = { type: 'stop', why: 'not_me' };
    expect(referencesOn(play(...silentChip, ...put(bram, 2), notMe))).toEqual([]);
    const reading: VisitEvent[] = [card({ state: 'reading', insertion: 2 }), card(identityState(bram, 2))];
    expect(referencesOn(play(...silentChip, ...reading, notMe))).toEqual([]);
  });
});
