import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { kioskCommands } from '../../../contract/ipc.ts';
import { type ProfileReply, type ProfileValue, purposeBytes } from '../../../contract/profile.ts';
import { ada, completeState } from '../../testing/people.ts';
import { card, play, step } from '../../testing/play-visit.ts';
import {
  act,
  entry,
  grant,
  ids,
  known,
  news,
  newsletter,
  onProfile,
  profileAfter,
  toFile,
  toProfile,
  txId,
  use,
} from '../../testing/profiles.ts';
import { showProfile } from '../show/show-profile.ts';
import { ticketsOf, type VisitEvent } from '../state.ts';

const mail = 'lotte@voorbeeld.example';
const mailEntry = entry({ field: 'email', value: mail }, { verifiedAt: '2026-03-03T09:00:00.000Z' });
const paper: ProfileValue = { field: 'post', value: 'paper' };
const setPost = (value: 'paper' | 'ebox' | null, nth: number): VisitEvent =>
  act({ act: 'set', wish: { field: 'post', value }, ids: ids(nth) });
const setConsent = (purpose: string, given: boolean, nth: number, version = 2): VisitEvent =>
  act({ act: 'set', wish: { field: 'consent', purpose, given, version }, ids: ids(nth) });
const changesOf = (events: VisitEvent[]) => profileAfter(...events).profile.changes.map(({ change }) => change);
const page = (events: VisitEvent[], municipality = '34022') =>
  showProfile(profileAfter(...events).profile, { language: 'nl', municipality });

describe('the way there', () => {
  it('from the file, once: what was read stays for the visit', () => {
    const { visit, errands } = profileAfter(...onProfile());
    expect([visit.place.at, errands.filter((errand) => errand === 'read_profile').length]).toEqual(['profile', 1]);
    const again = profileAfter(...onProfile(), { type: 'file', line: 'up' }, act({ act: 'open', line: 'up' }));
    expect([again.visit.place.at, again.errands.filter((errand) => errand === 'read_profile').length]).toEqual(['profile', 1]);
  });

  it('not from anywhere else, and not in another’s name', () => {
    expect(play(...toFile.slice(0, 3), act({ act: 'open', line: 'up' })).visit.profile).toBeNull();
    const as = { kind: 'person', ssin: '85051299775', basis: 'mandate' } as const;
    const roles: VisitEvent = { type: 'roles_known', token: grant.token, roles: [{ as, name: 'Mira Voorbeeld', seat: null, until: null }] };
    const acting = play(...toFile, roles, { type: 'roles' }, { type: 'act_as', role: 0 }, act({ act: 'open', line: 'up' }));
    expect([acting.visit.place.at, acting.visit.profile]).toEqual(['file', null]);
  });

  it('asks for the PIN again when its time is over, and what was typed is still there', () => {
    const typed: VisitEvent[] = [
      ...onProfile(),
      act({ act: 'contact', channel: 'email' }),
      act({ act: 'contact_value', value: mail }),
      news({ news: 'code_failed', attempt: 'id-9', why: 'grant_ended' }),
    ];
    const { visit } = profileAfter(...typed);
    expect([visit.grant, visit.profile?.step]).toMatchObject([null, { stage: 'problem', why: 'grant_ended', value: mail }]);
    const asked = profileAfter(...typed, act({ act: 'again' })).visit;
    expect(asked.place).toMatchObject({ at: 'sign_in', attempt: 'id-11' });
    const evidence = toFile.at(-1);
    if (evidence?.type !== 'signed_in') throw new Error('no sign-in');
    const back = profileAfter(...typed, act({ act: 'again' }), { ...evidence, attempt: 'id-11' });
    expect([back.visit.place.at, back.profile.step]).toMatchObject(['profile', { stage: 'typing', value: mail, error: null }]);
  });

  it('says why there is nothing: no line, no look on the disk; what is known stays', () => {
    const offline = play(...toFile, act({ act: 'open', line: 'down' }));
    expect([offline.visit.profile, offline.errands.at(-1)]).toMatchObject([{ stage: 'none', why: 'no_line' }, 'read_file']);
    const unwritten = news({ news: 'unknown', reading: 'id-6', why: 'not_recorded' });
    expect(profileAfter(...toProfile, unwritten).profile).toMatchObject({ stage: 'none', why: 'not_recorded', reply: null });
    expect(profileAfter(...onProfile(), unwritten).profile).toMatchObject({ stage: 'known', why: 'not_recorded' });
    expect(profileAfter(...toProfile, known({}, 'id-1')).profile.stage).toBe('asking');
  });

  it('is covered with the card, and gone with the visit', () => {
    const events = onProfile({ entries: [mailEntry] });
    expect(play(...events, card({ state: 'empty' })).visit.cover?.kind).toBe('card_out');
    expect(play(...events, card({ state: 'empty' }), setPost('paper', 1)).visit.profile?.changes).toEqual([]);
    expect(play(...events, card({ state: 'empty' }), card(completeState(ada, 2))).visit.place.at).toBe('profile');
    const ended = step(play(...events).state, { type: 'stop', why: 'stopped' }, { at: 100, freshId: 'later' });
    expect(JSON.stringify(ended)).not.toContain(mail);
  });
});

