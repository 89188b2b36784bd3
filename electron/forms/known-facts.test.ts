import { describe, expect, it } from 'vitest';
import type { ActingAs, FileItem, SourceAnswer, SourceInfo, Subject } from '../../contract/file.ts';
import { OtherFact } from '../../contract/form.ts';
import { ada } from '../testing/people.ts';
import { open, play, step } from '../testing/play-visit.ts';
import { act, entry, grant, ids, known, makeReply, news, onProfile, toFile } from '../testing/profiles.ts';
import { showQuestion } from '../visit/show/show-form.ts';
import type { VisitEvent } from '../visit/state.ts';
import { bundledForms } from './bundled-forms.ts';
import { factsFor } from './known-facts.ts';
import { loadForms } from './load-forms.ts';

const all = { draws: [...OtherFact.options] };
const bakery: ActingAs = { kind: 'enterprise', enterpriseNumber: '0207494678', role: 'bestuurder' };
const phone = entry({ field: 'phone', value: '+32470123456' }, { verifiedAt: '2026-03-03T09:00:00.000Z' });
const own: Subject = { kind: 'person', ssin: ada.nationalNumber };
const info = (id: string, owner: SourceInfo['owner'] = 'federal'): SourceInfo => ({
  id,
  name: { nl: id },
  owner,
  theme: 'citizen_and_government',
});
const lives = (street: string): FileItem => ({
  id: 'address',
  subject: own,
  kind: 'register_data',
  title: { nl: 'Adres' },
  theme: 'citizen_and_government',
  on: '2020-01-01',
  value: { nl: street },
  fact: { fact: 'address', street, number: '18', postalCode: '8500', municipality: 'Kortrijk' },
});
const line = (answers: SourceAnswer[], sources: SourceInfo[]): VisitEvent[] => [
  { type: 'file_line', reading: 'id-5', line: { line: 'sources', subject: own, sources } },
  ...answers.map((answer): VisitEvent => ({ type: 'file_line', reading: 'id-5', line: { line: 'answer', answer } })),
];
const says = (source: string, street: string, asOf: string, state: 'fresh' | 'stale' = 'fresh'): SourceAnswer => ({
  source,
  state,
  asOf,
  items: [lives(street)],
  more: false,
});
const streetOf = (...events: VisitEvent[]) => {
  const found = factsFor(all, play(...events).visit)['register.address'];
  return found && (found as { street: string }).street;
};

describe('what is filled in', () => {
  it('comes of the profile when it was read, and of what this visit changed in it', () => {
    const events = onProfile({ entries: [phone] });
    expect(factsFor(all, play(...events).visit)).toMatchObject({ 'profile.phone': '+32470123456' });
    const removed = act({ act: 'set', wish: { field: 'phone', value: null }, ids: ids(1) });
    expect(factsFor(all, play(...events, removed).visit)['profile.phone']).toBeUndefined();
    expect(factsFor(all, play(...toFile).visit)['profile.phone']).toBeUndefined();
  });

  it('is no more than the manifest draws', () => {
    const { visit } = play(...onProfile({ entries: [phone] }));
    expect(Object.keys(factsFor({ draws: ['profile.email'] }, visit)).filter((fact) => !fact.startsWith('card.'))).toEqual([]);
  });

  it('of registers is the newest word, and none that is stale or a partner’s', () => {
    const later = '2026-11-21T09:00:00.000Z';
    const early = '2026-11-20T09:00:00.000Z';
    const two = line([says('a', 'Nieuwstraat', later), says('b', 'Oudstraat', early)], [info('a'), info('b')]);
    expect(streetOf(...toFile, ...two)).toBe('Nieuwstraat');
    expect(streetOf(...toFile, ...line([says('a', 'Nieuwstraat', later, 'stale')], [info('a')]))).toBeUndefined();
    expect(streetOf(...toFile, ...line([says('a', 'Nieuwstraat', later)], [info('a', 'partner')]))).toBeUndefined();
  });

  it('is nothing of one’s own in another’s name', () => {
    const { visit } = play(...onProfile({ entries: [phone] }));
    const as = { kind: 'person', ssin: '85051299775', basis: 'mandate' } as const;
    const facts = factsFor(all, { ...visit, acting: { as, name: 'Mira Voorbeeld', seat: null, until: null } });
    expect(Object.keys(facts).filter((fact) => !fact.startsWith('card.'))).toEqual([]);
  });

  it.each<[string, ActingAs, string, object]>([
    ['the enterprise', bakery, 'Bakkerij', { 'register.enterpriseName': 'Bakkerij', 'register.enterpriseNumber': '0207494678' }],
    ['a name that fits a box', bakery, 'B'.repeat(121), { 'register.enterpriseName': '', 'register.enterpriseNumber': '0207494678' }],
    ['one’s child', { kind: 'person', ssin: '20040199731', basis: 'parent' }, 'Mira', { 'register.childName': 'Mira' }],
    ['whom one is guardian of', { kind: 'person', ssin: '20040199731', basis: 'guardian' }, 'Mira', { 'register.childName': 'Mira' }],
    ['nobody who gave a mandate', { kind: 'person', ssin: '85051299775', basis: 'mandate' }, 'Mira', {}],
  ])('of whom one acts for is %s', (_what, as, name, expected) => {
    const { visit } = play(...onProfile({ entries: [phone] }));
    const facts = factsFor(all, { ...visit, acting: { as, name, seat: null, until: null } });
    expect(Object.fromEntries(Object.entries(facts).filter(([fact]) => !fact.startsWith('card.')))).toEqual(expected);
  });

  it('of the item that is answered is its title, where that fits a box', () => {
    const item = { source: 'a', id: 'address', subject: own };
    const titled = (nl: string): VisitEvent[] => {
      const said = { ...says('a', 'Nieuwstraat', '2026-11-21T09:00:00.000Z'), items: [{ ...lives('Nieuwstraat'), title: { nl } }] };
      return [...toFile, ...line([said as SourceAnswer], [info('a')]), { type: 'catalogue' }, open('appointment')];
    };
    const titleOf = (nl: string) => {
      const { visit } = play(...titled(nl));
      return factsFor(all, { ...visit, draft: visit.draft && { ...visit.draft, item } })['file.title'];
    };
    expect([titleOf('Vergunning voor een terras'), titleOf('V'.repeat(121))]).toEqual(['Vergunning voor een terras', '']);
  });
});

