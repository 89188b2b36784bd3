import { describe, expect, it } from 'vitest';
import type { FileItem, FileLine, Role, SourceInfo, Subject } from '../../../contract/file.ts';
import { loadCatalogue } from '../../catalogue/load-catalogue.ts';
import type { SeenFile } from '../../file/seen-file.ts';
import { bundledForms } from '../../forms/bundled-forms.ts';
import { loadForms } from '../../forms/load-forms.ts';
import { makeTransaction } from '../../forms/make-transaction.ts';
import { ada, completeState } from '../../testing/people.ts';
import { card, open as openForm, play, put, step } from '../../testing/play-visit.ts';
import { testTerminal } from '../../testing/terminal.ts';
import { errandsBetween } from '../errands/errands-between.ts';
import { pushFile as pushNew, showFile, shownFile, showRoles } from '../show/show-file.ts';
import { showKiosk } from '../show/show-kiosk.ts';
import { showPinView } from '../show/show-pin.ts';
import type { VisitEvent } from '../state.ts';

const evidence = {
  token: { unverifiedCertificate: '', algorithm: 'ES384', signature: '', format: 'web-eid:1.0', appVersion: '' },
  issuer: '',
  nonce: '',
  origin: '',
} as const;
const grant = { token: 'g'.repeat(43), expiresInMs: 600_000 };
const emptyCatalogue = loadCatalogue(new Map(), '34022', () => undefined);
const numbers: Record<string, string> = { '9007': 'resident-parking-permit' };
const pushFile = (...[before, now]: [SeenFile | null, SeenFile | null]) => pushNew(before, now, (number) => numbers[number]);
const shippedForms = loadForms(bundledForms, () => undefined);
/** Nobody's: a serial that no birth day reaches. */
const other = '85051299775';
const own: Subject = { kind: 'person', ssin: ada.nationalNumber };
const info = (id: string): SourceInfo => ({ id, name: { nl: id }, owner: 'town', theme: 'citizen_and_government' });
const message = (id: string, subject: Subject = own): FileItem => ({
  id,
  subject,
  kind: 'message',
  title: { nl: id },
  theme: 'citizen_and_government',
  on: '2026-11-20',
  text: { nl: id },
  read: false,
});

/** The fourth event asks for the PIN, so its attempt is `id-4`; the fifth begins the reading `id-5`. */
const open: VisitEvent[] = [...put(), { type: 'file', line: 'up' }];
const signedIn: VisitEvent[] = [...open, { type: 'signed_in', attempt: 'id-4', evidence, grant }];
const line = (said: FileLine, reading = 'id-5'): VisitEvent => ({ type: 'file_line', reading, line: said });
const sources = (...ids: string[]) => line({ line: 'sources', subject: own, sources: ids.map(info) });
const answer = (source: string, ...items: FileItem[]) =>
  line({ line: 'answer', answer: { source, state: 'fresh', asOf: '2026-11-22T09:00:00Z', items, more: false } });
const mira: Role = { as: { kind: 'person', ssin: other, basis: 'mandate' }, name: 'Mira Voorbeeld', seat: null, until: null };
const roles: VisitEvent = { type: 'roles_known', token: grant.token, roles: [mira] };
const itemsOf = (events: VisitEvent[]) =>
  [...(play(...events).visit.file?.sources.values() ?? [])].flatMap(({ items }) => items.map(({ id }) => id));

