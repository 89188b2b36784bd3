import { describe, expect, it } from 'vitest';
import type { CardState } from '../../../contract/card.ts';
import { bundledForms } from '../../forms/bundled-forms.ts';
import { loadForms } from '../../forms/load-forms.ts';
import { ada, bram, completeState } from '../../testing/people.ts';
import { attemptOf, card, open, play, put } from '../../testing/play-visit.ts';
import type { SignInStep, VisitEvent } from '../state.ts';
import { trustOf } from './step-visit.ts';

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
    expect(asked.errands).toEqual(['recall_kept', 'check_revocation', 'sign_in']);
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

  const txId = 'tx-change-of-address';

  it('is challenged before a product that asks for it, once for each transaction', () => {
    expect(play(...wanted)).toMatchObject({
      visit: { place: { at: 'proving_chip' } },
      errands: ['recall_kept', 'check_revocation', 'prove_chip'],
    });
    const proven: VisitEvent = { type: 'chip', insertion: 1, txId, chip: { outcome: 'proven', evidence: null } };
    const again = play(...wanted, proven, { type: 'back' }, open('change-of-address'));
    expect([again.visit.place.at, again.errands.filter((errand) => errand === 'prove_chip').length]).toEqual(['question', 1]);
    const another = open('change-of-address');
    const anew = play(...wanted, proven, { type: 'catalogue' }, { ...another, draft: { ...another.draft, txId: 'tx-another' } });
    expect([anew.visit.place.at, anew.errands.filter((errand) => errand === 'prove_chip').length]).toEqual(['proving_chip', 2]);
  });

  it('that answers for a transaction that was left says nothing about the next', () => {
    const { visit } = play(...wanted, { type: 'chip', insertion: 1, txId: 'tx-earlier', chip: { outcome: 'proven', evidence: null } });
    expect([visit.place.at, visit.findings.chip]).toEqual(['proving_chip', null]);
  });

  it.each([
    ['a copy fills in nothing', { outcome: 'not_proven', evidence: null } as const, 'not_genuine'],
    ['a chip that does not answer is looked at again', null, 'unreadable'],
  ])('%s', (_name, chip, reason) => {
    const { visit } = play(...wanted, { type: 'chip', insertion: 1, txId, chip });
    expect([visit.place, visit.card, visit.draft]).toEqual([{ at: 'card_refused', reason }, null, null]);
    const next = play(...wanted, { type: 'chip', insertion: 1, txId, chip }, ...put(bram, 2));
    expect([next.visit.card?.identity.surname, next.visit.place.at, next.visit.kept]).toEqual(['Proefstuck', 'catalogue', []]);
    expect(next.visit.id).not.toBe(play(...wanted).visit.id);
  });

  it('of a card that has gone says nothing: what the reader says next decides', () => {
    const { visit } = play(...wanted, { type: 'chip', insertion: 1, txId, chip: 'gone' });
    expect([visit.place.at, visit.card?.insertion, visit.wanted, visit.draft]).toEqual(['catalogue', 1, null, null]);
  });

  it('of the insertion before is not heard: the card that is back is asked itself', () => {
    const back: VisitEvent[] = [card({ state: 'empty' }), card(completeState(ada, 2))];
    const { visit, errands } = play(...wanted, ...back, { type: 'chip', insertion: 1, txId, chip: null });
    expect([visit.place.at, visit.card?.insertion]).toEqual(['proving_chip', 2]);
    expect(errands.filter((errand) => errand === 'prove_chip')).toHaveLength(2);
  });

  it('of a card made before chips had a key is nothing to refuse', () => {
    expect(play(...wanted, { type: 'chip', insertion: 1, txId, chip: { outcome: 'unchecked', evidence: null } }).visit.place.at).toBe(
      'question',
    );
  });
});

