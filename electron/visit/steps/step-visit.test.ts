import { describe, expect, it } from 'vitest';
import type { CardState } from '../../../contract/card.ts';
import { bundledForms } from '../../forms/bundled-forms.ts';
import { loadForms } from '../../forms/load-forms.ts';
import { ada, bram, completeState, identityState, proven } from '../../testing/people.ts';
import type { Draft, KioskState, Visit, VisitEvent } from '../state.ts';
import { createVisitStep, trustOf, waitingState } from './step-visit.ts';

const forms = loadForms(bundledForms, () => undefined);
const step = createVisitStep({ forms, restLanguage: 'nl', idleMs: 120_000, warningMs: 45_000, cardOutMs: 30_000, goodbyeMs: 30_000 });
const empty: CardState = { state: 'empty' };

/** Plays events one millisecond apart; `after` moves the clock first. */
function play(...events: (VisitEvent | { after: number })[]): KioskState {
  let at = 0;
  let id = 0;
  let state = waitingState({ reader: empty, spent: null, storage: 'ok' }, { restLanguage: 'nl' });
  for (const event of events) {
    if ('after' in event) at += event.after;
    else {
      at += 1;
      id += 1;
      state = step(state, event, { at, freshId: `visit-${id}` });
    }
  }
  return state;
}

const card = (state: CardState): VisitEvent => ({ type: 'card', state });
const takenOut = card(empty);
const tick: VisitEvent = { type: 'tick' };
const put = (identity = ada, insertion = 1): VisitEvent[] => [
  card({ state: 'reading', insertion }),
  card(identityState(identity, insertion)),
  card(completeState(identity, insertion)),
];
const draft = (form: string): Draft => ({
  txId: `tx-of-${form}`,
  reference: 'KTR-0000-0000',
  openedAt: '2026-11-20T10:00:00.000Z',
  product: form,
  form,
  answers: {},
  attachments: [],
  photo: null,
  problems: {},
  signed: null,
});
const open = (form: string): VisitEvent => ({ type: 'open', draft: draft(form), line: 'up' });
const certificate = open('main-residence-certificate');
const defect = open('street-defect');
const agree: VisitEvent = { type: 'continue' };
const answerCertificate: VisitEvent[] = [
  { type: 'answer', page: 'purpose', answers: { purpose: 'work' } },
  { type: 'answer', page: 'delivery', answers: { delivery: 'desk' } },
];
const keepCertificate: VisitEvent[] = [
  { type: 'send' },
  { type: 'kept', txId: 'tx-of-main-residence-certificate', keptAt: '2026-11-20T10:01:00.000Z', proof: 'k1.proof' },
];

function visitOf(state: KioskState): Visit {
  if (state.situation.phase !== 'open') throw new Error(`no visit, but ${state.situation.phase}`);
  return state.situation.visit;
}

describe('a visit begins', () => {
  it('with a card, and shows who it says you are before it has been proven', () => {
    const visit = visitOf(play(card({ state: 'reading', insertion: 1 }), card(identityState(ada, 1))));
    expect(visit.place).toEqual({ at: 'identity', agreed: false });
    expect(trustOf(visit)).toBe('anonymous');
  });

  it('with a touch, without a card', () => {
    const visit = visitOf(play({ type: 'begin' }));
    expect([visit.begunBy, visit.place.at, trustOf(visit)]).toEqual(['touch', 'catalogue', 'anonymous']);
  });

  it('and stands on card_read once the card has been proven', () => {
    const visit = visitOf(play(...put(), agree));
    expect([visit.place.at, trustOf(visit), visit.card?.identity.surname]).toEqual(['catalogue', 'card_read', 'Testenaere']);
  });

  it('and waits for the proof when "that is me" comes first', () => {
    const before = visitOf(play(card({ state: 'reading', insertion: 1 }), card(identityState(ada, 1)), agree));
    expect([before.place.at, trustOf(before)]).toEqual(['identity', 'anonymous']);
    const after = visitOf(play(card({ state: 'reading', insertion: 1 }), card(identityState(ada, 1)), agree, card(completeState(ada, 1))));
    expect(after.place.at).toBe('catalogue');
  });
});

