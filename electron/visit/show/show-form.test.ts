import { describe, expect, it } from 'vitest';
import { createStreetFinder } from '../../../contract/address.ts';
import type { Answers } from '../../../contract/answers.ts';
import type { Field } from '../../../contract/form.ts';
import type { TownMap } from '../../../contract/map.ts';
import { KioskView } from '../../../contract/view.ts';
import { loadCatalogue } from '../../catalogue/load-catalogue.ts';
import { shippedCatalogue } from '../../catalogue/shipped.ts';
import { demoMap } from '../../demo/demo-map.ts';
import { bundledForms } from '../../forms/bundled-forms.ts';
import { factsOfCard } from '../../forms/known-facts.ts';
import { type Form, loadForms } from '../../forms/load-forms.ts';
import { ada, completeState } from '../../testing/people.ts';
import { open, play, put, step } from '../../testing/play-visit.ts';
import { testTerminal } from '../../testing/terminal.ts';
import { type Draft, noFindings, type VisitEvent } from '../state.ts';
import { takeProvenCard } from '../steps/card-facts.ts';
import { answerPage, findStreet, goBack, type PageReading } from '../steps/fill-form.ts';
import { createVisitStep, waitingState } from '../steps/step-visit.ts';
import { showCatalogue } from './show-catalogue.ts';
import { type Asking, showCheck, showQuestion } from './show-form.ts';

const forms = loadForms(bundledForms, () => undefined);
const formOf = (id: string): Form => {
  const form = forms.get(id);
  if (!form) throw new Error(`no form ${id}`);
  return form;
};
const card = takeProvenCard(completeState(ada, 1));
const at = (form: Form, page: string) =>
  ({ at: 'question', page: form.pages.findIndex(({ name }) => name === page), changing: false }) as const;
const draftOf = (form: Form, answers: Answers, more: Partial<Draft> = {}): Draft => ({
  txId: 't',
  reference: 'KTR-0000-0000',
  openedAt: '2026-11-20T10:00:00.000Z',
  product: form.id,
  form: form.id,
  answers,
  attachments: [],
  photo: null,
  problems: {},
  signed: null,
  ...more,
});
function fieldsOn(form: Form, page: string, answers: Answers, more: Partial<Draft> = {}) {
  const screen = showQuestion(form, draftOf(form, answers, more), at(form, page), { card, known: factsOfCard(card), language: 'nl' });
  if (screen.name !== 'question') throw new Error(screen.name);
  return screen.fields;
}
const answersOn = (form: Form, answers: Answers) => {
  const screen = showCheck(
    form,
    draftOf(form, answers),
    { card, findings: noFindings },
    { known: factsOfCard(card), language: 'nl', line: 'up' },
    null,
  );
  if (screen.name !== 'check') throw new Error(screen.name);
  return screen;
};

const container = formOf('waste-container');
const home = { street: 'Zandkapelstraat', number: '18', postalCode: '8500', municipality: 'Kortrijk' };
const asked: Answers = { what: 'broken', kind: 'rest' };

describe('what is known', () => {
  it('stands in the boxes with its source, and counts as answered once the person goes on', () => {
    const [address] = fieldsOn(container, 'address', asked);
    expect(address).toMatchObject({ parts: home, source: 'card' });
    const events: VisitEvent[] = [
      ...put(),
      open('waste-container'),
      { type: 'answer', page: 'what', answers: { what: 'broken' } },
      { type: 'answer', page: 'kind', answers: { kind: 'rest' } },
      {
        type: 'answer',
        page: 'address',
        answers: Object.fromEntries(Object.entries(home).map(([part, text]) => [`address.${part}`, text])),
      },
      { type: 'answer', page: 'reference', answers: { isReference: 'yes' } },
    ];
    const { visit } = play(...events);
    const row = answersOn(container, visit.draft?.answers ?? {}).answers.find(({ page }) => page === 'address');
    expect(row).toMatchObject({ source: 'card', value: 'Zandkapelstraat 18\n8500 Kortrijk' });
  });

  it('is the person’s own as soon as it says something else', () => {
    const answers = { ...asked, address: { ...home, number: '20' } };
    expect(fieldsOn(container, 'address', answers)[0]).toMatchObject({ source: null });
    expect(answersOn(container, answers).answers.find(({ page }) => page === 'address')).toMatchObject({ source: null });
  });

  it('is not looked at by a form that does not list it', () => {
    const defect = { ...formOf('street-defect') };
    const wanting = {
      ...(bundledForms.find((form) => (form as { id: string }).id === 'street-defect') as { pages: { fields: Field[] }[] }),
    };
    const pages = wanting.pages.map((page) => ({ ...page, fields: page.fields.map((field) => ({ ...field, prefill: ['card.address'] })) }));
    expect(loadForms([{ ...defect, pages }], () => undefined).size).toBe(0);
  });
});

