import { describe, expect, it } from 'vitest';
import { attemptOf, open, play, put, step } from '../../testing/play-visit.ts';
import { errandsBetween } from '../errands/errands-between.ts';
import type { VisitEvent } from '../state.ts';

/** Put in, opened: the fourth event, so its attempt is `id-4`. */
const signingIn = [...put(), open('data-consultations')];

describe('signing a document', () => {
  /** Before the first question it is found out whether the card can sign: attempt `id-4`. */
  const opened: VisitEvent[] = [...put(), open('collection-proxy')];
  const good = { status: 'good', source: 'ocsp', asOf: '2026-11-22T10:00:00.000Z' } as const;
  const canSign: VisitEvent = { type: 'can_sign', attempt: 'id-4', revocation: good };
  const checked: VisitEvent[] = [
    ...opened,
    canSign,
    { type: 'answer', page: 'who', answers: { who: 'Bram Proefstuck' } },
    { type: 'answer', page: 'what', answers: { what: 'passport' } },
    { type: 'answer', page: 'papers', answers: {} },
    { type: 'send' },
  ];
  const shown: VisitEvent = {
    type: 'sign_step',
    attempt: 'id-9',
    step: { stage: 'read', way: 'pinpad', document: { kind: 'text', text: 'x' }, revocation: good },
  };
  const document = { format: 'jades', jws: 'a..b', payload: '' } as const;
  const signed: VisitEvent = { type: 'signed', attempt: 'id-9', signed: { document, revocation: good } };
  const problemWith = (attempt: string, problem: 'no_certificate' | 'cancelled'): VisitEvent => ({
    type: 'sign_step',
    attempt,
    step: { stage: 'problem', problem, triesLeft: null },
  });

  it('is found out to be possible before the first question, once a visit', () => {
    const asked = play(...opened);
    expect([asked.visit.place, asked.errands]).toMatchObject([
      { at: 'sign', goal: 'open' },
      ['recall_kept', 'check_revocation', 'find_signer'],
    ]);
    expect(play(...opened, canSign).visit.place).toMatchObject({ at: 'question', page: 0 });
    const again = play(...opened, canSign, { type: 'catalogue' }, open('collection-proxy'));
    expect([again.visit.place.at, again.errands.filter((errand) => errand === 'find_signer').length]).toEqual(['question', 1]);
  });

  it('that is not possible opens no form, and can be left', () => {
    const refused = play(...opened, problemWith('id-4', 'no_certificate'), { type: 'sign_again' });
    expect(refused.visit.place).toMatchObject({ at: 'sign', attempt: 'id-4', step: { problem: 'no_certificate' } });
    const left = play(...opened, problemWith('id-4', 'no_certificate'), { type: 'sign_leave' });
    expect([left.visit.place.at, left.visit.wanted, left.visit.draft]).toEqual(['catalogue', null, null]);
    expect(play(...opened, { type: 'sign_leave' }, canSign).visit.place.at).toBe('catalogue');
  });

  it('shows it, then asks the card, then keeps', () => {
    const { visit, errands } = play(...checked, shown, { type: 'sign' }, signed);
    expect(errands).toEqual(['recall_kept', 'check_revocation', 'find_signer', 'prepare_document', 'sign', 'keep']);
    expect([visit.place.at, visit.draft?.signed]).toEqual(['keeping', { document, revocation: good }]);
  });

  it('signs nothing that has not been shown', () => {
    expect(play(...checked, { type: 'sign' }).errands).not.toContain('sign');
    expect(play(...checked, { ...shown, attempt: 'id-1' } as VisitEvent, { type: 'sign' }).errands).not.toContain('sign');
  });

  it('takes a signature for no document that it did not ask for', () => {
    expect(play(...opened, { ...signed, attempt: 'id-4' } as VisitEvent).visit.place).toMatchObject({ at: 'sign', goal: 'open' });
    expect(play(...checked, { ...canSign, attempt: 'id-9' } as VisitEvent).visit.place).toMatchObject({ at: 'sign', goal: 'sign' });
  });

  it.each([
    ['shown', [shown]],
    ['still being made', []],
  ] as const)('is another document in another language, when it is %s', (_name, events) => {
    const { visit, errands } = play(...checked, ...events, { type: 'language', language: 'fr' }, { type: 'sign' });
    expect(visit.place).toMatchObject({ at: 'sign', attempt: `id-${9 + events.length + 1}`, step: { stage: 'preparing' } });
    expect(errands.filter((errand) => errand === 'prepare_document')).toHaveLength(2);
  });

  it('stays where it is when the same language is chosen', () => {
    expect(play(...checked, shown, { type: 'language', language: 'nl' }).visit.place).toMatchObject({ step: { stage: 'read' } });
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

  it.each<[string, VisitEvent]>([
    ['is left', { type: 'sign_leave' }],
    ['is to be in another language', { type: 'language', language: 'fr' }],
    ['is left for the list', { type: 'catalogue' }],
  ])('is forgotten when it %s', (_name, event) => {
    expect(play(...checked, shown, event).errands).toContain('forget_document');
  });

  it('is forgotten when its visit ends', () => {
    const { state } = play(...checked, shown);
    const over = step(state, { type: 'stop', why: 'stopped' }, { at: 99, freshId: 'id-99' });
    expect(errandsBetween(state, over)).toEqual([{ errand: 'forget_document', attempt: 'id-9' }]);
  });

  it('is tried again by its own press, not by that of the sign-in or of the document', () => {
    const stopped = [...checked, shown, { type: 'sign' } as const, problemWith('id-9', 'cancelled')];
    const attemptAfter = (type: 'sign_again' | 'sign_in_again' | 'sign') => attemptOf(play(...stopped, { type }).visit);
    expect([attemptAfter('sign_again'), attemptAfter('sign_in_again'), attemptAfter('sign')]).toEqual(['id-13', 'id-9', 'id-9']);
    const notIn: VisitEvent[] = [
      ...signingIn,
      { type: 'sign_in_step', attempt: 'id-4', step: { stage: 'problem', problem: 'cancelled', triesLeft: null } },
    ];
    expect(attemptOf(play(...notIn, { type: 'sign_again' }).visit)).toBe('id-4');
  });

  describe('that could not be kept', () => {
    const notKept: VisitEvent[] = [
      ...checked,
      shown,
      { type: 'sign' },
      signed,
      { type: 'not_kept', txId: 'tx-collection-proxy', problem: 'disk_full' },
    ];
    const signatures = (...events: VisitEvent[]) =>
      play(...notKept, ...events).errands.filter((errand) => errand === 'prepare_document').length;

    it('is kept at the next try, without another PIN', () => {
      const { visit, errands } = play(...notKept, { type: 'send' });
      expect([visit.place.at, visit.draft?.signed?.document, errands.filter((errand) => errand === 'keep').length]).toEqual([
        'keeping',
        document,
        2,
      ]);
      expect(signatures({ type: 'send' })).toBe(1);
    });

    it('is signed anew once an answer or the language is another', () => {
      const answer = (who: string): VisitEvent[] => [
        { type: 'change', page: 'who' },
        { type: 'answer', page: 'who', answers: { who } },
        { type: 'send' },
      ];
      expect(signatures(...answer('Bram Proefstuck'))).toBe(1);
      expect(signatures(...answer('Ada Testenaere'))).toBe(2);
      expect(signatures({ type: 'language', language: 'fr' }, { type: 'send' })).toBe(2);
    });
  });
});
