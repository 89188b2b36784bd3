import { describe, expect, it } from 'vitest';
import { createStreetFinder } from '../../contract/address.ts';
import type { Typed } from '../../contract/answers.ts';
import { priceOf } from '../../contract/forms/price.ts';
import { communicationOf } from '../../contract/payment.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import { ada } from '../testing/people.ts';
import { attemptOf, open, play, put } from '../testing/play-visit.ts';
import type { Visit, VisitEvent } from '../visit/state.ts';
import { shownPages } from '../visit/steps/fill-form.ts';
import { bundledForms } from './bundled-forms.ts';
import { loadForms } from './load-forms.ts';
import { makeTransaction } from './make-transaction.ts';

const forms = loadForms(bundledForms, () => undefined);
const formOf = (id: string) => {
  const form = forms.get(id);
  if (!form) throw new Error(`no form ${id}`);
  return form;
};

/** What opens a form besides its product: a chip's answer, a PIN. */
function enter(id: string): VisitEvent[] {
  const form = formOf(id);
  const opened: VisitEvent[] = [...(form.trust === 'anonymous' ? [{ type: 'begin' } as const] : put()), open(id)];
  if (form.provesChip) opened.push({ type: 'chip', insertion: 1, txId: `tx-${id}`, chip: { outcome: 'proven', evidence: null } });
  if (form.trust !== 'authenticated') return opened;
  const evidence = { challenge: 'c', token: {} } as never;
  return [...opened, { type: 'signed_in', attempt: attemptOf(play(...opened).visit), evidence }];
}

type Step = [page: string, typed: Typed] | { row: string; at: number; typed: Typed };

function journey(id: string, steps: Step[]): VisitEvent[] {
  return [
    ...enter(id),
    ...steps.flatMap((step): VisitEvent[] => {
      if (Array.isArray(step)) return [{ type: 'answer', page: step[0], answers: step[1] }];
      return [
        { type: 'row', page: step.row, row: step.at },
        { type: 'answer', page: `${step.row}/${step.at}`, answers: step.typed },
      ];
    }),
  ];
}

/** Walks a form to its check page and sends it. Says where it stopped when it did. */
function send(id: string, steps: Step[]): TransactionContent {
  const { visit } = play(...journey(id, steps));
  if (visit.place.at !== 'check') throw new Error(`${id} stopped at ${JSON.stringify([visit.place, visit.draft?.problems])}`);
  return contentOf(id, visit);
}

function contentOf(id: string, visit: Visit): TransactionContent {
  const draft = visit.draft && { ...visit.draft, txId: '01936f5e-0000-7000-8000-000000000001', openedAt: '2026-11-20T10:00:00.000Z' };
  const sent = makeTransaction({
    // The evidence of a sign-in is another test's; here the trust is enough.
    visit: { ...visit, draft, findings: { ...visit.findings, signIn: null } },
    form: { ...formOf(id), trust: formOf(id).trust === 'authenticated' ? 'card_read' : formOf(id).trust },
    municipalityCode: '34022',
    language: 'nl',
    submittedAt: new Date('2026-11-20T10:01:00Z'),
  });
  if (!sent.ok) throw new Error(`${id}: ${sent.error}`);
  return sent.value;
}

const address = (name: string, number = '24'): Typed => ({
  [`${name}.street`]: 'Vlasblomstraat',
  [`${name}.number`]: number,
  [`${name}.postalCode`]: '8500',
  [`${name}.municipality`]: 'Kortrijk',
});
const vlas = { street: 'Vlasblomstraat', number: '24', postalCode: '8500', municipality: 'Kortrijk' };
const phone: Step = ['phone', { phone: '0470 12 34 56' }];
const iban = 'BE68539007547034';