describe('a national number', () => {
  const answers: Answers = {
    ...asked,
    address: home,
    isReference: false,
    referenceName: 'Bram Proef',
    referenceNumber: ada.nationalNumber,
  };

  it('never crosses to the page, only its end does', () => {
    const screens = [fieldsOn(container, 'person', answers), answersOn(container, answers)];
    expect(JSON.stringify(screens)).not.toContain(ada.nationalNumber);
    expect(fieldsOn(container, 'person', answers)[1]).toMatchObject({ value: '', masked: `••.••.••-•••.${ada.nationalNumber.slice(-2)}` });
  });

  it('stays when its box is left empty, and goes when another is typed', () => {
    const walk = { form: container, draft: draftOf(container, answers), place: at(container, 'person') };
    const reading: PageReading = { streets: null, near: '', here: '', known: {} };
    const again = (referenceNumber: string) => answerPage(walk, 'person', { referenceName: 'Bram Proef', referenceNumber }, reading).draft;
    expect(again('').answers.referenceNumber).toBe(ada.nationalNumber);
    expect(again('85073099799').problems).toEqual({ referenceNumber: 'number_check' });
  });
});

describe('what is wrong', () => {
  const errorOf = (id: string, page: string, typed: Record<string, string>, answers: Answers = {}) => {
    const form = formOf(id);
    const walk = { form, draft: draftOf(form, answers), place: at(form, page) };
    const { draft } = answerPage(walk, page, typed, { streets: null, near: '', here: '', known: {} });
    const screen = showQuestion(form, draft, at(form, page), { card, known: factsOfCard(card), language: 'nl' });
    return screen.name === 'question' ? screen.fields.map(({ error }) => error) : [];
  };

  it.each([
    [
      'street-party-subsidy',
      'account',
      { iban: 'BE68 5390 0754 7035', holder: 'Buurt' },
      'Dit rekeningnummer klopt niet. Kijk elk cijfer na op uw bankkaart.',
    ],
    ['street-party-subsidy', 'guests', { guests: '12' }, 'Dit getal is te klein. Kijk na wat hier gevraagd wordt.'],
    ['street-party-subsidy', 'guests', { guests: 'veel' }, 'Dit is geen getal. Typ alleen cijfers.'],
    ['street-party-subsidy', 'day', { day: '2026-11-19' }, 'Die dag is te vroeg. Kijk het jaar na, of kies een latere dag.'],
    ['street-party-subsidy', 'day', { day: '2028-11-19' }, 'Die dag is te laat. Kijk het jaar na, of kies een vroegere dag.'],
    ['street-party-subsidy', 'day', { day: '2027-02-29' }, 'Die dag staat niet in de kalender. Kijk de datum na.'],
    ['street-party-subsidy', 'day', {}, 'Vul de dag van het feest in.'],
    ['resident-parking-permit', 'plate', { plate: '1' }, 'Dit is geen nummerplaat. Typ letters en cijfers zoals 1-ABC-123.'],
    [
      'change-of-address',
      'address',
      { 'newAddress.street': 'Vlasblomstraat' },
      'Een adres heeft een straat en een nummer, zoals Vlasblomstraat 24.',
    ],
  ])('%s, %s, %j is said as it is', (id, page, typed, sentence) => {
    expect(errorOf(id, page, typed as Record<string, string>)[0]).toBe(sentence);
  });
});

it('a plate that is not of here is taken, with a word about it', () => {
  const form = formOf('resident-parking-permit');
  const remarkOf = (plate: string) => answersOn(form, { plate }).answers[0]?.remark;
  expect(remarkOf('1-ABC-123')).toBeNull();
  expect(remarkOf('BMU2040')).toMatch(/geen Belgische nummerplaat/);
  expect(remarkOf('VLAS')).toMatch(/gekozen nummerplaat/);
});

it('a price is on the check page, by what was chosen', () => {
  const form = formOf('resident-parking-permit');
  expect([answersOn(form, { which: 'second' }).price, answersOn(form, { which: 'first' }).price]).toEqual([
    expect.stringMatching(/100/),
    null,
  ]);
});