describe('my file', () => {
  it('asks for the PIN once, and is read at once with what the sign-in gave', () => {
    expect(play(...open).visit.place).toMatchObject({ at: 'sign_in', goal: 'file' });
    const { visit, errands } = play(...signedIn);
    expect([visit.place.at, errands.slice(-3)]).toEqual(['file', ['sign_in', 'find_roles', 'read_file']]);
    const again = play(...signedIn, { type: 'catalogue' }, { type: 'file', line: 'up' });
    expect([again.visit.place.at, again.errands.filter((errand) => errand === 'read_file')]).toEqual(['file', ['read_file']]);
  });

  it('without a card asks for one first', () => {
    const { visit } = play({ type: 'begin' }, { type: 'file', line: 'up' });
    expect([visit.place.at, visit.wanted]).toEqual(['insert_card', 'file']);
    expect(play({ type: 'begin' }, { type: 'file', line: 'up' }, ...put()).visit.place).toMatchObject({ at: 'sign_in', goal: 'file' });
  });

  it('without a line says so, and asks for no PIN', () => {
    expect(play(...put(), { type: 'file', line: 'down' }).visit).toMatchObject({ place: { at: 'file' }, file: null, grant: null });
  });

  it('leaves the PIN for the list', () => {
    expect(play(...open, { type: 'sign_in_leave' }).visit).toMatchObject({ place: { at: 'catalogue' }, wanted: null });
  });

  it('takes what comes, of this reading alone', () => {
    const events = [...signedIn, sources('a', 'b'), answer('a', message('1'))];
    expect(itemsOf(events)).toEqual(['1']);
    const late = line(
      { line: 'answer', answer: { source: 'b', state: 'fresh', asOf: '2026-11-22T09:00:00Z', items: [message('2')], more: false } },
      'id-1',
    );
    expect(itemsOf([...events, late])).toEqual(['1']);
  });

  it('is read no further while the card is out, and goes on with what is missing when the same card is back', () => {
    const events: VisitEvent[] = [...signedIn, sources('a', 'b'), answer('a', message('1'))];
    const out = play(...events, card({ state: 'empty' }));
    expect([out.visit.cover?.kind, out.errands.at(-1)]).toEqual(['card_out', 'stop_reading']);
    const back = play(...events, card({ state: 'empty' }), card(completeState(ada, 2)));
    expect([back.visit.cover, back.errands.filter((errand) => errand === 'read_file')]).toEqual([null, ['read_file', 'read_file']]);
  });

  it('ends with its visit, and the grant with it', () => {
    let { state } = play(...signedIn, sources('a'), answer('a', message('1')));
    const before = state;
    state = step(state, { type: 'stop', why: 'stopped' }, { at: 100, freshId: 'later' });
    expect(JSON.stringify(state)).not.toContain(ada.nationalNumber);
    expect(pushFile(shownFile(before), shownFile(state))).toMatchObject({ reading: null, items: [] });
  });

  it('asks for the PIN again once its time is over, and loses nothing of what was seen', () => {
    const ended: VisitEvent = { type: 'file_end', reading: 'id-5', end: 'grant_ended' };
    const events: VisitEvent[] = [...signedIn, sources('a', 'b'), answer('a', message('1')), ended];
    expect(play(...events).visit).toMatchObject({ place: { at: 'file' }, grant: null, file: { end: 'grant_ended' } });
    const again = play(...events, { type: 'file_again', sources: [] });
    expect(again.visit.place).toMatchObject({ at: 'sign_in', goal: 'file' });
    const anew = play(...events, { type: 'file_again', sources: [] }, { type: 'signed_in', attempt: 'id-9', evidence, grant });
    expect([anew.visit.place.at, [...(anew.visit.file?.sources.values() ?? [])].map(({ state }) => state)]).toEqual([
      'file',
      ['fresh', 'asked'],
    ]);
  });
});

