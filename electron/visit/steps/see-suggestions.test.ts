import { describe, expect, it } from 'vitest';
import type { FileItem, FileLine, Role, Subject } from '../../../contract/file.ts';
import { SuggestionRule } from '../../../contract/suggestion.ts';
import { type Catalogue, loadCatalogue } from '../../catalogue/load-catalogue.ts';
import { ada } from '../../testing/people.ts';
import { card, play, put } from '../../testing/play-visit.ts';
import { showSuggestions } from '../show/show-suggestions.ts';
import type { VisitEvent } from '../state.ts';

const evidence = { token: {}, issuer: '', nonce: '', origin: '' } as never;
const grant = { token: 'g'.repeat(43), expiresInMs: 600_000 };
const subject: Subject = { kind: 'person', ssin: ada.nationalNumber };
const loan: FileItem = {
  id: '1',
  subject,
  kind: 'loan',
  title: { nl: 'Boek' },
  theme: 'culture_sport_and_leisure',
  on: '2026-11-20',
  due: '2026-11-28',
  renewable: true,
};
const line = (said: FileLine): VisitEvent => ({ type: 'file_line', reading: 'id-5', line: said });
const read: VisitEvent[] = [
  ...put(),
  { type: 'file', line: 'up' },
  { type: 'signed_in', attempt: 'id-4', evidence, grant },
  line({
    line: 'sources',
    subject,
    sources: [{ id: 'library', name: { nl: 'Bibliotheek' }, owner: 'town', theme: 'culture_sport_and_leisure' }],
  }),
  line({ line: 'answer', answer: { source: 'library', state: 'fresh', asOf: '2026-11-22T09:00:00Z', items: [loan], more: false } }),
];
const ended: VisitEvent[] = [...read, { type: 'file_end', reading: 'id-5', end: 'complete' }];
const noted: VisitEvent[] = [...ended, { type: 'suggestions_noted', reading: 'id-5' }];

const rule = (id: string, when: unknown) =>
  SuggestionRule.parse({ id, about: { notice: { title: { nl: id }, text: { nl: id } } }, when, because: { nl: `omdat ${id}` } });
const rules = [
  rule('any-age', { age: { from: 0 } }),
  rule('loan', { item: { kind: 'loan' } }),
  rule('no-firm', { not: { enterprise: true } }),
];
const catalogue: Catalogue = { ...loadCatalogue(new Map(), '34022', () => undefined), suggestions: rules };
const shownBy = (...events: VisitEvent[]) =>
  showSuggestions(play(...events).visit, { catalogue, language: 'nl', address: 'formal', today: '2026-11-22' });
const idsBy = (...events: VisitEvent[]) => shownBy(...events).shown.map(({ id }) => id);
const notes = (...events: VisitEvent[]) => play(...events).errands.filter((errand) => errand === 'note_suggestions').length;

describe('what the rules may look at', () => {
  it('is the card, and of the file nothing before it is written down that they do', () => {
    const roles: VisitEvent = { type: 'roles_known', token: grant.token, roles: [] };
    expect([idsBy(...put()), idsBy(...ended, roles), idsBy(...noted, roles)]).toEqual([['any-age'], ['any-age'], ['any-age', 'loan']]);
  });

  it('says why each is shown', () => expect(shownBy(...put()).shown[0]?.because).toBe('omdat any-age'));

  it('says u or je, as the municipality does', () => {
    const both = (word: string) => ({ nl: `uw ${word}`, 'nl-BE-x-informal': `je ${word}` });
    const about = { notice: { title: both('straat'), text: both('stoep') } };
    const suggestions = [SuggestionRule.parse({ id: 'works', about, when: { age: { from: 0 } }, because: both('huis') })];
    const told = { catalogue: { ...catalogue, suggestions }, language: 'nl', address: 'informal', today: '2026-11-22' } as const;
    expect(showSuggestions(play(...put()).visit, told).shown).toMatchObject([{ title: 'je straat', text: 'je stoep', because: 'je huis' }]);
  });

  it('is asked to be written down once for each reading, when it is over', () => {
    expect([notes(...read), notes(...ended), notes(...noted, { type: 'catalogue' })]).toEqual([0, 1, 1]);
    expect(notes(...noted, { type: 'file_again', sources: [] }, { type: 'file_end', reading: 'id-10', end: 'complete' })).toBe(2);
  });

  it('is another reading no more once that one is over', () => {
    const again: VisitEvent[] = [...noted, { type: 'file_again', sources: [] }];
    expect([idsBy(...again), idsBy(...again, { type: 'suggestions_noted', reading: 'id-5' })]).toEqual([['any-age'], ['any-age']]);
  });

  it('is nothing while they are switched off, in another’s name, or while the card is out', () => {
    const off: VisitEvent = { type: 'suggestions', off: true, id: null };
    expect([notes(...put(), off, ...ended.slice(3)), idsBy(...noted, off)]).toEqual([0, []]);
    const mira: Role = { as: { kind: 'person', ssin: '85051299775', basis: 'mandate' }, name: 'Mira', seat: null, until: null };
    const acting: VisitEvent[] = [...read, { type: 'roles_known', token: grant.token, roles: [mira] }, { type: 'act_as', role: 0 }];
    expect([notes(...acting, { type: 'file_end', reading: 'id-9', end: 'no_line' }), idsBy(...acting)]).toEqual([0, []]);
    expect(notes(...read, card({ state: 'empty' }), { type: 'file_end', reading: 'id-5', end: 'complete' })).toBe(0);
  });
});

describe('a person’s choice', () => {
  it('puts one away, and takes all back', () => {
    const away: VisitEvent[] = [...noted, { type: 'suggestions', off: false, id: 'loan' }];
    expect(shownBy(...away)).toMatchObject({ off: false, away: 1, shown: [{ id: 'any-age' }] });
    expect(idsBy(...away, { type: 'suggestions', off: false, id: null })).toEqual(['any-age', 'loan']);
  });

  it('holds for the visit, switches on again, and then it is written down that they look', () => {
    const off: VisitEvent[] = [
      ...read,
      { type: 'suggestions', off: true, id: null },
      { type: 'file_end', reading: 'id-5', end: 'complete' },
    ];
    expect(shownBy(...off)).toEqual({ off: true, away: 0, shown: [] });
    expect(shownBy(...off, { type: 'catalogue' }).off).toBe(true);
    const on: VisitEvent[] = [...off, { type: 'suggestions', off: false, id: null }];
    expect([notes(...off), notes(...on), idsBy(...on)]).toEqual([0, 1, ['any-age']]);
  });
});