describe('each of the fourteen products can be asked for, and its answers are what the middleware reads', () => {
  it('main residence certificate with its history', () => {
    const sent = send('main-residence-certificate', [
      ['purpose', { purpose: 'other' }],
      ['recipient', { recipient: 'Vlaamse Woonmaatschappij De Weef' }],
      ['history', { history: 'five-years' }],
      ['delivery', { delivery: 'post' }],
    ]);
    expect(sent.answers).toEqual({
      purpose: 'other',
      recipient: 'Vlaamse Woonmaatschappij De Weef',
      history: 'five-years',
      delivery: 'post',
    });
  });

  it('household composition', () => {
    expect(
      send('household-composition', [
        ['purpose', { purpose: 'school' }],
        ['delivery', { delivery: 'desk' }],
      ]).answers,
    ).toEqual({
      purpose: 'school',
      delivery: 'desk',
    });
  });

  it('certificate of nationality, life or civil status', () => {
    const sent = send('civil-certificate', [
      ['which', { which: 'life' }],
      ['purpose', { purpose: 'work' }],
      ['delivery', { delivery: 'post' }],
    ]);
    expect(sent.answers.which).toBe('life');
  });

  it('change of address, with who moves along', () => {
    const sent = send('change-of-address', [
      ['address', { ...address('newAddress'), 'newAddress.box': '3' }],
      ['from', { from: '2026-11-18' }],
      ['together', { together: 'yes' }],
      { row: 'members', at: 0, typed: { name: 'Nora Proef', birthDate: '2019-05-04' } },
      { row: 'members', at: 1, typed: { name: 'Bram Proef', birthDate: '1988-01-12' } },
      ['members', {}],
      ['occupied', { occupied: 'yes' }],
      ['host', { host: 'Mila Toets' }],
      phone,
    ]);
    expect(sent.answers).toEqual({
      newAddress: { ...vlas, box: '3' },
      from: '2026-11-18',
      together: true,
      members: [
        { name: 'Nora Proef', birthDate: '2019-05-04' },
        { name: 'Bram Proef', birthDate: '1988-01-12' },
      ],
      occupied: true,
      host: 'Mila Toets',
      phone: '+32470123456',
    });
  });

  it('resident parking permit, with a payment that is not lost when nobody pays', () => {
    const sent = send('resident-parking-permit', [
      ['plate', { plate: '1 abc 123' }],
      ['owner', { owner: 'lease' }],
      ['papers', { papers: 'to-desk' }],
      ['which', { which: 'second' }],
      ['zone', { zone: 'centre' }],
      ['from', { from: '2026-12-01' }],
    ]);
    expect(sent.answers).toMatchObject({ plate: '1-ABC-123', papers: 'to-desk' });
    expect(sent.payment).toEqual({ cents: 10_000, communication: communicationOf(sent.reference) });
    const first = send('resident-parking-permit', [
      ['plate', { plate: 'KR-VL 204' }],
      ['owner', { owner: 'mine' }],
      ['which', { which: 'first' }],
      ['zone', { zone: 'unknown' }],
      ['from', { from: '2026-12-01' }],
    ]);
    expect([first.payment, first.answers.plate]).toEqual([undefined, 'KRVL204']);
  });

  it('waste container, at the card’s address, on somebody else’s number', () => {
    const own = play(...enter('waste-container')).visit;
    expect(own.card?.identity.nationalNumber).toBe(ada.nationalNumber);
    const sent = send('waste-container', [
      ['what', { what: 'extra' }],
      ['kind', { kind: 'paper' }],
      ['size', { size: 'large' }],
      ['lock', { lock: 'no' }],
      ['address', address('address', '7A')],
      ['reference', { isReference: 'no' }],
      ['person', { referenceName: 'Bram Proef', referenceNumber: `${ada.nationalNumber.slice(0, 6)}-${ada.nationalNumber.slice(6)}` }],
    ]);
    expect(sent.answers).toMatchObject({ lock: false, isReference: false, referenceNumber: ada.nationalNumber });
    expect(sent.payment?.cents).toBe(4_500);
    const broken = send('waste-container', [
      ['what', { what: 'broken' }],
      ['kind', { kind: 'rest' }],
      ['address', address('address')],
      ['reference', { isReference: 'yes' }],
    ]);
    expect(broken.payment).toBeUndefined();
  });

  it('event report', () => {
    const sent = send('event-report', [
      ['organiser', { organiser: 'association' }],
      ['organisation', { organisationName: 'Vlasfeest', enterpriseNumber: '0207.494.678' }],
      ['event', { eventName: 'Vlasfeest', eventText: 'Muziek en eten op het plein.' }],
      ['place', { 'place.description': 'Grote Weefplaats' }],
      ['when', { firstDay: '2027-05-01', lastDay: '2027-05-02' }],
      ['crowd', { crowd: '1.500' }],
      ['with', { with: 'music road' }],
      ['road', { road: 'Weefplaats, van 8 tot 22 uur' }],
      ['safety', { safetyName: 'Mila Toets', safetyPhone: '056 27 70 00' }],
      ['papers', {}],
    ]);
    expect(sent.answers).toMatchObject({
      enterpriseNumber: '0207494678',
      crowd: 1500,
      with: ['music', 'road'],
      safetyPhone: '+3256277000',
    });
    const small = send('event-report', [
      ['organiser', { organiser: 'person' }],
      ['event', { eventName: 'Lezing', eventText: 'Een lezing over vlas.' }],
      ['place', { 'place.description': 'Zaal De Weef' }],
      ['when', { firstDay: '2027-05-01', lastDay: '2027-05-01' }],
      ['crowd', { crowd: '20' }],
      ['with', {}],
      ['safety', { safetyName: 'Mila Toets', safetyPhone: '056 27 70 00' }],
      ['papers', {}],
    ]);
    expect(Object.keys(small.answers)).not.toContain('with');
  });

  it('street party subsidy', () => {
    const sent = send('street-party-subsidy', [
      ['place', { 'place.description': 'Vlasblomstraat' }],
      ['day', { day: '2027-06-12' }],
      ['guests', { guests: '40' }],
      ['second', { secondName: 'Bram Proef', ...address('secondAddress', '31') }],
      ['account', { iban: 'be68 5390 0754 7034', holder: 'Buurt Vlasblom' }],
      phone,
    ]);
    expect(sent.answers).toMatchObject({ iban, guests: 40, secondAddress: { ...vlas, number: '31' } });
  });

  it('other subsidy', () => {
    const sent = send('other-subsidy', [
      ['organisation', { organisationName: 'Weefkring', enterpriseNumber: 'BE 0207 494 678' }],
      ['role', { role: 'treasurer' }],
      ['kind', { kind: 'project' }],
      ['plan', { plan: 'We maken een tuin met vlas in de wijk.' }],
      ['amount', { amount: '1.250,50' }],
      ['account', { iban }],
      ['email', { email: 'mila.toets@voorbeeld.be' }],
      ['papers', { papers: 'to-desk' }],
    ]);
    expect(sent.answers).toMatchObject({
      role: 'treasurer',
      amount: 125_050,
      enterpriseNumber: '0207494678',
      email: 'mila.toets@voorbeeld.be',
    });
  });

  it('appointment, without a card', () => {
    const sent = send('appointment', [
      ['service', { service: 'other' }],
      ['about', { about: 'Een boom op de grens' }],
      ['day', { day: '2026-12-01' }],
      ['time', { time: 'morning evening' }],
      ['name', { name: 'Mila Toets' }],
      ['way', { way: 'email' }],
      ['email', { email: 'mila.toets@voorbeeld.be' }],
    ]);
    expect([sent.trust, sent.person, sent.answers.time]).toEqual(['anonymous', null, ['morning', 'evening']]);
  });

  it('library membership of a child', () => {
    const sent = send('library-membership', [
      ['who', { who: 'child' }],
      ['child', { childName: 'Nora Proef', childBirth: '2019-05-04', guardian: 'parent' }],
      ['email', { email: 'mila.toets@voorbeeld.be' }],
    ]);
    expect(sent.answers).toMatchObject({ childName: 'Nora Proef', guardian: 'parent' });
  });

  it('hall and material', () => {
    const hall = send('hall-loan', [
      ['what', { what: 'hall' }],
      ['hall', { hall: 'large' }],
      ['when', { firstDay: '2027-02-06', lastDay: '2027-02-07' }],
      ['forWhom', { forAssociation: 'no' }],
      phone,
    ]);
    expect(hall.payment?.cents).toBe(7_500);
    const material = send('hall-loan', [
      ['what', { what: 'material' }],
      { row: 'items', at: 0, typed: { item: 'chair', count: '60' } },
      ['items', {}],
      ['when', { firstDay: '2027-02-06', lastDay: '2027-02-07' }],
      ['forWhom', { forAssociation: 'yes' }],
      ['organisation', { organisationName: 'Weefkring' }],
      phone,
    ]);
    expect([material.payment, material.answers.items]).toEqual([undefined, [{ item: 'chair', count: 60 }]]);
  });

  it('street defect, without a card', () => {
    const sent = send('street-defect', [
      ['category', { category: 'pavement' }],
      ['place', { 'place.description': 'Vlasmarkt 3' }],
      ['papers', {}],
    ]);
    expect([sent.trust, sent.person, sent.answers]).toEqual([
      'anonymous',
      null,
      { category: 'pavement', place: { description: 'Vlasmarkt 3' } },
    ]);
  });

  it('own data and consultations', () => {
    expect(send('data-consultations', [['period', { period: 'year' }]]).answers).toEqual({ period: 'year' });
  });
});