describe('the time that the sign-in holds', () => {
  const seen: VisitEvent[] = [...signedIn, sources('a'), answer('a', message('1')), line({ line: 'end', why: 'complete' })];
  const later = (at: number, event: VisitEvent, state = play(...seen).state) => step(state, event, { at, freshId: 'renewed' });
  const secondsAt = (at: number) => {
    const { visit } = play(...seen);
    const shown = showFile(visit, { suggestions: { off: false, away: 0, shown: [] }, at, prints: true, config: testTerminal }, () => '');
    return shown.name === 'file' ? shown.secondsLeft : undefined;
  };
  const visitIn = (state: ReturnType<typeof later>) => (state.situation.phase === 'open' ? state.situation.visit : null);

  it('is told in its last minute, and when it is over', () => {
    // The sign-in was the fifth event, so at tick 4.
    expect([secondsAt(500_000), secondsAt(540_005), secondsAt(600_003), secondsAt(700_000)]).toEqual([null, 60, 1, 0]);
  });

  it('begins anew with the PIN, where the person was: nothing is read again, and the new one is not ended with the old', () => {
    const asking = later(599_000, { type: 'renew' });
    expect(visitIn(asking)?.place).toMatchObject({ at: 'sign_in', goal: 'file' });
    const renewed = step(
      asking,
      { type: 'signed_in', attempt: 'renewed', evidence, grant: { ...grant, token: 'h'.repeat(43) } },
      { at: 599_500, freshId: 'x' },
    );
    expect([visitIn(renewed)?.place.at, visitIn(renewed)?.grant?.until, visitIn(renewed)?.file]).toEqual([
      'file',
      1_199_500,
      play(...seen).visit.file,
    ]);
    expect(errandsBetween(asking, renewed).map(({ errand }) => errand)).toEqual(['find_roles']);
    // What was still read with the old one, and ended with it, does not end the new one.
    const reading = visitIn(renewed)?.file?.reading ?? '';
    const running = play(
      ...signedIn,
      sources('a'),
      { type: 'renew' },
      { type: 'signed_in', attempt: 'id-7', evidence, grant: { ...grant, token: 'h'.repeat(43) } },
    );
    const ended = step(running.state, { type: 'file_end', reading, end: 'grant_ended', token: grant.token }, { at: 50, freshId: 'y' });
    expect([visitIn(ended)?.grant?.token[0], visitIn(ended)?.file?.end]).toEqual(['h', 'grant_ended']);
    const goesOn = step(ended, { type: 'file_again', sources: [] }, { at: 60, freshId: 'z' });
    expect([visitIn(goesOn)?.place.at, visitIn(goesOn)?.file?.end]).toEqual(['file', null]);
  });

  it('whoever leaves the PIN is back at what was read; who came from the list is back at the list', () => {
    const left = step(later(599_000, { type: 'renew' }), { type: 'sign_in_leave' }, { at: 599_001, freshId: 'x' });
    expect([visitIn(left)?.place.at, visitIn(left)?.file?.sources.size]).toEqual(['file', 1]);
    const over = later(700_000, { type: 'file', line: 'up' }, later(650_000, { type: 'catalogue' }));
    expect(visitIn(step(over, { type: 'sign_in_leave' }, { at: 700_001, freshId: 'x' }))?.place.at).toBe('catalogue');
  });
});