describe('a card that does not do', () => {
  const noneProven = { identity: 'not_proven', address: 'not_proven', photo: 'not_proven' } as const;
  const cases: [string, CardState, string][] = [
    ['an altered identity', completeState(ada, 1, { ...proven, identity: 'not_proven' }), 'not_proven'],
    ['an altered address', completeState(ada, 1, { ...proven, address: 'not_proven' }), 'not_proven'],
    ['a swapped photo', completeState(ada, 1, { ...proven, photo: 'not_proven' }), 'not_proven'],
    ['an issuer this kiosk does not know', completeState(ada, 1, { ...proven, ...noneProven, issuer: 'not_proven' }), 'issuer_unknown'],
    ['a signer of another time than the card’s', completeState(ada, 1, { ...proven, ...noneProven, issuer: 'other_time' }), 'issuer_dates'],
    ['no eID', { state: 'not_an_eid', insertion: 1 }, 'not_an_eid'],
    ['no answer', { state: 'upside_down_or_dirty', insertion: 1 }, 'unreadable'],
  ];
  for (const [name, state, reason] of cases) {
    it(`(${name}) fills in nothing and opens no product that wants a card`, () => {
      const visit = visitOf(play(card({ state: 'reading', insertion: 1 }), card(state), { type: 'catalogue' }, certificate));
      expect(visit.place).toEqual({ at: 'card_refused', reason });
      expect([visit.card, trustOf(visit)]).toEqual([null, 'anonymous']);
    });

    it(`(${name}) still lets the person report a street defect`, () => {
      const visit = visitOf(play(card(state), { type: 'catalogue' }, defect));
      expect(visit.place.at).toBe('question');
    });
  }
});

describe('a form', () => {
  it('that needs a card asks for it, and opens by itself once the card is there', () => {
    expect(visitOf(play({ type: 'begin' }, certificate)).place.at).toBe('insert_card');
    const visit = visitOf(play({ type: 'begin' }, certificate, ...put(), agree));
    expect(visit.place).toEqual({ at: 'question', page: 0, changing: false });
    expect(visit.draft?.form).toBe('main-residence-certificate');
  });

  it('goes page by page to the check, and keeps what was typed when an answer does not fit', () => {
    const missing = visitOf(play(...put(), agree, certificate, { type: 'answer', page: 'purpose', answers: { purpose: ' ' } }));
    expect([missing.place.at, missing.draft?.problems]).toEqual(['question', { purpose: 'missing' }]);
    const wrong = visitOf(
      play(
        ...put(),
        agree,
        open('change-of-address'),
        { type: 'chip', insertion: 1, txId: 'tx-of-change-of-address', chip: { outcome: 'proven', evidence: null } },
        {
          type: 'answer',
          page: 'address',
          answers: { 'newAddress.street': 'Vlasblomstraat', 'newAddress.number': '24', 'newAddress.postalCode': '85' },
        },
      ),
    );
    expect([wrong.draft?.problems, wrong.draft?.answers.newAddress]).toMatchObject([{ newAddress: 'address_town' }, { postalCode: '85' }]);
    expect(visitOf(play(...put(), agree, certificate, ...answerCertificate)).place.at).toBe('check');
  });

  it('takes a person’s words without what no person sees', () => {
    const defectPage: VisitEvent = { type: 'answer', page: 'category', answers: { category: 'light' } };
    const say = (place: string) =>
      visitOf(play({ type: 'begin' }, defect, defectPage, { type: 'answer', page: 'place', answers: { place } }));
    expect(say('Vlas\u0000mar\u0007kt\u200b 3\ud800').draft?.answers.place).toEqual({ description: 'Vlasmarkt 3' });
    expect(say('\u200b\u200b\u200b\u200b').draft?.problems).toEqual({ place: 'missing' });
    expect(say('\u0301\u0301\u0301').draft?.problems).toEqual({ place: 'missing' });
  });

  it('takes no answer to a page that is not on the glass', () => {
    const visit = visitOf(play(...put(), agree, certificate, { type: 'answer', page: 'delivery', answers: { delivery: 'desk' } }));
    expect([visit.place, visit.draft?.answers, visit.draft?.problems]).toEqual([{ at: 'question', page: 0, changing: false }, {}, {}]);
  });

  it('comes back to the check after one answer was changed', () => {
    const change: VisitEvent[] = [
      { type: 'change', page: 'purpose' },
      { type: 'answer', page: 'purpose', answers: { purpose: 'bank' } },
    ];
    const visit = visitOf(play(...put(), agree, certificate, ...answerCertificate, ...change));
    expect([visit.place.at, visit.draft?.answers]).toEqual(['check', { purpose: 'bank', delivery: 'desk' }]);
  });

  it('keeps its answers and its transaction when the person looks at the list and comes back by "back"', () => {
    const visit = visitOf(
      play(
        ...put(),
        agree,
        certificate,
        answerCertificate[0] as VisitEvent,
        { type: 'back' },
        { type: 'back' },
        {
          type: 'open',
          line: 'up',
          draft: { ...draft('main-residence-certificate'), txId: 'another' },
        },
      ),
    );
    expect([visit.draft?.txId, visit.draft?.answers]).toEqual(['tx-of-main-residence-certificate', { purpose: 'work' }]);
  });

  it('is sent once, however often "send" is pressed', () => {
    const sending = play(...put(), agree, certificate, ...answerCertificate, { type: 'send' }, { type: 'send' });
    expect(visitOf(sending).place.at).toBe('keeping');
    const kept = visitOf(play(...put(), agree, certificate, ...answerCertificate, ...keepCertificate));
    expect([kept.place.at, kept.draft, kept.kept.length]).toEqual(['kept', null, 1]);
  });

  it('comes back to the check with the reason when it could not be kept', () => {
    const failed: VisitEvent = { type: 'not_kept', txId: 'tx-of-main-residence-certificate', problem: 'disk_full' };
    const visit = visitOf(play(...put(), agree, certificate, ...answerCertificate, { type: 'send' }, failed));
    expect([visit.place, visit.draft?.answers.purpose]).toEqual([{ at: 'check', problem: 'disk_full' }, 'work']);
  });
});