describe('a change', () => {
  it('is kept once, based on what was on the glass; the same again is none', () => {
    const events = [...onProfile({ entries: [entry(paper)] }), setPost('ebox', 1), setPost('ebox', 2)];
    expect(changesOf(events)).toEqual([{ set: { field: 'post', value: 'ebox' }, basedOn: txId(9) }]);
    expect(profileAfter(...events).errands.filter((errand) => errand === 'keep_profile')).toHaveLength(1);
    expect(changesOf([...events, setPost('paper', 3)]).at(-1)).toEqual({ set: paper, basedOn: txId(1) });
  });

  it('shows at once, and says how far it is: kept, received, carried out, or why not', () => {
    const made = [...onProfile({ entries: [entry(paper)] }), setPost('ebox', 1)];
    const stageOf = (...more: VisitEvent[]) => [page([...made, ...more]).post.value, page([...made, ...more]).post.change?.stage];
    const kept = news({ news: 'kept', txId: txId(1), keptAt: '2026-11-20T09:01:00.000Z', proof: 'k1.p' });
    const received: VisitEvent = { type: 'received', txId: txId(1), receivedAt: '2026-11-20T09:02:00.000Z', receipt: null };
    const ebox = entry({ field: 'post', value: 'ebox' }, { version: txId(1) });
    const told = (changes: Partial<ProfileReply>) => [act({ act: 'again' }), known(changes, 'id-11')] as const;
    expect(stageOf()).toEqual(['ebox', 'keeping']);
    expect(stageOf(kept)).toEqual(['ebox', 'kept']);
    expect(stageOf(kept, received)).toEqual(['ebox', 'received']);
    expect(stageOf(kept, received, ...told({ entries: [ebox], outcomes: [{ txId: txId(1), missed: null }] }))).toEqual(['ebox', 'done']);
    expect(stageOf(kept, received, ...told({ entries: [entry(paper)], outcomes: [{ txId: txId(1), missed: 'newer' }] }))).toEqual([
      'paper',
      'missed',
    ]);
    expect(stageOf(kept, received, ...told({ entries: [entry(paper)] }))).toEqual(['ebox', 'received']);
    expect(stageOf(news({ news: 'not_kept', txId: txId(1) }))).toEqual(['paper', 'not_kept']);
    expect(stageOf(kept, { type: 'needs_attention', txId: txId(1) })).toEqual(['ebox', 'needs_attention']);
  });

  it('is among what the person takes along, in its turn, with the receipt’s code once there is one', () => {
    const kept = (nth: number) => news({ news: 'kept', txId: txId(nth), keptAt: `2026-11-20T09:0${nth}:00.000Z`, proof: `k1.${nth}` });
    const two = [...onProfile(), setPost('ebox', 1), kept(1), setPost('paper', 2), kept(2), setPost('ebox', 3)];
    const receipt: VisitEvent = { type: 'received', txId: txId(2), receivedAt: '2026-11-20T09:05:00.000Z', receipt: 'r1.2' };
    const taken = (...more: VisitEvent[]) =>
      ticketsOf(profileAfter(...two, ...more).visit).map(({ reference, proof }) => [reference, proof]);
    expect(taken()).toEqual([
      [ids(1).reference, 'k1.1'],
      [ids(2).reference, 'k1.2'],
    ]);
    expect(taken(receipt)).toEqual([
      [ids(1).reference, 'k1.1'],
      [ids(2).reference, 'r1.2'],
    ]);
  });

  it('is undone in its place, once, also where nothing was known before', () => {
    const kept = (nth: number) => news({ news: 'kept', txId: txId(nth), keptAt: '2026-11-20T09:01:00.000Z', proof: 'k1.p' });
    const undo = (thing: string, nth: number) => act({ act: 'undo', thing, ids: ids(nth) });
    const first = [...onProfile(), setPost('ebox', 1), kept(1), undo('post', 2)];
    expect(changesOf(first).at(-1)).toEqual({ set: { field: 'post', value: null }, basedOn: txId(1), restores: null });
    expect(page([...first, kept(2)]).post).toMatchObject({ value: null, change: { undo: false } });
    expect(changesOf([...first, kept(2), undo('post', 3)])).toHaveLength(2);
    const removed = [
      ...onProfile({ entries: [mailEntry] }),
      act({ act: 'set', wish: { field: 'email', value: null }, ids: ids(1) }),
      kept(1),
    ];
    expect(changesOf([...removed, undo('email', 2)]).at(-1)).toEqual({ set: mailEntry.set, basedOn: txId(1), restores: txId(9) });
    expect(changesOf([...onProfile(), undo('post', 1)])).toEqual([]);
  });

  it('needs a profile that was read: nothing is changed blindly', () => {
    expect(changesOf([...toProfile, setPost('ebox', 1)])).toEqual([]);
  });

  it('no language is in it, whatever the page speaks', () => {
    const events: VisitEvent[] = [...onProfile(), { type: 'language', language: 'fr' }, setPost('paper', 1)];
    expect(JSON.stringify(changesOf(events))).not.toMatch(/"(fr|nl|language)"/);
  });
});