describe('in somebody’s name', () => {
  const chosen: VisitEvent[] = [
    ...signedIn,
    roles,
    sources('a'),
    answer('a', message('1')),
    { type: 'roles' },
    { type: 'act_as', role: 0 },
  ];

  it('nothing of one’s own stays on the glass, and all that comes has to be about that person', () => {
    const { visit } = play(...chosen);
    expect([visit.acting?.name, visit.file?.sources.size, visit.file?.subject]).toEqual([
      'Mira Voorbeeld',
      0,
      { kind: 'person', ssin: other },
    ]);
    const reading = visit.file?.reading ?? '';
    const mine = line({ line: 'sources', subject: own, sources: [info('a')] }, reading);
    expect(play(...chosen, mine).visit.file?.end).toBe('not_believed');
  });

  it('is chosen from what the middleware said, and from nothing else', () => {
    expect(play(...signedIn, roles, { type: 'act_as', role: 7 }).visit.acting).toBeNull();
    expect(play(...signedIn, { type: 'act_as', role: 0 }).visit.acting).toBeNull();
    expect(play(...signedIn, { ...roles, token: 'another' } as VisitEvent, { type: 'act_as', role: 0 }).visit.acting).toBeNull();
  });

  it('a mandate that was withdrawn takes everything from the glass', () => {
    const reading = play(...chosen).visit.file?.reading ?? '';
    const theirs = { kind: 'person', ssin: other } as const;
    const events: VisitEvent[] = [
      ...chosen,
      line({ line: 'sources', subject: theirs, sources: [info('a')] }, reading),
      line(
        {
          line: 'answer',
          answer: { source: 'a', state: 'fresh', asOf: '2026-11-22T09:00:00Z', items: [message('5', theirs)], more: false },
        },
        reading,
      ),
    ];
    expect(itemsOf(events)).toEqual(['5']);
    const withdrawn: VisitEvent[] = [...events, { type: 'file_end', reading, end: 'mandate_ended' }];
    expect(itemsOf(withdrawn)).toEqual([]);
    // Nothing more is done in that name, and the page says why.
    expect(play(...withdrawn).visit).toMatchObject({
      acting: null,
      roles: [],
      draft: null,
      place: { at: 'file' },
      file: { end: 'mandate_ended' },
    });
    const own = play(...withdrawn, { type: 'file_again', sources: [] }).visit.file;
    expect([own?.subject, own?.end]).toEqual([{ kind: 'person', ssin: ada.nationalNumber }, null]);
  });

  it('a form that was open when the mandate was withdrawn goes with it; what is being kept is kept', () => {
    const reading = play(...chosen).visit.file?.reading ?? '';
    const end: VisitEvent = { type: 'file_end', reading, end: 'mandate_ended' };
    const filling: VisitEvent[] = [...chosen, { type: 'catalogue' }, openForm('civil-certificate')];
    expect([play(...filling).visit.place.at, play(...filling, end).visit.place.at]).toEqual(['question', 'file']);
    const sent: VisitEvent[] = [
      ...filling,
      { type: 'answer', page: 'which', answers: { which: 'life' } },
      { type: 'answer', page: 'purpose', answers: { purpose: 'work' } },
      { type: 'answer', page: 'delivery', answers: { delivery: 'post' } },
      { type: 'send' },
    ];
    expect(play(...sent, end).visit).toMatchObject({ acting: null, place: { at: 'keeping' }, draft: { form: 'civil-certificate' } });
  });

  it('goes into what is sent, and not into what is sent without a card', () => {
    const sent = (form: string, ...answers: [string, Record<string, string>][]) => {
      const filled = answers.map(([page, given]): VisitEvent => ({ type: 'answer', page, answers: given }));
      const { visit } = play(...chosen, { type: 'catalogue' }, openForm(form), ...filled);
      const ids = { txId: '01936f5e-0000-7000-8000-000000000001', openedAt: '2026-11-20T10:00:00.000Z' };
      const known = shippedForms.get(form);
      if (!known) throw new Error(`no form ${form}`);
      const made = makeTransaction({
        visit: { ...visit, draft: visit.draft && { ...visit.draft, ...ids }, findings: { ...visit.findings, signIn: null } },
        form: known,
        municipalityCode: '34022',
        language: 'nl',
        submittedAt: new Date('2026-11-20T10:01:00Z'),
      });
      return made.ok ? made.value.actingAs : made.error;
    };
    expect(
      sent('civil-certificate', ['which', { which: 'life' }], ['purpose', { purpose: 'work' }], ['delivery', { delivery: 'post' }]),
    ).toEqual(mira.as);
    expect(sent('street-defect', ['category', { category: 'light' }], ['place', { 'place.description': 'Vlasmarkt 3' }])).toBeUndefined();
  });

  it('the choice stands on every page, and in the PIN’s own window without a name', () => {
    const parts = { config: testTerminal, forms: new Map() };
    const asking = play(
      ...chosen,
      { type: 'renew' },
      { type: 'sign_in_step', attempt: 'id-11', step: { stage: 'pin', way: 'pin_view', triesLeft: null, wrong: false } },
    );
    const pin = showPinView(asking.state, 0, parts);
    expect(pin?.acting).toBe('person');
    expect(JSON.stringify(pin)).not.toContain('Mira');
    const around = { today: '2026-11-22', line: { state: 'up', since: null }, at: 0 } as const;
    const who = (...events: VisitEvent[]) => showKiosk(play(...events).state, around, { ...parts, catalogue: emptyCatalogue }).who?.acting;
    for (const more of [[], [{ type: 'catalogue' }], [{ type: 'roles' }], [{ type: 'renew' }]] satisfies VisitEvent[][])
      expect(who(...chosen, ...more)).toEqual({ kind: 'person', name: 'Mira Voorbeeld' });
    expect(who(...signedIn)).toBeNull();
  });
});