describe('a card that was only read', () => {
  it.each([...forms.values()].filter(({ trust }) => trust === 'card_read').map((form) => [form.id, form] as const))(
    'makes no more of %s than a request',
    (_id, form) => {
      expect(form.requestOnly).toBeDefined();
    },
  );
});

describe('a last day', () => {
  const toDays: [string, Step[], string][] = [
    [
      'hall-loan',
      [
        ['what', { what: 'hall' }],
        ['hall', { hall: 'large' }],
      ],
      'when',
    ],
    [
      'event-report',
      [
        ['organiser', { organiser: 'person' }],
        ['event', { eventName: 'Proefmarkt', eventText: 'Kraampjes op het plein' }],
        ['place', { 'place.description': 'Het plein' }],
      ],
      'when',
    ],
  ];
  it.each(toDays)('of %s is not before the first', (id, steps, page) => {
    const problems = (firstDay: string, lastDay: string) =>
      play(...journey(id, [...steps, [page, { firstDay, lastDay }]])).visit.draft?.problems;
    expect(problems('2027-02-07', '2027-02-06')).toEqual({ lastDay: 'too_early' });
    expect(problems('2027-02-06', '2027-02-06')).toEqual({});
  });
});

describe('answers that are not asked any more', () => {
  const steps: Step[] = [
    ['what', { what: 'hall' }],
    ['hall', { hall: 'large' }],
    ['when', { firstDay: '2027-02-06', lastDay: '2027-02-07' }],
    ['forWhom', { forAssociation: 'no' }],
    phone,
  ];
  const toMaterial: VisitEvent[] = [
    { type: 'change', page: 'what' },
    { type: 'answer', page: 'what', answers: { what: 'material' } },
  ];

  it('lead first to what the change made necessary, and are neither sent nor paid', () => {
    const { visit } = play(...journey('hall-loan', steps), ...toMaterial);
    expect(visit.place).toEqual({ at: 'question', page: 2, changing: true });
    const filled = play(
      ...journey('hall-loan', steps),
      ...toMaterial,
      { type: 'row', page: 'items', row: 0 },
      { type: 'answer', page: 'items/0', answers: { item: 'table', count: '4' } },
      { type: 'answer', page: 'items', answers: {} },
    ).visit;
    expect(filled.place.at).toBe('check');
    const sent = contentOf('hall-loan', filled);
    expect([sent.answers.hall, sent.payment]).toEqual([undefined, undefined]);
    expect(priceOf(formOf('hall-loan'), filled.draft?.answers ?? {})).toBe(0);
  });

  it('come back when the person changes it back', () => {
    const back = play(
      ...journey('hall-loan', steps),
      ...toMaterial,
      { type: 'back' },
      { type: 'change', page: 'what' },
      {
        type: 'answer',
        page: 'what',
        answers: { what: 'hall' },
      },
    ).visit;
    expect([back.place.at, contentOf('hall-loan', back).answers.hall]).toEqual(['check', 'large']);
  });
});