describe('agreeing', () => {
  it('is asked and never assumed; it is to these words, in all languages at once', () => {
    expect(page(onProfile()).purposes.map(({ given }) => given)).toEqual([false, false]);
    const sha256 = createHash('sha256').update(purposeBytes(use)).digest('base64url');
    const [change] = changesOf([...onProfile(), setConsent('use', true, 1, 1)]);
    expect(change?.set).toEqual({ field: 'consent', purpose: 'use', value: { version: 1, sha256 } });
    expect(purposeBytes({ ...use, text: { ...use.text, fr: 'Autre.' } })).not.toEqual(purposeBytes(use));
  });

  it('to other words than stood there, or to what nobody asks, is none; a newsletter needs somewhere to go', () => {
    expect(changesOf([...onProfile(), setConsent('use', true, 1, 7), setConsent('unknown', true, 2, 1)])).toEqual([]);
    expect(changesOf([...onProfile(), setConsent('news', true, 1)])).toEqual([]);
    expect(changesOf([...onProfile({ entries: [mailEntry] }), setConsent('news', true, 1)])).toHaveLength(1);
  });

  it('is withdrawn with one press, also when its words are others by now and no address is left', () => {
    const given = entry({ field: 'consent', purpose: newsletter.id, value: { version: 1, sha256: 'A'.repeat(43) } });
    const events = onProfile({ entries: [given] });
    expect(page(events).purposes[0]).toMatchObject({ given: true, former: true });
    expect(changesOf([...events, setConsent('news', false, 1)])).toEqual([
      { set: { field: 'consent', purpose: 'news', value: null }, basedOn: txId(9) },
    ]);
  });
});