describe('the card leaves', () => {
  it('before it was used: nothing is left and nothing is asked', () => {
    expect(play(...put(), takenOut).situation).toEqual({ phase: 'waiting', resetAt: null });
    expect(play(card({ state: 'reading', insertion: 1 }), takenOut).situation.phase).toBe('waiting');
  });

  it('while a form is open: everything is covered, and presses do nothing', () => {
    const state = play(...put(), agree, certificate, takenOut, ...answerCertificate);
    expect(visitOf(state).cover).toMatchObject({ kind: 'card_out', why: 'out' });
    expect(visitOf(state).place).toEqual({ at: 'question', page: 0, changing: false });
  });

  it('and the same card, proven again, continues', () => {
    const reading = visitOf(
      play(...put(), agree, certificate, takenOut, card({ state: 'reading', insertion: 2 }), card(identityState(ada, 2))),
    );
    expect(reading.cover?.kind).toBe('card_out');
    const back = visitOf(play(...put(), agree, certificate, takenOut, ...put(ada, 2)));
    expect([back.cover, back.place.at, back.card?.insertion]).toEqual([null, 'question', 2]);
  });

  it('and the same chip number that cannot be proven does not continue', () => {
    const altered = completeState(ada, 2, { ...proven, identity: 'not_proven' });
    expect(visitOf(play(...put(), agree, certificate, takenOut, card(altered))).cover).toMatchObject({ kind: 'card_out' });
  });

  it('and another card uncovers nothing', () => {
    const visit = visitOf(play(...put(), agree, certificate, takenOut, ...put(bram, 2)));
    expect([visit.cover?.kind, visit.card?.identity.surname]).toEqual(['card_out', 'Testenaere']);
  });

  it('and a card swapped between two looks is noticed', () => {
    expect(visitOf(play(...put(), agree, certificate, card({ state: 'reading', insertion: 2 }))).cover?.kind).toBe('card_out');
  });

  it('and after the countdown all is gone, and a card that lies in the reader by then is the next person’s', () => {
    const ended = play(...put(), agree, certificate, takenOut, ...put(bram, 2), { after: 31_000 }, tick);
    expect(ended.situation).toMatchObject({ phase: 'over', why: 'card_out' });
    expect(JSON.stringify(ended)).not.toMatch(/Testenaere|Proefstuck/);
    const next = play(...put(), agree, certificate, takenOut, ...put(bram, 2), { after: 31_000 }, tick, ...put(bram, 3));
    expect(visitOf(next).card?.identity.surname).toBe('Proefstuck');
  });

  it('and the countdown waits for a card that is just being read', () => {
    const back: VisitEvent[] = [card({ state: 'reading', insertion: 2 })];
    const waiting = visitOf(play(...put(), agree, certificate, takenOut, { after: 29_000 }, ...back, { after: 2_000 }, tick));
    expect(waiting.cover?.kind).toBe('card_out');
    const goesOn = play(
      ...put(),
      agree,
      certificate,
      takenOut,
      { after: 29_000 },
      ...back,
      { after: 2_000 },
      tick,
      card(completeState(ada, 2)),
    );
    expect(visitOf(goesOn).cover).toBeNull();
  });

  it('with answers behind the list: they are covered, not gone', () => {
    const state = play(...put(), agree, certificate, answerCertificate[0] as VisitEvent, { type: 'back' }, { type: 'back' }, takenOut);
    expect(visitOf(state).cover?.kind).toBe('card_out');
  });

  it('while it is being kept: the goodbye page has the reference, and no cover lies over it', () => {
    const state = play(...put(), agree, certificate, ...answerCertificate, { type: 'send' }, takenOut, keepCertificate[1] as VisitEvent);
    expect(state.situation).toMatchObject({ phase: 'over', tickets: [{ reference: 'KTR-0000-0000' }] });
  });

  it('after something was kept: the visit ends and only the reference stays', () => {
    const state = play(...put(), agree, certificate, ...answerCertificate, ...keepCertificate, takenOut);
    expect(state.situation).toMatchObject({ phase: 'over', tickets: [{ reference: 'KTR-0000-0000' }] });
    expect(JSON.stringify(state)).not.toContain('Testenaere');
  });
});

