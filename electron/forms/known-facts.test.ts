import { describe, expect, it } from 'vitest';
import type { FileItem, SourceAnswer, SourceInfo, Subject } from '../../contract/file.ts';
import { ada } from '../testing/people.ts';
import { open, play, step } from '../testing/play-visit.ts';
import { act, entry, grant, ids, known, makeReply, news, onProfile, toFile } from '../testing/profiles.ts';
import type { VisitEvent } from '../visit/state.ts';
import { factsFor } from './known-facts.ts';

const all = {
  draws: ['profile.email', 'profile.phone', 'register.address', 'register.householdSize', 'file.number', 'file.title'],
} satisfies Parameters<typeof factsFor>[0];
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