describe('an address or number', () => {
  const typing = [...onProfile({ entries: [mailEntry] }), act({ act: 'contact', channel: 'phone' })];
  const value = (text: string) => act({ act: 'contact_value', value: text });
  /** The ninth event is the typing, and its attempt. */
  const sent = [
    ...typing,
    value('0470 12 34 56'),
    news({ news: 'code_sent', attempt: 'id-9', reply: { status: 'sent', verification: 'v'.repeat(43), expiresInMs: 600_000 } }),
  ];
  const code = (text: string) => act({ act: 'contact_code', code: text });
  const stepOf = (...events: VisitEvent[]) => profileAfter(...events).profile.step;

  it('that is none says so and stays; one that is known already is not asked twice', () => {
    for (const [text, error] of [
      ['', 'missing'],
      ['0470', 'wrong'],
      ['\u200B', 'missing'],
    ] as const)
      expect([text, stepOf(...typing, value(text))]).toMatchObject([text, { stage: 'typing', error }]);
    const email = [...onProfile({ entries: [mailEntry] }), act({ act: 'contact', channel: 'email' })];
    expect(stepOf(...email)).toMatchObject({ value: mail });
    expect(stepOf(...email, value(mail))).toMatchObject({ error: 'same' });
  });

  it('gets a code, and is kept with the word for it when the code is right', () => {
    expect(profileAfter(...typing, value('0470 12 34 56')).errands.at(-1)).toBe('send_code');
    expect(stepOf(...sent, code('12 34'))).toMatchObject({ stage: 'code', error: 'code_missing' });
    const checked = (reply: Parameters<typeof news>[0] & { news: 'code_checked' }) => [...sent, code('123 456'), news(reply)];
    expect(profileAfter(...sent, code('123 456')).errands.at(-1)).toBe('check_code');
    const answer = { news: 'code_checked', attempt: 'id-11', ids: ids(1) } as const;
    expect(stepOf(...checked({ ...answer, reply: { status: 'wrong', triesLeft: 4 } }))).toMatchObject({
      stage: 'code',
      error: 'code_wrong',
      triesLeft: 4,
    });
    expect(stepOf(...checked({ ...answer, reply: { status: 'over' } }))).toMatchObject({ stage: 'problem', why: 'over' });
    const right = profileAfter(...checked({ ...answer, reply: { status: 'confirmed' } }));
    expect(right.profile.step).toBeNull();
    expect(right.profile.changes.map(({ change }) => change)).toEqual([
      { set: { field: 'phone', value: '+32470123456' }, basedOn: null, verification: 'v'.repeat(43) },
    ]);
    expect(right.errands.at(-1)).toBe('keep_profile');
  });

  it('comes with a code and no other way: the door knows no wish for one', () => {
    expect(changesOf([...onProfile(), act({ act: 'contact', channel: 'email' }), code('123456')])).toEqual([]);
    for (const value of [mail, '', undefined])
      expect(kioskCommands['profile.set'].safeParse({ wish: { field: 'email', value } }).success).toBe(false);
    expect(kioskCommands['profile.set'].safeParse({ wish: { field: 'email', value: null } }).success).toBe(true);
  });

  it('that was left is not heard of any more', () => {
    const right = news({ news: 'code_checked', attempt: 'id-11', ids: ids(1), reply: { status: 'confirmed' } });
    const left = profileAfter(...sent, code('123456'), act({ act: 'contact_leave' }), right);
    expect([left.profile.step, left.profile.changes]).toEqual([null, []]);
    const early = profileAfter(
      ...sent,
      code('123456'),
      news({ news: 'code_checked', attempt: 'id-1', ids: ids(1), reply: { status: 'confirmed' } }),
    );
    expect([early.profile.step?.stage, early.profile.changes]).toEqual(['checking', []]);
  });

  it('nowhere that no code can be sent to', () => {
    expect(stepOf(...onProfile({ reaches: ['email'] }), act({ act: 'contact', channel: 'phone' }))).toBeNull();
  });

  it('the page never gets the word for it', () => {
    expect(JSON.stringify(page(sent))).not.toContain('v'.repeat(43));
    expect(page(sent).step?.value).toBe('0470 12 34 56');
  });
});

it('letters are in Dutch, and where French may be asked for it is asked each time', () => {
  expect(page(onProfile()).letters).toBe('dutch');
  expect(page(onProfile(), '34043').letters).toBe('french_on_request');
});
