import { describe, expect, it } from 'vitest';
import type { FileItem, FileLine, Role, SourceInfo, Subject } from '../../../contract/file.ts';
import { ada, completeState } from '../../testing/people.ts';
import { card, play, put, step } from '../../testing/play-visit.ts';
import { pushFile, showFile, shownFile, showRoles } from '../show/show-file.ts';
import type { VisitEvent } from '../state.ts';

const evidence = {
  token: { unverifiedCertificate: '', algorithm: 'ES384', signature: '', format: 'web-eid:1.0', appVersion: '' },
  issuer: '',
  nonce: '',
  origin: '',
} as const;
const grant = { token: 'g'.repeat(43), expiresInMs: 600_000 };
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
    expect(itemsOf([...events, { type: 'file_end', reading, end: 'mandate_ended' }])).toEqual([]);
  });
});

describe('what crosses to the screen', () => {
  const { state } = play(...signedIn, roles, sources('a', 'b'), answer('a', message('1'), message('2')));

  it('names no number', () => {
    const push = pushFile(null, shownFile(state));
    expect(push?.items.map(({ key }) => key)).toEqual(['a/0', 'a/1']);
    const { situation } = state;
    const page =
      situation.phase === 'open' ? [showFile(situation.visit, { off: false, shown: [] }, () => ''), showRoles(situation.visit)] : [];
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
