import { describe, expect, it } from 'vitest';
import type { TerminalConfig } from '../../../contract/terminal-config.ts';
import { KioskView } from '../../../contract/view.ts';
import { loadCatalogue } from '../../catalogue/load-catalogue.ts';
import { shippedCatalogue } from '../../catalogue/shipped.ts';
import { bundledForms } from '../../forms/bundled-forms.ts';
import { factsOfCard } from '../../forms/known-facts.ts';
import { loadForms } from '../../forms/load-forms.ts';
import { ada, completeState, identityState } from '../../testing/people.ts';
import { type Draft, type KioskState, noFindings, type VisitEvent } from '../state.ts';
import { takeProvenCard } from '../steps/card-facts.ts';
import { createVisitStep, waitingState } from '../steps/step-visit.ts';
import { showCheck, showQuestion } from './show-form.ts';
import { showKiosk } from './show-kiosk.ts';

const forms = loadForms(bundledForms, () => undefined);
const config = {
  terminal: 'kiosk-2',
  name: 'Kiosk 2',
  municipality: { code: '34022', name: { nl: 'Kortrijk', fr: 'Courtrai' }, prefix: 'KTR', desk: { nl: 'de balie' } },
  languages: ['nl', 'fr'],
  middleware: { ticketUrl: 'https://loket.example/t/' },
  screen: { pxPerMm: 'fit', kiosk: false },
  visit: { idleSeconds: 120, warningSeconds: 45, cardOutSeconds: 30, goodbyeSeconds: 30 },
} as unknown as TerminalConfig;
const step = createVisitStep({ forms, restLanguage: 'nl', idleMs: 120_000, warningMs: 45_000, cardOutMs: 30_000, goodbyeMs: 30_000 });

const atRest = waitingState({ reader: { state: 'empty' }, spent: null, storage: 'ok' }, { restLanguage: 'nl' });

function play(...events: VisitEvent[]): KioskState {
  return events.reduce((state, event, index) => step(state, event, { at: index, freshId: `visit-${index}` }), atRest);
}

function show(state: KioskState) {
  const view = showKiosk(
    state,
    { line: { state: 'up', since: null }, at: 1_000, today: '2026-11-20' },
    { config, forms, catalogue: loadCatalogue(shippedCatalogue, '34022', () => undefined) },
  );
  return KioskView.parse({ revision: 1, ...view });
}

const read: VisitEvent[] = [
  { type: 'card', state: { state: 'reading', insertion: 1 } },
  { type: 'card', state: identityState(ada, 1) },
];
const proven: VisitEvent = { type: 'card', state: completeState(ada, 1) };
const draft = {
  txId: 't',
  reference: 'KTR-0000-0000',
  openedAt: '2026-11-20T10:00:00.000Z',
  product: 'main-residence-certificate',
  form: 'main-residence-certificate',
  answers: {},
  attachments: [],
  photo: null,
  problems: {},
  signed: null,
};
const toCheck: VisitEvent[] = [
  ...read,
  proven,
  { type: 'continue' },
  { type: 'open', draft, line: 'up' },
  { type: 'answer', page: 'purpose', answers: { purpose: 'work' } },
  { type: 'answer', page: 'delivery', answers: { delivery: 'desk' } },
];

it('never lets the national number cross, whatever the page', () => {
  for (let length = 1; length <= toCheck.length; length += 1) {
    const text = JSON.stringify(show(play(...toCheck.slice(0, length))));
    expect(text).not.toContain(ada.nationalNumber);
    expect(text).not.toContain(ada.chipNumber);
  }
});

it('masks the name at the top, and says what has been proven', () => {
  expect(show(play(...read)).who).toEqual({ name: 'Ada T••••', trust: 'anonymous', proof: 'checking', acting: null });
  expect(show(play(...read, proven)).who).toEqual({ name: 'Ada T••••', trust: 'card_read', proof: 'proven', acting: null });
});

it('fills in what the form may read, each with its source', () => {
  const { screen } = show(play(...toCheck));
  if (screen.name !== 'check') throw new Error(screen.name);
  expect(screen.facts.map(({ fact, source }) => `${fact} from ${source}`)).toEqual(
    ['name', 'birth', 'nationality', 'address', 'nationalNumber'].map((fact) => `${fact} from card`),
  );
  expect(screen.answers.map(({ value }) => value)).toEqual(['Werk of uitkering', 'Ik haal het op aan de balie']);
  expect(screen.requestOnly).toContain('aanvraag');
});

const at = (page: number) => ({ at: 'question', page, changing: false }) as const;