describe('a list', () => {
  const toList: Step[] = [
    ['address', address('newAddress')],
    ['from', { from: '2026-11-18' }],
    ['together', { together: 'yes' }],
  ];
  const add = (at: number, name: string): Step => ({ row: 'members', at, typed: { name, birthDate: '2019-05-04' } });
  const rowsIn = (...events: VisitEvent[]) =>
    (play(...journey('change-of-address', [...toList, add(0, 'Nora Proef'), add(1, 'Bram Proef')]), ...events).visit.draft?.answers
      .members ?? []) as { name: string }[];

  it('takes another, changes one and removes one', () => {
    expect(rowsIn().map(({ name }) => name)).toEqual(['Nora Proef', 'Bram Proef']);
    const change: VisitEvent[] = [
      { type: 'row', page: 'members', row: 0 },
      { type: 'answer', page: 'members/0', answers: { name: 'Nora Toets', birthDate: '2019-05-04' } },
    ];
    expect(rowsIn(...change).map(({ name }) => name)).toEqual(['Nora Toets', 'Bram Proef']);
    expect(rowsIn({ type: 'row_remove', page: 'members', row: 0 }).map(({ name }) => name)).toEqual(['Bram Proef']);
  });

  it('holds only what is right, and no more than there is room for', () => {
    const wrong: VisitEvent[] = [
      { type: 'row', page: 'members', row: 2 },
      { type: 'answer', page: 'members/2', answers: { name: 'Vic', birthDate: '2019-02-30' } },
    ];
    const { visit } = play(...journey('change-of-address', [...toList, add(0, 'Nora Proef'), add(1, 'Bram Proef')]), ...wrong);
    expect([visit.place, visit.draft?.problems]).toEqual([
      { at: 'question', page: 3, changing: false, row: 2 },
      { birthDate: 'not_a_day' },
    ]);
    expect(rowsIn(...wrong)).toHaveLength(2);
    expect(
      rowsIn(
        { type: 'row', page: 'members', row: 9 },
        { type: 'answer', page: 'members/9', answers: { name: 'X', birthDate: '2019-05-04' } },
      ),
    ).toHaveLength(2);
    const many = Array.from({ length: 12 }, (_, at) => add(at, `Kind ${at}`));
    const full = play(...journey('change-of-address', [...toList, ...many])).visit.draft?.answers.members;
    expect(full).toHaveLength(10);
  });

  it('looks at the days of its rows too', () => {
    const steps: VisitEvent[] = [
      ...journey('change-of-address', toList).map((event) =>
        event.type === 'open' ? { ...event, draft: { ...event.draft, openedAt: '2026-11-20T10:00:00Z' } } : event,
      ),
      { type: 'row', page: 'members', row: 0 },
      { type: 'answer', page: 'members/0', answers: { name: 'Vic Proef', birthDate: '2029-01-01' } },
    ];
    expect(play(...steps).visit.draft?.problems).toEqual({ birthDate: 'too_late' });
  });

  it('is not left empty where somebody said that there is somebody', () => {
    const { visit } = play(...journey('change-of-address', [...toList, ['members', {}]]));
    expect(visit.draft?.problems).toEqual({ members: 'missing' });
  });
});