describe('a visit ends', () => {
  it('by "stop", and holds nothing of the person', () => {
    const state = play(...put(), agree, certificate, ...answerCertificate, { type: 'stop', why: 'stopped' });
    expect(state.situation.phase).toBe('over');
    expect(JSON.stringify(state)).not.toMatch(/Testenaere|94031299855|Zandkapel/);
  });

  it('by time, after a warning that one press takes away', () => {
    const warned = play({ type: 'begin' }, { after: 121_000 }, tick);
    expect(visitOf(warned).cover?.kind).toBe('idle');
    const stayed = play({ type: 'begin' }, { after: 121_000 }, tick, { type: 'stay' }, { after: 44_000 }, tick);
    expect(visitOf(stayed).cover).toBeNull();
    const gone = play({ type: 'begin' }, { after: 121_000 }, tick, { type: 'active' }, { after: 46_000 }, tick);
    expect(gone.situation).toMatchObject({ phase: 'over', why: 'idle' });
  });

  it('and the reminder stays until the card is taken, then the next person finds everything at rest', () => {
    const left: VisitEvent[] = [...put(), { type: 'language', language: 'fr' }, { type: 'stop', why: 'stopped' }];
    expect(play(...left, { after: 600_000 }, tick).situation.phase).toBe('over');
    const next = play(...left, takenOut, { after: 31_000 }, tick);
    expect([next.situation.phase, next.language]).toEqual(['waiting', 'nl']);
    const soon = play(...left, takenOut, ...put(bram, 2));
    expect([visitOf(soon).place.at, soon.language]).toEqual(['identity', 'nl']);
  });

  it('but never while a request is being kept', () => {
    const state = play(...put(), agree, certificate, ...answerCertificate, { type: 'send' }, { after: 900_000 }, tick);
    expect([visitOf(state).place.at, visitOf(state).cover]).toEqual(['keeping', null]);
  });

  it('and who begins at the goodbye page finds no settings of the one before', () => {
    const state = play({ type: 'begin' }, { type: 'language', language: 'fr' }, { type: 'stop', why: 'stopped' }, { type: 'begin' });
    expect([visitOf(state).place.at, state.language]).toEqual(['catalogue', 'nl']);
  });
});