describe('the product that answers an item', () => {
  const permit: FileItem = {
    id: 'permit-77',
    subject: own,
    kind: 'permit',
    title: { nl: 'Parkeerkaart' },
    theme: 'mobility_and_public_works',
    on: '2026-12-02',
    validFrom: '2024-12-02',
    validUntil: '2026-12-02',
    answeredBy: '9007',
  };
  const proof = 'p'.repeat(22);
  const seen: VisitEvent[] = [...signedIn, sources('a'), answer('a', message('1'), { ...permit, proof })];
  const begun = openForm('resident-parking-permit');
  const from = (item: string, productNumber = '9007'): VisitEvent => ({ ...begun, answers: { item, productNumber } });

  it('begins, and names the item by what its source calls it', () => {
    const { visit } = play(...seen, from('a/1'));
    expect([visit.place.at, visit.draft?.item]).toEqual(['question', { source: 'a', id: 'permit-77', subject: own, proof }]);
    expect(JSON.stringify(pushFile(null, shownFile(play(...seen).state)))).not.toContain(proof);
    expect(pushFile(null, shownFile(play(...seen).state))?.items[1]).toMatchObject({ key: 'a/1', answeredBy: 'resident-parking-permit' });
  });

  it.each([
    ['an item that this visit has not read', from('a/2')],
    ['another source', from('b/1')],
    ['an item that another product answers', from('a/1', '9002')],
    ['an item that nothing answers', from('a/0')],
    ['what is no name of an item', from('a/1x')],
    ['what every object has', from('constructor/0')],
    ['none at all, from the page of the file', begun],
  ])('does not begin from %s', (_what, event) => {
    const { visit } = play(...seen, event);
    expect([visit.place.at, visit.draft]).toEqual(['file', null]);
  });

  it('is not begun once more for another item with the answers of the first', () => {
    const second: FileItem = { ...permit, id: 'permit-78' };
    const events: VisitEvent[] = [...signedIn, sources('a'), answer('a', permit, second), from('a/0'), { type: 'catalogue' }];
    expect(play(...events, { type: 'file', line: 'up' }, from('a/1')).visit.draft?.item?.id).toBe('permit-78');
  });
});