describe('what no product asks of whom it knows', () => {
  const forms = loadForms(bundledForms, () => undefined);
  const filled = [...forms.values()].flatMap((form) =>
    form.pages.flatMap(({ fields }) =>
      fields.filter(({ prefill }) => prefill.length > 0).map(({ name, prefill }) => [form.id, name, prefill]),
    ),
  );

  it.each([
    ['appointment', 'about', ['file.title']],
    ['appointment', 'phone', ['profile.phone']],
    ['appointment', 'email', ['profile.email']],
    ['change-of-address', 'phone', ['profile.phone']],
    ['event-report', 'organisationName', ['register.enterpriseName']],
    ['event-report', 'enterpriseNumber', ['register.enterpriseNumber']],
    ['hall-loan', 'organisationName', ['register.enterpriseName']],
    ['hall-loan', 'phone', ['profile.phone']],
    ['library-membership', 'childName', ['register.childName']],
    ['library-membership', 'email', ['profile.email']],
    ['other-subsidy', 'organisationName', ['register.enterpriseName']],
    ['other-subsidy', 'enterpriseNumber', ['register.enterpriseNumber']],
    ['other-subsidy', 'email', ['profile.email']],
    ['street-party-subsidy', 'phone', ['profile.phone']],
    ['waste-container', 'address', ['register.address', 'card.address']],
  ])('%s: %s', (form, field, facts) => {
    expect(filled.filter(([id, name]) => id === form && name === field)).toEqual([[form, field, facts]]);
  });

  it('a box for how to be reached has the profile’s word in every product, and nobody else’s box has', () => {
    const contacts = [...forms.values()].flatMap(({ id, pages }) =>
      pages.flatMap(({ fields }) =>
        fields.filter(({ control }) => control === 'phone' || control === 'email').map(({ name }) => `${id} ${name}`),
      ),
    );
    const without = contacts.filter((box) => !filled.some(([id, name]) => `${id} ${name}` === box));
    expect(without).toEqual(['event-report safetyPhone']);
  });

  it('stands in the box with where it comes from, and goes into the request unless it is changed', () => {
    const acting: VisitEvent[] = [
      ...toFile,
      { type: 'roles_known', token: grant.token, roles: [{ as: bakery, name: 'Bakkerij', seat: null, until: null }] },
      { type: 'act_as', role: 0 },
      { type: 'catalogue' },
      open('other-subsidy'),
    ];
    const { visit } = play(...acting);
    const form = forms.get('other-subsidy');
    const place = visit.place;
    if (!form || !visit.draft || place.at !== 'question') throw new Error(`stopped at ${place.at}`);
    const drawn = showQuestion(form, visit.draft, place, { card: visit.card, known: factsFor(form, visit), language: 'nl' });
    if (drawn.name !== 'question') throw new Error(drawn.name);
    expect(drawn.fields.map(({ value, source }) => [value, source])).toEqual([
      ['Bakkerij', 'register'],
      ['0207.494.678', 'register'],
    ]);
  });
});

describe('a form that draws of the profile', () => {
  const form = (name: string): VisitEvent[] => [...toFile, { type: 'catalogue' }, open(name)];

  it('has it read when it opens, for whoever signed in; no other form does', () => {
    expect(play(...form('library-membership')).errands.filter((errand) => errand === 'read_profile')).toHaveLength(1);
    expect(play(...form('street-defect')).errands).not.toContain('read_profile');
  });

  it('by whom only put a card in, reads nothing', () => {
    const events: VisitEvent[] = [...toFile.slice(0, 3), open('library-membership')];
    expect(play(...events).errands).not.toContain('read_profile');
  });

  it('has it from when it was answered, however late, and goes on without', () => {
    const { state } = play(...form('library-membership'));
    const late = step(state, news({ news: 'known', reading: 'id-7', reply: makeReply({ entries: [phone] }) }), { at: 50, freshId: 'x' });
    const visit = late.situation.phase === 'open' ? late.situation.visit : null;
    expect([visit?.place.at, visit && factsFor(all, visit)['profile.phone'], grant.token.length]).toEqual(['question', '+32470123456', 43]);
    expect(play(...form('library-membership'), known({}, 'id-1')).visit.place.at).toBe('question');
  });
});
