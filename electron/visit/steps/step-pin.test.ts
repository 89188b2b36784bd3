import { describe, expect, it } from 'vitest';
import type { CardState } from '../../../contract/card.ts';
import { bundledForms } from '../../forms/bundled-forms.ts';
import { loadForms } from '../../forms/load-forms.ts';
import { ada, bram, completeState } from '../../testing/people.ts';
import { errandsBetween } from '../errands/errands-between.ts';
import type { Draft, KioskState, SignInStep, Visit, VisitEvent } from '../state.ts';
import { createVisitStep, trustOf, waitingState } from './step-visit.ts';

const forms = loadForms(bundledForms, () => undefined);
const step = createVisitStep({ forms, restLanguage: 'nl', idleMs: 120_000, warningMs: 45_000, cardOutMs: 30_000, goodbyeMs: 30_000 });

/** Plays events, and notes which errands each of them begins. Attempts are `id-N` of the N-th event. */
function play(...events: VisitEvent[]): { visit: Visit; errands: string[]; state: KioskState } {
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

const card = (state: CardState): VisitEvent => ({ type: 'card', state });
const put = (identity = ada, insertion = 1): VisitEvent[] => [
  card({ state: 'reading', insertion }),
  card(completeState(identity, insertion)),
  { type: 'continue' },
];
const open = (form: string): VisitEvent => ({
  type: 'open',
  draft: {
    txId: `tx-${form}`,
    reference: 'KTR-0000-0000',
    openedAt: '',
    product: form,
    form,
    answers: {},
    problems: {},
    signed: null,
  } satisfies Draft,
});
const attemptOf = (visit: Visit): string => ('attempt' in visit.place ? visit.place.attempt : '');
const evidence = {
  token: { unverifiedCertificate: '', algorithm: 'ES384', signature: '', format: 'web-eid:1.0', appVersion: '' },
  issuer: '',
  nonce: '',
  origin: '',
} as const;
const askedPin: SignInStep = { stage: 'pin', way: 'pin_view', triesLeft: 3, wrong: false };
/** Put in, opened: the fourth event, so its attempt is `id-4`. */
const signingIn = [...put(), open('data-consultations')];

describe('signing in for a product', () => {
  it('is asked before the first question, and leads to it', () => {
    const asked = play(...signingIn);
    expect(asked.visit.place).toMatchObject({ at: 'sign_in', goal: 'open', step: { stage: 'preparing' } });
    expect(asked.errands).toEqual(['check_revocation', 'sign_in']);
    const done = play(...signingIn, { type: 'signed_in', attempt: 'id-4', evidence });
    expect([done.visit.place.at, trustOf(done.visit)]).toEqual(['question', 'authenticated']);
  });

  it('is asked once a visit', () => {
    const { visit } = play(
      ...signingIn,
      { type: 'signed_in', attempt: 'id-4', evidence },
      { type: 'catalogue' },
      open('data-consultations'),
    );
    expect(visit.place.at).toBe('question');
  });

  it('hears no news of an earlier attempt', () => {
    const first: VisitEvent = { type: 'sign_in_step', attempt: 'id-4', step: { stage: 'problem', problem: 'cancelled', triesLeft: null } };
    const again = play(...signingIn, first, { type: 'sign_in_again' });
    expect(attemptOf(again.visit)).toBe('id-6');
    expect(again.errands.filter((errand) => errand === 'sign_in')).toHaveLength(2);
    const late = play(...signingIn, first, { type: 'sign_in_again' }, { type: 'signed_in', attempt: 'id-4', evidence });
    expect([late.visit.place.at, trustOf(late.visit)]).toEqual(['sign_in', 'card_read']);
  });

  it('is not tried again where that can change nothing', () => {
    const blocked: VisitEvent = { type: 'sign_in_step', attempt: 'id-4', step: { stage: 'problem', problem: 'pin_blocked', triesLeft: 0 } };
    expect(attemptOf(play(...signingIn, blocked, { type: 'sign_in_again' }).visit)).toBe('id-4');
  });

  it('can be left for the list, with nothing proven', () => {
    const { visit } = play(...signingIn, { type: 'sign_in_step', attempt: 'id-4', step: askedPin }, { type: 'sign_in_leave' });
    expect([visit.place.at, trustOf(visit), visit.wanted]).toEqual(['catalogue', 'card_read', null]);
    const late = play(...signingIn, { type: 'sign_in_leave' }, { type: 'signed_in', attempt: 'id-4', evidence });
    expect(trustOf(late.visit)).toBe('card_read');
  });

  it('cannot be pressed under a cover', () => {
    const { visit } = play(
      ...signingIn,
      { type: 'sign_in_step', attempt: 'id-4', step: { stage: 'problem', problem: 'card_gone', triesLeft: null } },
      card({ state: 'empty' }),
      { type: 'sign_in_again' },
    );
    expect([visit.cover?.kind, attemptOf(visit)]).toEqual(['card_out', 'id-4']);
  });

  it('is lost with the visit: another card has nothing of it', () => {
    const { visit } = play(
      ...signingIn,
      { type: 'signed_in', attempt: 'id-4', evidence },
      { type: 'catalogue' },
      card({ state: 'empty' }),
      ...put(bram, 2),
    );
    expect([visit.card?.identity.surname, trustOf(visit)]).toEqual(['Proefstuck', 'card_read']);
  });
});

describe('confirming a request with the PIN', () => {
  const checked: VisitEvent[] = [
    ...put(),
    open('main-residence-certificate'),
    { type: 'answer', page: 'purpose', answers: { purpose: 'work' } },
    { type: 'answer', page: 'delivery', answers: { delivery: 'desk' } },
  ];

  it('is offered from the check page, and comes back to it', () => {
    const asked = play(...checked, { type: 'sign_in' });
    expect(asked.visit.place).toMatchObject({ at: 'sign_in', goal: 'confirm' });
    const done = play(...checked, { type: 'sign_in' }, { type: 'signed_in', attempt: 'id-7', evidence });
    expect([done.visit.place.at, trustOf(done.visit), done.visit.draft?.answers]).toEqual([
      'check',
      'authenticated',
      { purpose: 'work', delivery: 'desk' },
    ]);
  });

  it('can be left: it stays a request', () => {
    const { visit } = play(...checked, { type: 'sign_in' }, { type: 'sign_in_leave' });
    expect([visit.place.at, trustOf(visit)]).toEqual(['check', 'card_read']);
  });
});

describe('the chip', () => {
  const wanted = [...put(), open('change-of-address')];

  it('is challenged before a product that asks for it, once a visit', () => {
    expect(play(...wanted)).toMatchObject({ visit: { place: { at: 'proving_chip' } }, errands: ['check_revocation', 'prove_chip'] });
    const proven: VisitEvent = { type: 'chip', insertion: 1, chip: { outcome: 'proven', evidence: null } };
    const again = play(...wanted, proven, { type: 'catalogue' }, open('change-of-address'));
    expect([again.visit.place.at, again.errands.filter((errand) => errand === 'prove_chip').length]).toEqual(['question', 1]);
  });

  it.each([
    ['a copy fills in nothing', { outcome: 'not_proven', evidence: null } as const, 'not_genuine'],
    ['a chip that does not answer is looked at again', null, 'unreadable'],
  ])('%s', (_name, chip, reason) => {
    const { visit } = play(...wanted, { type: 'chip', insertion: 1, chip });
    expect([visit.place, visit.card, visit.draft]).toEqual([{ at: 'card_refused', reason }, null, null]);
    const next = play(...wanted, { type: 'chip', insertion: 1, chip }, ...put(bram, 2));
    expect([next.visit.card?.identity.surname, next.visit.place.at, next.visit.kept]).toEqual(['Proefstuck', 'catalogue', []]);
    expect(next.visit.id).not.toBe(play(...wanted).visit.id);
  });

  it('of a card that has gone says nothing: what the reader says next decides', () => {
    const { visit } = play(...wanted, { type: 'chip', insertion: 1, chip: 'gone' });
    expect([visit.place.at, visit.card?.insertion, visit.wanted]).toEqual(['catalogue', 1, null]);
  });

  it('of a card made before chips had a key is nothing to refuse', () => {
    expect(play(...wanted, { type: 'chip', insertion: 1, chip: { outcome: 'unchecked', evidence: null } }).visit.place.at).toBe('question');
  });
});

describe('revocation', () => {
  const asOf = '2026-11-22T10:00:00.000Z';

  it('takes back what a card of a revoked signer filled in', () => {
    const { visit } = play(...put(), open('main-residence-certificate'), {
      type: 'revocation',
      insertion: 1,
      revocation: { status: 'revoked', source: 'crl', asOf },
    });
    expect([visit.place, visit.card, visit.draft]).toEqual([{ at: 'card_refused', reason: 'revoked' }, null, null]);
  });

  it('is asked once, and stays with the card that comes back', () => {
    const good: VisitEvent = { type: 'revocation', insertion: 1, revocation: { status: 'good', source: 'ocsp', asOf } };
    const back = play(...put(), open('main-residence-certificate'), good, card({ state: 'empty' }), card(completeState(ada, 2)));
    expect([back.visit.cover, back.visit.findings.revocation?.status]).toEqual([null, 'good']);
    expect(back.errands.filter((errand) => errand === 'check_revocation')).toHaveLength(1);
  });
});

describe('signing a document', () => {
  const checked: VisitEvent[] = [
    ...put(),
    open('collection-proxy'),
    { type: 'answer', page: 'who', answers: { who: 'Bram Proefstuck' } },
    { type: 'answer', page: 'what', answers: { what: 'passport' } },
    { type: 'send' },
  ];
  const shown: VisitEvent = {
    type: 'sign_step',
    attempt: 'id-7',
    step: { stage: 'read', way: 'pinpad', document: { kind: 'text', text: 'x' } },
  };
  const signed: VisitEvent = { type: 'signed', attempt: 'id-7', document: { format: 'jades', jws: 'a..b', payload: '' } };

  it('shows it, then asks the card, then keeps', () => {
    const { visit, errands } = play(...checked, shown, { type: 'sign' }, signed);
    expect(errands).toEqual(['check_revocation', 'prepare_document', 'sign', 'keep']);
    expect([visit.place.at, visit.draft?.signed?.format]).toEqual(['keeping', 'jades']);
  });

  it('signs nothing that has not been shown', () => {
    expect(play(...checked, { type: 'sign' }).errands).not.toContain('sign');
    expect(play(...checked, { ...shown, attempt: 'id-1' } as VisitEvent, { type: 'sign' }).errands).not.toContain('sign');
  });

  it('is another document in another language, to be read again', () => {
    const { visit, errands } = play(...checked, shown, { type: 'language', language: 'fr' }, { type: 'sign' });
    expect([visit.place, errands]).toMatchObject([
      { at: 'sign', attempt: 'id-9', step: { stage: 'preparing' } },
      ['check_revocation', 'prepare_document', 'prepare_document'],
    ]);
  });

  it('is stopped at the reader while that waits for a PIN: no press on the page leaves it', () => {
    const leaving: VisitEvent[] = [{ type: 'sign_leave' }, { type: 'catalogue' }, { type: 'back' }, { type: 'send' }, { type: 'sign' }];
    for (const press of leaving)
      expect(play(...checked, shown, { type: 'sign' }, press).visit.place).toMatchObject({ at: 'sign', step: { stage: 'pin' } });
  });

  it('can be left for the check page, where nothing is signed', () => {
    const { visit } = play(...checked, shown, { type: 'sign_leave' }, signed);
    expect([visit.place.at, visit.draft?.signed]).toEqual(['check', null]);
  });
});