describe('leaving a form that answers an item', () => {
  const permit: FileItem = {
    ...{ id: '2', subject: own, kind: 'permit', title: { nl: 'Parkeerkaart' }, theme: 'mobility_and_public_works', on: '2026-12-02' },
    ...{ validFrom: '2024-12-02', validUntil: '2026-12-02', answeredBy: '9007' },
  };
  const moving: FileItem = { ...message('3'), answeredBy: '9002' };
  const name = { source: 'a', id: '2', subject: own };
  const seen: VisitEvent[] = [...signedIn, sources('a'), answer('a', message('1'), permit, moving)];
  const begun: VisitEvent = { ...openForm('resident-parking-permit'), answers: { item: 'a/1', productNumber: '9007' } };
  const back: VisitEvent = { type: 'back' };
  const left = (...events: VisitEvent[]) => play(...seen, ...events).visit;
  const openedOn = (visit: ReturnType<typeof left>) => {
    const shown = showFile(visit, { suggestions: { off: false, away: 0, shown: [] }, at: 0, prints: true, config: testTerminal }, () => '');
    return shown.name === 'file' ? shown.opened : undefined;
  };

  it('leads back to that item, and what was filled in waits there', () => {
    expect(left(begun, back)).toMatchObject({ place: { at: 'file', item: name } });
    expect(openedOn(left(begun, back))).toBe('a/1');
    const filled: VisitEvent[] = [begun, { type: 'answer', page: 'plate', answers: { plate: '1-ABC-234' } }, back, back, begun];
    expect(left(...filled).draft?.answers).toEqual(left(...filled.slice(0, 2)).draft?.answers);
    expect(left(...filled).draft?.answers).toHaveProperty('plate');
    const { visit } = play(...put(), openForm('resident-parking-permit'), back);
    expect(visit.place).toEqual({ at: 'catalogue' });
  });

  it('leads to the list where that item is not there any more', () => {
    const gone: VisitEvent = { type: 'file_end', reading: 'id-5', end: 'not_believed' };
    expect(left(begun, gone, back).place).toEqual({ at: 'catalogue' });
  });

  it('is not remembered once the item was left, nor after another look at the list', () => {
    expect(openedOn(left(begun, back, { type: 'leave_item' }))).toBeNull();
    expect(openedOn(left(begun, back, { type: 'catalogue' }, { type: 'file', line: 'up' }))).toBeNull();
  });

  it('leads back from before its first question too, and from the page of a product', () => {
    const proving: VisitEvent = { ...openForm('change-of-address'), answers: { item: 'a/2', productNumber: '9002' } };
    const gone: VisitEvent = { type: 'chip', insertion: 1, txId: 'tx-change-of-address', chip: 'gone' };
    expect(left(proving).place.at).toBe('proving_chip');
    expect(left(proving, gone).place).toEqual({ at: 'file', item: { ...name, id: '3' } });
    expect(left({ type: 'product', product: 'street-defect' }, back).place).toEqual({ at: 'file' });
  });
});

describe('taking a thing of the file along', () => {
  const seen: VisitEvent[] = [...signedIn, roles, sources('a'), answer('a', message('1'))];
  const take = (item: string): VisitEvent => ({ type: 'take_item', item, way: 'phone' });
  const attempt = 'id-9';
  const ready: VisitEvent = { type: 'item_taken', attempt, step: { stage: 'done', to: null, token: 'T'.repeat(43), until: 300_000 } };
  const shown = ({ situation }: ReturnType<typeof play>['state'], at = 0) =>
    situation.phase === 'open'
      ? showFile(situation.visit, { suggestions: { off: false, away: 0, shown: [] }, at, prints: true, config: testTerminal }, () => '')
      : null;

  it('asks for it once, and shows where the telephone finds it', () => {
    const { errands, visit } = play(...seen, take('a/0'), take('a/0'));
    expect([visit.taking?.attempt, errands.filter((errand) => errand === 'hand_over')]).toEqual([attempt, ['hand_over']]);
    expect(shown(play(...seen, take('a/0'), ready).state)).toMatchObject({
      taking: { item: 'a/0', stage: 'done', url: `https://middleware.example/m/${'T'.repeat(43)}` },
    });
    expect(shown(play(...seen, take('a/0'), ready).state, 299_999)).toHaveProperty('taking.stage', 'done');
    expect(shown(play(...seen, take('a/0'), ready).state, 300_000)).toMatchObject({ taking: null });
  });

  it.each(['a/1', 'b/0', 'a/01', '__proto__/0', ''])('takes nothing that this visit has not read: %s', (item) => {
    expect(play(...seen, take(item)).visit.taking).toBeNull();
  });

  it('hears nothing of an attempt that was left', () => {
    expect(play(...seen, take('a/0'), { type: 'leave_item' }, ready).visit.taking).toBeNull();
    expect(play(...seen, take('a/0'), { ...ready, attempt: 'id-1' } as VisitEvent).visit.taking?.step.stage).toBe('working');
  });

  it('shows it neither while the card is out nor in another’s name', () => {
    const events: VisitEvent[] = [...seen, take('a/0'), ready];
    expect(shown(play(...events, card({ state: 'empty' })).state)).toMatchObject({ taking: null });
    expect(shown(play(...events, { type: 'roles' }, { type: 'act_as', role: 0 }).state)).toMatchObject({ taking: null });
  });
});