it('shows a form no more than its manifest lists, even when a page asks for more', () => {
  const form = forms.get('main-residence-certificate');
  if (!form) throw new Error('no such form');
  const narrow = { ...form, reads: ['name' as const] };
  const card = takeProvenCard(completeState(ada, 1));
  const screen = showQuestion(narrow, draft, at(0), { card, known: factsOfCard(card), language: 'nl' });
  expect(screen.name === 'question' && screen.facts).toEqual([]);
});

describe('photographed papers', () => {
  const ids = ['0199a6f2-0000-7000-8000-000000000001', '0199a6f2-0000-7000-8000-000000000002'];
  const form = forms.get('collection-proxy');
  if (!form) throw new Error('no such form');
  const answered = { ...draft, form: form.id, answers: { who: 'Bram Proef', what: 'passport', papers: ids } };
  const photosIn = (more: Partial<Draft>, wanted = form) => {
    const screen = showQuestion(wanted, { ...answered, ...more }, at(2), { card: null, known: {}, language: 'nl' });
    return screen.name === 'question' ? screen.fields.map(({ value, photos }) => [value, photos]) : [];
  };

  it('are shown by their ids, with what becomes of the next, and whether one is needed', () => {
    const none = { ids, needed: false, room: 10, sealing: false, problem: null, desk: null };
    expect(photosIn({})).toEqual([['', none]]);
    expect(photosIn({ photo: { stage: 'sealing', field: 'papers', shot: 's' } })).toEqual([['', { ...none, sealing: true }]]);
    expect(photosIn({ photo: { stage: 'problem', field: 'papers', problem: 'disk_full' } })).toEqual([
      ['', { ...none, problem: 'disk_full' }],
    ]);
    const needed = { ...form, schema: { ...form.schema, required: ['papers'] } };
    expect(photosIn({}, needed)).toEqual([['', { ...none, needed: true }]]);
  });

  it('are counted on the check page, and no other field has any', () => {
    const around = { known: {}, language: 'nl', line: 'up' } as const;
    const check = showCheck(form, answered, { card: null, findings: noFindings }, around, null);
    expect(check.name === 'check' && check.answers.map(({ value, control }) => [control, value])).toEqual([
      ['text', 'Bram Proef'],
      ['choice', 'Mijn reispas'],
      ['photo', '2'],
    ]);
    const first = showQuestion(form, answered, at(0), { card: null, known: {}, language: 'nl' });
    expect(first.name === 'question' && first.fields[0]?.photos).toBeNull();
  });
});

it('speaks the language of the visit', () => {
  const { screen, town } = show(play(...toCheck, { type: 'language', language: 'fr' }));
  expect([town, screen.name === 'check' && screen.step.title]).toEqual(['Courtrai', 'Certificat de résidence principale']);
});

describe('a covered page', () => {
  it('names nobody', () => {
    const view = show(play(...toCheck, { type: 'card', state: { state: 'empty' } }));
    expect([view.cover?.kind, view.who]).toEqual(['card_out', null]);
  });
});

it('says before anybody types that nothing can be kept', () => {
  expect(show({ ...atRest, storage: 'disk_full' }).screen).toEqual({ name: 'broken', reason: 'disk_full' });
});

it('leads the ticket’s code to a page that carries the reference and nothing else', () => {
  const kept: VisitEvent[] = [
    ...toCheck,
    { type: 'send' },
    { type: 'kept', txId: 't', keptAt: '2026-11-20T10:01:00.000Z', proof: 'k1.proof' },
  ];
  const { screen } = show(play(...kept));
  expect(screen.name === 'kept' && screen.ticket.url).toBe('https://loket.example/t/KTR-0000-0000#k1.proof');
});

describe('the goodbye page', () => {
  const kept: VisitEvent[] = [
    ...toCheck,
    { type: 'send' },
    { type: 'kept', txId: 't', keptAt: '2026-11-20T10:01:00.000Z', proof: 'k1.proof' },
  ];

  it('has each ticket with the address that its code leads to, and the seconds that it stays', () => {
    const { screen } = show(play(...kept, { type: 'card', state: { state: 'empty' } }));
    expect(screen).toMatchObject({
      tickets: [{ reference: 'KTR-0000-0000', url: 'https://loket.example/t/KTR-0000-0000#k1.proof' }],
      secondsLeft: 30,
    });
  });

  it('counts no time while the card is in: the page waits for it', () => {
    const { screen } = show(play(...kept, { type: 'stop', why: 'stopped' }));
    expect(screen).toMatchObject({ name: 'goodbye', cardStillIn: true, secondsLeft: null });
  });
});
