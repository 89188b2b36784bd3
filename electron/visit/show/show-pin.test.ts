import { describe, expect, it } from 'vitest';
import type { CardState } from '../../../contract/card.ts';
import { Concept } from '../../../contract/catalogue.ts';
import { emptyCatalogue } from '../../catalogue/load-catalogue.ts';
import { bundledForms } from '../../forms/bundled-forms.ts';
import { loadForms } from '../../forms/load-forms.ts';
import { ada, completeState } from '../../testing/people.ts';
import { testTerminal as config } from '../../testing/terminal.ts';
import { type KioskState, noFindings, type SignInStep, type VisitEvent } from '../state.ts';
import { takeProvenCard } from '../steps/card-facts.ts';
import { createVisitStep, waitingState } from '../steps/step-visit.ts';
import { showChecks } from './show-checks.ts';
import { showKiosk } from './show-kiosk.ts';
import { showPinView } from './show-pin.ts';

const forms = loadForms(bundledForms, () => undefined);
const step = createVisitStep({ forms, restLanguage: 'nl', idleMs: 120_000, warningMs: 45_000, cardOutMs: 30_000, goodbyeMs: 30_000 });

function play(...events: VisitEvent[]): KioskState {
  let state = waitingState({ reader: { state: 'empty' }, spent: null, storage: 'ok' }, { restLanguage: 'nl' });
  events.forEach((event, index) => {
    state = step(state, event, { at: index, freshId: `id-${index + 1}` });
  });
  return state;
}