describe('the card’s process', () => {
  const restarting: VisitEvent = card({ state: 'restarting' });

  it('starts anew without the visit noticing: the same card goes on, wherever the person was', () => {
    expect(visitOf(play(...put(), agree, restarting)).cover).toBeNull();
    for (const where of [[], [certificate]]) {
      const visit = visitOf(play(...put(), agree, ...where, restarting, ...put(ada, 1_000_001)));
      expect([visit.cover, visit.card?.insertion]).toEqual([null, 1_000_001]);
    }
  });

  it('starts anew with another card in: the visit ends where nothing is at stake, and is covered where something is', () => {
    expect(JSON.stringify(play(...put(), agree, restarting, ...put(bram, 1_000_001)))).not.toContain('Testenaere');
    expect(visitOf(play(...put(), agree, certificate, restarting, ...put(bram, 1_000_001))).cover).toMatchObject({ why: 'other_card' });
  });

  it('starts anew while a card is left behind: that card still begins nothing', () => {
    const state = play(...put(), { type: 'stop', why: 'stopped' }, restarting, ...put(ada, 1_000_001));
    expect(state.situation.phase).toBe('over');
    expect(JSON.stringify(state)).not.toContain('Testenaere');
  });
});

describe('a card left behind', () => {
  const left: VisitEvent[] = [...put(), { type: 'stop', why: 'stopped' }];

  it('tells the next person nothing, even when they begin beside it and ask for a product that wants a card', () => {
    const state = play(...left, { type: 'begin' }, certificate, card(completeState(ada, 1)), card(completeState(ada, 1)));
    expect(visitOf(state).place.at).toBe('insert_card');
    expect(JSON.stringify(state)).not.toContain('Testenaere');
  });

  it('is out of the way once it was out', () => {
    const state = play(...left, { type: 'begin' }, certificate, takenOut, ...put(bram, 2), agree);
    expect([visitOf(state).place.at, visitOf(state).card?.identity.surname]).toEqual(['question', 'Proefstuck']);
  });

  it('leaves the references readable for a while after it was taken, however long that took', () => {
    const kept: VisitEvent[] = [...put(), agree, certificate, ...answerCertificate, ...keepCertificate, { type: 'stop', why: 'stopped' }];
    expect(play(...kept, { after: 100_000 }, tick, takenOut, { after: 5_000 }, tick).situation).toMatchObject({
      tickets: [{ reference: 'KTR-0000-0000' }],
    });
    expect(play(...kept, { after: 100_000 }, tick, takenOut, { after: 31_000 }, tick).situation.phase).toBe('waiting');
  });
});

describe('news that comes late', () => {
  it('of a card whose visit is over is not kept', () => {
    const state = play(...put(), { type: 'stop', why: 'stopped' }, card(completeState(ada, 1)));
    expect(JSON.stringify(state)).not.toMatch(/Testenaere|94031299855/);
  });
});

it('"stop" while a request is being kept waits for the reference', () => {
  const state = play(
    ...put(),
    agree,
    certificate,
    ...answerCertificate,
    { type: 'send' },
    { type: 'stop', why: 'not_me' },
    keepCertificate[1] as VisitEvent,
  );
  expect(visitOf(state).place.at).toBe('kept');
});

it.each(['no_reader', 'needs_attention'] as const)('says so when the reader fails (%s) while a card is asked for', (reason) => {
  const state: CardState = reason === 'no_reader' ? { state: 'no_reader' } : { state: 'needs_attention', reason: 'module_failed' };
  expect(visitOf(play({ type: 'begin' }, certificate, card(state))).place).toEqual({ at: 'card_refused', reason });
  expect(visitOf(play({ type: 'begin' }, certificate, card(state), { type: 'card_again' })).place).toEqual({ at: 'card_refused', reason });
  expect(visitOf(play({ type: 'begin' }, certificate, card(state), takenOut)).place.at).toBe('insert_card');
});

it('nobody is let in where nothing can be kept', () => {
  const broken: VisitEvent = { type: 'storage', state: 'disk_full' };
  expect(play(broken, { type: 'begin' }).situation.phase).toBe('waiting');
  expect(play(broken, ...put()).situation.phase).toBe('waiting');
});

it('a language chosen and left behind goes back to Dutch', () => {
  expect(play({ type: 'language', language: 'fr' }, { after: 60_000 }, tick).language).toBe('fr');
  expect(play({ type: 'language', language: 'fr' }, { after: 121_000 }, tick).language).toBe('nl');
});