describe('what is to be paid', () => {
  const bill: FileItem = {
    ...message('1'),
    kind: 'payment',
    cents: 6_500,
    due: '2026-12-10',
    paidOn: null,
    communication: '123456789002',
    payee: { name: 'Stad', iban: 'BE68539007547034' },
  } as FileItem;
  const pushed = (more: object) => {
    const { state } = play(...signedIn, sources('a'), answer('a', { ...bill, ...more } as FileItem));
    return pushFile(null, shownFile(state))?.items[0];
  };

  it('crosses with a code for the own phone', () => {
    const { code } = (pushed({}) as { phone: { code: string } }).phone;
    expect(code.split('\n').slice(5, 8)).toEqual(['Stad', 'BE68539007547034', 'EUR65.00']);
  });

  it.each([
    ['is paid', { paidOn: '2026-11-20' }],
    ['comes back to the person', { cents: -500 }],
    ['has no communication', { communication: undefined }],
    ['goes to nobody that its source names', { payee: undefined }],
  ])('has none where it %s', (_what, more) => {
    expect(pushed(more)).not.toHaveProperty('phone');
  });
});

describe('what crosses to the screen', () => {
  const { state } = play(...signedIn, roles, sources('a', 'b'), answer('a', message('1'), message('2')));

  it('names no number', () => {
    const push = pushFile(null, shownFile(state));
    expect(push?.items.map(({ key }) => key)).toEqual(['a/0', 'a/1']);
    const { situation } = state;
    const page =
      situation.phase === 'open'
        ? [
            showFile(
              situation.visit,
              { suggestions: { off: false, away: 0, shown: [] }, at: 0, prints: true, config: testTerminal },
              () => '',
            ),
            showRoles(situation.visit),
          ]
        : [];
    for (const text of [JSON.stringify(push), JSON.stringify(page)])
      expect(text).not.toMatch(new RegExp(`${ada.nationalNumber}|${other}|${grant.token}`));
  });

  it('is only what is new', () => {
    const next = step(state, answer('b', message('3')), { at: 50, freshId: 'x' });
    expect(pushFile(shownFile(state), shownFile(next))).toMatchObject({ sources: [{ id: 'b' }], emptied: [], items: [{ key: 'b/0' }] });
    expect(pushFile(shownFile(next), shownFile(next))).toBeNull();
  });

  it('is nothing while the page is covered, and all of it afterwards', () => {
    const covered = step(state, card({ state: 'empty' }), { at: 50, freshId: 'x' });
    expect(pushFile(shownFile(state), shownFile(covered))).toMatchObject({ reading: null });
    const back = step(covered, card(completeState(ada, 2)), { at: 51, freshId: 'y' });
    expect(pushFile(shownFile(covered), shownFile(back))?.items).toHaveLength(2);
  });

  it('takes back what a source said before it named somebody else', () => {
    const half = play(
      ...signedIn,
      sources('a'),
      line({ line: 'answer', answer: { source: 'a', state: 'fresh', asOf: '2026-11-22T09:00:00Z', items: [message('1')], more: true } }),
    ).state;
    const lied = step(half, answer('a', message('2', { kind: 'person', ssin: other })), { at: 50, freshId: 'x' });
    expect(pushFile(shownFile(half), shownFile(lied))).toMatchObject({
      sources: [{ id: 'a', state: 'silent', why: 'not_yours' }],
      emptied: ['a'],
      items: [],
    });
  });
});