describe('revocation', () => {
  const asOf = '2026-11-22T10:00:00.000Z';
  const revoked: VisitEvent = {
    type: 'revocation',
    chipNumber: ada.chipNumber,
    revocation: { status: 'revoked', source: 'crl', asOf },
  };

  it('takes back what a card of a revoked signer filled in', () => {
    const { visit } = play(...put(), open('main-residence-certificate'), revoked);
    expect([visit.place, visit.card, visit.draft]).toEqual([{ at: 'card_refused', reason: 'revoked' }, null, null]);
  });

  const keeping: VisitEvent[] = [
    ...put(),
    open('main-residence-certificate'),
    { type: 'answer', page: 'purpose', answers: { purpose: 'work' } },
    { type: 'answer', page: 'delivery', answers: { delivery: 'desk' } },
    { type: 'send' },
  ];
  const kept: VisitEvent = { type: 'kept', txId: 'tx-main-residence-certificate', keptAt: '2026-11-20T10:01:00.000Z', proof: 'k1.proof' };

  it('found while a request is being kept waits until its reference was seen', () => {
    expect(play(...keeping, revoked).visit.place.at).toBe('keeping');
    const seen = play(...keeping, revoked, kept);
    expect([seen.visit.place.at, seen.visit.kept.length]).toEqual(['kept', 1]);
    const next = play(...keeping, revoked, kept, { type: 'catalogue' });
    expect([next.visit.place, next.visit.card]).toEqual([{ at: 'card_refused', reason: 'revoked' }, null]);
    expect(next.visit.earlier?.tickets).toMatchObject([{ reference: 'KTR-0000-0000' }]);
  });

  it('found once it was kept leaves the reference on the glass too', () => {
    expect(play(...keeping, kept, revoked).visit.place.at).toBe('kept');
    expect(play(...keeping, kept, revoked, { type: 'catalogue' }).visit.place).toEqual({ at: 'card_refused', reason: 'revoked' });
  });

  it('found while a request is being kept, which then is not, is said at once', () => {
    const { visit } = play(...keeping, revoked, { type: 'not_kept', txId: 'tx-main-residence-certificate', problem: 'disk_full' });
    expect([visit.place, visit.draft]).toEqual([{ at: 'card_refused', reason: 'revoked' }, null]);
  });

  it('of another card says nothing about this one', () => {
    const { visit } = play(...put(), { ...revoked, chipNumber: bram.chipNumber });
    expect([visit.place.at, visit.refusal, visit.findings.revocation]).toEqual(['catalogue', null, null]);
  });

  describe('of the holder’s own certificate, told at the sign-in', () => {
    const checking: VisitEvent = { type: 'sign_in_step', attempt: 'id-4', step: { stage: 'checking' } };
    const refused: VisitEvent[] = [
      { type: 'card_revoked', chipNumber: ada.chipNumber },
      { type: 'sign_in_step', attempt: 'id-4', step: { stage: 'problem', problem: 'revoked', triesLeft: null } },
    ];
    const back = card(completeState(ada, 2));

    it.each<[string, VisitEvent[]]>([
      ['stayed in', refused],
      ['was out and in again meanwhile', [card({ state: 'empty' }), card({ state: 'reading', insertion: 2 }), back, ...refused]],
      ['is out when it is told, and comes back', [card({ state: 'empty' }), ...refused, card({ state: 'reading', insertion: 2 }), back]],
      ['is being read again when it is told', [card({ state: 'empty' }), card({ state: 'reading', insertion: 2 }), ...refused, back]],
      [
        'was seen by another process meanwhile',
        [card({ state: 'restarting' }), ...refused, card({ state: 'reading', insertion: 2 }), back],
      ],
    ])('refuses the card that %s', (_name, events) => {
      const { visit } = play(...signingIn, checking, ...events);
      expect([visit.place, visit.card, visit.draft]).toEqual([{ at: 'card_refused', reason: 'revoked' }, null, null]);
    });

    it('says nothing to whoever put in another card meanwhile', () => {
      const { visit } = play(...signingIn, checking, card({ state: 'empty' }), ...refused, card(completeState(bram, 2)));
      expect([visit.place.at, visit.cover]).toMatchObject(['sign_in', { kind: 'card_out', why: 'other_card' }]);
    });
  });

  it('is asked once, and stays with the card that comes back', () => {
    const good: VisitEvent = { type: 'revocation', chipNumber: ada.chipNumber, revocation: { status: 'good', source: 'ocsp', asOf } };
    const back = play(...put(), open('main-residence-certificate'), good, card({ state: 'empty' }), card(completeState(ada, 2)));
    expect([back.visit.cover, back.visit.findings.revocation]).toEqual([null, { status: 'good', source: 'ocsp', asOf }]);
    expect(back.errands.filter((errand) => errand === 'check_revocation')).toHaveLength(1);
  });
});

describe('a product that cannot be opened', () => {
  const doors = loadForms(bundledForms, () => undefined);
  const without = card({ ...completeState(ada, 1), ways: { authentication: ['pin_view'], signature: [] } } as CardState);

  it('is not, whatever the page sends: no reader that signs, or no line to sign in', () => {
    expect(doors.get('collection-proxy')?.signs).toBeDefined();
    expect(play(without, { type: 'continue' }, open('collection-proxy')).visit).toMatchObject({ place: { at: 'catalogue' }, draft: null });
    const down = { ...open('data-consultations'), line: 'down' as const };
    expect(play(...put(), down).visit).toMatchObject({ place: { at: 'catalogue' }, draft: null });
    expect(play(...put(), { ...down, line: 'unknown' }).visit.place.at).toBe('sign_in');
    const signedIn: VisitEvent[] = [...signingIn, { type: 'signed_in', attempt: 'id-4', evidence }, { type: 'catalogue' }];
    expect(play(...signedIn, down).visit.place.at).toBe('question');
  });
});