it('likely days are those of the range, and none for a birth', () => {
  const daysOn = (id: string, page: string, answers: Answers) =>
    fieldsOn(formOf(id), page, answers).flatMap(({ days }) => days.map(({ name, day }) => `${name} ${day}`));
  expect(daysOn('change-of-address', 'from', { newAddress: home })).toEqual(['today 2026-11-20', 'tomorrow 2026-11-21']);
  expect(daysOn('appointment', 'day', { service: 'card' })).toEqual(['tomorrow 2026-11-21']);
  expect(daysOn('library-membership', 'child', { who: 'child' })).toEqual([]);
});

it('a calendar is there for a day near today, from the first to the last that makes sense', () => {
  const calendarOn = (id: string, page: string, answers: Answers) => fieldsOn(formOf(id), page, answers).map(({ calendar }) => calendar);
  expect(calendarOn('change-of-address', 'from', { newAddress: home })).toEqual([
    { today: '2026-11-20', from: '2025-11-20', to: '2027-02-20' },
  ]);
  expect(calendarOn('library-membership', 'child', { who: 'child' })).not.toContainEqual(expect.objectContaining({ today: '2026-11-20' }));
});

it('a map is there for a place alone, and only where the town has one', () => {
  const form = formOf('street-defect');
  const mapOf = (map: TownMap | null, page: string) => {
    const asking: Asking = { card: null, known: {}, language: 'nl', streets: { finder: null, near: '34022', map } };
    const shown = showQuestion(form, draftOf(form, {}), at(form, page), asking);
    return shown.name === 'question' ? shown.fields[0]?.map : undefined;
  };
  expect([mapOf(demoMap, 'place'), mapOf(null, 'place'), mapOf(demoMap, 'category')]).toEqual([{ asOf: '2026-10-01' }, null, null]);
});

describe('streets', () => {
  const finder = createStreetFinder({
    asOf: '2026-10-01',
    municipalities: [{ code: '34022', name: { nl: 'Kortrijk' } }],
    streets: [{ id: 'v', name: { nl: 'Vlasblomstraat' }, municipality: '34022', postalCode: '8500' }],
  });
  const form = formOf('change-of-address');
  const reading: PageReading = { streets: finder, near: '34022', here: '34022', known: {} };
  const walk = { form, draft: draftOf(form, {}), place: at(form, 'address') };
  const typed = {
    'newAddress.street': 'Vlasblomstraat',
    'newAddress.number': '24',
    'newAddress.postalCode': '8500',
    'newAddress.municipality': 'Kortrijk',
  };

  it('are shown for the box that is typed in, with the day of the copy, and for no other', () => {
    const found = findStreet(walk, { page: 'address', field: 'newAddress', text: 'vlas' }, reading);
    const screen = showQuestion(form, found.draft, walk.place, {
      card,
      known: factsOfCard(card),
      language: 'nl',
      streets: { finder, near: '34022' },
    });
    const streets = screen.name === 'question' ? screen.fields[0]?.streets : null;
    expect(streets).toMatchObject({
      asOf: '2026-10-01',
      typed: 'vlas',
      found: [{ id: 'v', name: 'Vlasblomstraat', municipality: 'Kortrijk' }],
    });
    expect(findStreet(walk, { page: 'from', field: 'newAddress', text: 'vlas' }, reading)).toBe(walk);
  });

  it('that were chosen keep their number in the register; what was typed over has none', () => {
    const answer = (street: string) =>
      answerPage(walk, 'address', { ...typed, 'newAddress.street': street, 'newAddress.streetId': 'v' }, reading).draft.answers;
    expect(answer('Vlasblomstraat').newAddress).toMatchObject({ streetId: 'v', municipalityCode: '34022', registerOf: '2026-10-01' });
    expect(answer('Vlasblomlaan').newAddress).toEqual({
      street: 'Vlasblomlaan',
      number: '24',
      postalCode: '8500',
      municipality: 'Kortrijk',
    });
  });

  it('of another town are another town’s matter, by the postal code, where the copy has streets of this one', () => {
    const away = { ...typed, 'newAddress.postalCode': '9000', 'newAddress.municipality': 'Gent' };
    const problemsOf = (answers: typeof typed, around: PageReading) => answerPage(walk, 'address', answers, around).draft.problems;
    expect(problemsOf(away, reading)).toEqual({ newAddress: 'other_town' });
    const marke = { ...typed, 'newAddress.municipality': 'Marke' };
    for (const one of [typed, marke]) expect(problemsOf(one, reading)).toEqual({});
    for (const around of [
      { ...reading, here: '34023' },
      { ...reading, streets: null },
    ])
      expect(problemsOf(away, around)).toEqual({});
  });

  it('need no copy: without one an address is what was typed', () => {
    const { draft } = answerPage(walk, 'address', { ...typed, 'newAddress.streetId': 'v' }, { ...reading, streets: null });
    expect([draft.problems, draft.answers.newAddress]).toEqual([
      {},
      { street: 'Vlasblomstraat', number: '24', postalCode: '8500', municipality: 'Kortrijk' },
    ]);
  });
});