const card = (state: CardState): VisitEvent => ({ type: 'card', state });
const open = (form: string): VisitEvent => ({
  type: 'open',
  line: 'up',
  draft: {
    txId: 't',
    reference: 'KTR-0000-0000',
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
const put = [card({ state: 'reading', insertion: 1 }), card(completeState(ada, 1)), { type: 'continue' } as const];
const signingIn = [...put, open('data-consultations')];
const at = (signInStep: SignInStep): VisitEvent => ({ type: 'sign_in_step', attempt: 'id-4', step: signInStep });
const asked = at({ stage: 'pin', way: 'pin_view', triesLeft: 3, wrong: false });
const pinOf = (state: KioskState, typed = 0) => showPinView(state, typed, { config, forms });

const someProduct = Concept.parse({
  id: 'p',
  productNumber: '1',
  name: { nl: 'P' },
  description: { nl: 'P.' },
  type: 'proof',
  audiences: ['citizen'],
  themes: ['citizen_and_government'],
  form: 'data-consultations',
});

describe('the PIN view', () => {
  it('is there while somebody has to type in it, and while that entry is worked on', () => {
    expect(pinOf(play(...signingIn))).toBeNull();
    expect(pinOf(play(...signingIn, asked), 2)).toMatchObject({ state: 'typing', typed: 2, wrong: null });
    expect(pinOf(play(...signingIn, asked, at({ stage: 'working' })))).toMatchObject({ state: 'working' });
    expect(pinOf(play(...signingIn, asked, at({ stage: 'checking' })))).toBeNull();
  });

  it('is not there where the reader has keys', () => {
    expect(pinOf(play(...signingIn, at({ stage: 'pin', way: 'pinpad', triesLeft: 3, wrong: false })))).toBeNull();
  });

  it('is gone under a cover, and with the visit', () => {
    expect(pinOf(play(...signingIn, asked, card({ state: 'empty' })))).toBeNull();
    expect(pinOf(play(...signingIn, asked, { type: 'stop', why: 'stopped' }))).toBeNull();
  });

  it('names nobody', () => {
    expect(JSON.stringify(pinOf(play(...signingIn, asked)))).not.toMatch(/Ada|Testenaere|Zandkapel|940312/);
  });
});

describe('the page', () => {
  const show = (state: KioskState, line: 'up' | 'down' = 'up') =>
    showKiosk(
      state,
      { line: { state: line, since: null }, at: 0, today: '2026-11-20' },
      { config, forms, catalogue: { ...emptyCatalogue(), products: [someProduct], often: [someProduct.id] } },
    );

  it('says before the first question that a product needs the PIN, or a line that is not there', () => {
    const states = (line: 'up' | 'down') => {
      const { screen } = show(play(...put), line);
      return screen.name === 'catalogue' && screen.products.map(({ state }) => state);
    };
    expect([states('up'), states('down')]).toEqual([['needs_pin'], ['needs_line']]);
  });

  it('offers the PIN on the check page with a line only', () => {
    const state = play(
      ...put,
      open('main-residence-certificate'),
      { type: 'answer', page: 'purpose', answers: { purpose: 'work' } },
      { type: 'answer', page: 'delivery', answers: { delivery: 'desk' } },
    );
    const offer = (line: 'up' | 'down') => {
      const { screen } = show(state, line);
      return screen.name === 'check' && screen.pin;
    };
    expect([offer('up'), offer('down')]).toEqual(['offered', null]);
  });

  it('covers neutrally while the card’s process is being replaced', () => {
    const view = show(play(...signingIn, asked, card({ state: 'restarting' })));
    expect([view.cover, view.who]).toEqual([{ kind: 'looking', filledIn: false }, null]);
    const out = show(play(...signingIn, asked, card({ state: 'restarting' }), card({ state: 'empty' })));
    expect(out.cover?.kind).toBe('card_out');
    const back = show(play(...signingIn, asked, card({ state: 'empty' }), card({ state: 'reading', insertion: 2 })));
    expect(back.cover?.kind).toBe('card_out');
  });

  it('says that answers are kept only where something was filled in', () => {
    const goOn = [card({ state: 'restarting' })];
    const saidOf = (...events: VisitEvent[]) => {
      const { cover } = show(play(...put, open('main-residence-certificate'), ...events, ...goOn));
      return cover?.kind === 'looking' && cover.filledIn;
    };
    expect([saidOf(), saidOf({ type: 'answer', page: 'purpose', answers: { purpose: 'work' } })]).toEqual([false, true]);
    const cancelled: SignInStep = { stage: 'problem', problem: 'cancelled', triesLeft: null };
    expect(show(play(...signingIn, at(cancelled))).screen).toMatchObject({ name: 'sign_in', filledIn: false });
    expect(pinOf(play(...signingIn, asked))).toMatchObject({ filledIn: false });
    const answered: VisitEvent[] = [
      open('main-residence-certificate'),
      { type: 'answer', page: 'purpose', answers: { purpose: 'work' } },
      { type: 'answer', page: 'delivery', answers: { delivery: 'desk' } },
      { type: 'sign_in' },
    ];
    const asks: VisitEvent = { type: 'sign_in_step', attempt: 'id-7', step: { stage: 'pin', way: 'pin_view', triesLeft: 3, wrong: false } };
    expect(pinOf(play(...put, ...answered, asks))).toMatchObject({ filledIn: true });
    expect(show(play(...put, ...answered)).screen).toMatchObject({ name: 'sign_in', filledIn: true });
  });

  it('names a reader that is gone, or fails, as such, with the time that the visit waits', () => {
    const form = [...put, open('main-residence-certificate')];
    const gone = { kind: 'reader_gone', reason: 'no_reader', seconds: 120, filledIn: false };
    expect(show(play(...form, card({ state: 'no_reader' }))).cover).toMatchObject(gone);
    const failed = card({ state: 'needs_attention', reason: 'process_failed' });
    expect(show(play(...form, failed)).cover).toMatchObject({ kind: 'reader_gone', reason: 'needs_attention' });
  });

  it('says of a card left in, to whoever stands there, that it has to come out', () => {
    const ended: VisitEvent[] = [...put, { type: 'stop', why: 'stopped' }, card({ state: 'restarting' })];
    const goodbye = (...events: VisitEvent[]) => show(play(...ended, ...events)).screen;
    expect(goodbye()).toMatchObject({ cardStillIn: true, mayBeAnother: false });
    expect(goodbye(card({ state: 'left_in', insertion: 2, sure: true }))).toMatchObject({ cardStillIn: true, mayBeAnother: false });
    expect(goodbye(card({ state: 'left_in', insertion: 2, sure: false }))).toMatchObject({ cardStillIn: true, mayBeAnother: true });
    expect(goodbye(card({ state: 'empty' }))).toMatchObject({ cardStillIn: false, mayBeAnother: false });
    const waiting = show(play(card({ state: 'left_in', insertion: 2, sure: true })));
    expect(waiting.screen).toEqual({ name: 'attract', reader: 'left_in' });
  });

  it('says of a problem whether trying again can help', () => {
    const again = (problem: 'cancelled' | 'pin_blocked') => {
      const { screen } = show(play(...signingIn, at({ stage: 'problem', problem, triesLeft: null })));
      return screen.name === 'sign_in' && screen.again;
    };
    expect([again('cancelled'), again('pin_blocked')]).toEqual([true, false]);
  });
});

describe('what was checked', () => {
  const visitCard = takeProvenCard(completeState(ada, 1));
  if (!visitCard) throw new Error('a proven card');
  const revocationOf = (revocation: Parameters<typeof showChecks>[1]['revocation'], line: 'up' | 'down') =>
    showChecks(visitCard, { revocation, chip: null, signIn: null, signer: null }, line).find(({ check }) => check === 'revocation');
  const asOf = '2026-11-22T10:00:00.000Z';

  it.each([
    [null, 'up', 'pending', null],
    [null, 'down', 'offline', null],
    ['no_line', 'up', 'offline', null],
    [{ status: 'unchecked', source: null, asOf: null }, 'up', 'no_answer', null],
    [{ status: 'unchecked', source: null, asOf: null }, 'down', 'no_answer', null],
    [{ status: 'good', source: 'ocsp', asOf }, 'up', 'proven', asOf],
    [{ status: 'revoked', source: 'crl', asOf }, 'up', 'not_proven', asOf],
    [{ status: 'unknown', source: 'ocsp', asOf }, 'up', 'unknown', null],
  ] as const)('says of revocation %j with the line %s: %s', (revocation, line, outcome, since) => {
    expect(revocationOf(revocation, line)).toEqual({ check: 'revocation', outcome, at: since });
  });

  it('says of a card that begins later on which day, and of one that is over until when', () => {
    const dayOf = (validity: 'not_yet' | 'expired' | 'valid' | 'unknown') => {
      const judged = { ...visitCard, proof: { ...visitCard.proof, validity } };
      return showChecks(judged, noFindings, 'up').find(({ check }) => check === 'validity');
    };
    expect(dayOf('not_yet')).toEqual({ check: 'validity', outcome: 'not_yet', at: '2021-05-01' });
    expect(dayOf('expired')).toEqual({ check: 'validity', outcome: 'not_proven', at: '2031-05-01' });
    expect(dayOf('unknown')).toMatchObject({ outcome: 'unchecked' });
  });

  it('says of the chip nothing before it was asked', () => {
    const checks = (chip: Parameters<typeof showChecks>[1]['chip']) =>
      showChecks(visitCard, { revocation: null, chip, signIn: null, signer: null }, 'up').map(({ check }) => check);
    expect(checks(null)).not.toContain('chip');
    expect(checks({ txId: '', outcome: 'proven', evidence: null })).toContain('chip');
  });
});