it('counts the pages that are asked, and no others', () => {
  const { visit } = play(...journey('appointment', [['service', { service: 'card' }]]));
  const names = visit.draft ? shownPages(formOf('appointment'), visit.draft).map(({ page }) => page.name) : [];
  expect(names).toEqual(['service', 'day', 'time', 'name', 'way']);
});

describe('streets of the register', () => {
  const finder = createStreetFinder({
    asOf: '2026-10-01',
    municipalities: [
      { code: '34022', name: { nl: 'Kortrijk', fr: 'Courtrai' } },
      { code: '34023', name: { nl: 'Kuurne' } },
    ],
    streets: [
      { id: 'a', name: { nl: 'Vlasblomstraat' }, municipality: '34023', postalCode: '8520' },
      { id: 'b', name: { nl: 'Vlaskapelweg' }, municipality: '34022', postalCode: '8500' },
      { id: 'c', name: { nl: 'Oude Vlasweg' }, municipality: '34022', postalCode: '8510' },
    ],
  });

  it('are found by their beginning, the person’s own municipality first, with the short ways to write them', () => {
    expect(finder.find('vlas', '34022').map(({ id }) => id)).toEqual(['b', 'c', 'a']);
    expect(finder.find('vlas', '34023').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(finder.find('Vlasblomstr. 24', '34022').map(({ id }) => id)).toEqual(['a']);
    expect(finder.find('v', '34022')).toEqual([]);
    expect(finder.codeOf('COURTRAI')).toBe('34022');
  });
});