it('“back” leads past pages that are not asked', () => {
  const form = formOf('change-of-address');
  const answers: Answers = { newAddress: home, from: '2026-11-20', together: false, occupied: false };
  const back = goBack({ form, draft: draftOf(form, answers), place: at(form, 'phone') });
  expect(back.place).toEqual(at(form, 'occupied'));
});

describe('a form with an error', () => {
  it('is closed by itself, and every other goes on', () => {
    const broken = {
      ...(bundledForms[0] as object),
      pages: [{ name: 'x', question: { nl: 'x' }, fields: [{ name: 'y', control: 'hologram' }] }],
    };
    const some = loadForms([broken, ...bundledForms.slice(1)], () => undefined);
    expect([some.has('main-residence-certificate'), some.size]).toEqual([false, bundledForms.length - 1]);
    const rules = { restLanguage: 'nl', idleMs: 120_000, warningMs: 45_000, cardOutMs: 30_000, goodbyeMs: 30_000 } as const;
    const brokenStep = createVisitStep({ forms: some, ...rules });
    const atRest = waitingState({ reader: { state: 'empty' }, spent: null, storage: 'ok' }, { restLanguage: 'nl' });
    const placeAfter = (which: typeof step, id: string) => {
      const begun = which(atRest, { type: 'begin' }, { at: 0, freshId: 'v' });
      const opened = which(begun, open(id), { at: 1, freshId: 'w' });
      return opened.situation.phase === 'open' ? opened.situation.visit.place.at : null;
    };
    expect([placeAfter(brokenStep, 'main-residence-certificate'), placeAfter(brokenStep, 'street-defect')]).toEqual([
      'catalogue',
      'question',
    ]);
    expect(placeAfter(step, 'main-residence-certificate')).toBe('insert_card');
  });

  it('that lacks a language is there in the others alone', () => {
    const shipped = structuredClone(bundledForms[2]) as { title: { de?: string } };
    delete shipped.title.de;
    const [form] = loadForms([shipped], () => undefined).values();
    expect([...(form?.languages ?? [])]).toEqual(['nl', 'fr', 'en']);
    if (!form) throw new Error('refused');
    const stateIn = (language: 'nl' | 'de') => {
      const { visit, state } = play({ type: 'begin' });
      const some = new Map([[form.id, form]]);
      const catalogue = loadCatalogue(shippedCatalogue, '34022', () => undefined);
      const scene = { visit, state: { ...state, language }, line: 'up' as const, config: testTerminal, forms: some, catalogue };
      return showCatalogue(scene, { off: false, away: 0, shown: [] }).states[form.id];
    };
    expect([stateIn('nl'), stateIn('de')]).toEqual(['open', 'broken']);
  });
});

it('shows what the contract allows, on every page of every form', () => {
  const base = {
    revision: 1,
    visit: 'v',
    town: 'Kortrijk',
    kiosk: 'Kiosk 2',
    desk: 'de balie',
    pxPerMm: 'fit',
    languages: ['nl'],
    language: 'nl',
    display: { text: 2, theme: 'default' },
    line: { state: 'up', since: null },
    who: null,
    cover: null,
  };
  for (const form of forms.values()) {
    // Every page, whatever its condition: shown once its answers ask for it.
    const all = { ...form, pages: form.pages.map(({ showIf: _, ...page }) => page) };
    for (const page of all.pages) {
      const screen = showQuestion(all, draftOf(all, {}), at(all, page.name), { card, known: factsOfCard(card), language: 'de' });
      expect(KioskView.safeParse({ ...base, screen }).error?.issues, `${form.id}/${page.name}`).toBeUndefined();
    }
  }
});
