import { describe, expect, it } from 'vitest';
import { type Attachment, attachmentLimits } from '../../../contract/attachment.ts';
import { attemptOf, card, open, play, put } from '../../testing/play-visit.ts';
import type { VisitEvent } from '../state.ts';

const txId = 'tx-collection-proxy';
const target = { page: 'papers', field: 'papers' };
const opened: VisitEvent[] = [...put(), open('collection-proxy')];
const canSign: VisitEvent = {
  type: 'can_sign',
  attempt: attemptOf(play(...opened).visit),
  revocation: { status: 'good', source: 'ocsp', asOf: '2026-11-20T10:00:00Z' },
};
const answered: VisitEvent[] = [
  { type: 'answer', page: 'who', answers: { who: 'Bram Proef' } },
  { type: 'answer', page: 'what', answers: { what: 'passport' } },
];
const toPapers: VisitEvent[] = [...opened, canSign, ...answered];
const next: VisitEvent = { type: 'answer', page: 'papers', answers: {} };

const idOf = (number: number) => `0199a6f2-0000-7000-8000-${String(number).padStart(12, '0')}`;
const attachmentOf = (number: number): Attachment => ({
  id: idOf(number),
  name: 'papers.jpg',
  mediaType: 'image/jpeg',
  bytes: 3,
  sha256: 'A'.repeat(43),
  key: 'A'.repeat(43),
});
const shoot = (number: number): VisitEvent => ({ type: 'photo', ...target, shot: `shot-${number}` });
const sealed = (number: number): VisitEvent => ({ type: 'photo_sealed', shot: `shot-${number}`, attachment: attachmentOf(number) });
const taken = (...numbers: number[]): VisitEvent[] => numbers.flatMap((number) => [shoot(number), sealed(number)]);
const remove = (number: number): VisitEvent => ({ type: 'photo_remove', ...target, photo: idOf(number) });

describe('a photo', () => {
  it('is asked to be sealed once, and is the field’s answer when it was', () => {
    const sealing = play(...toPapers, shoot(1), shoot(2));
    expect(sealing.errands.filter((errand) => errand === 'seal_photo')).toHaveLength(1);
    expect(sealing.visit.draft).toMatchObject({ attachments: [], photo: { stage: 'sealing', field: 'papers', shot: 'shot-1' } });
    const { visit } = play(...toPapers, ...taken(1, 2));
    expect(visit.draft?.attachments.map(({ id }) => id)).toEqual([idOf(1), idOf(2)]);
    expect([visit.draft?.answers.papers, visit.draft?.photo]).toEqual([[idOf(1), idOf(2)], null]);
  });

  it('that could not be sealed leaves what was there, says why, and the way on', () => {
    const { visit } = play(...toPapers, ...taken(1), shoot(2), { type: 'photo_not_sealed', shot: 'shot-2', problem: 'disk_full' });
    expect(visit.draft).toMatchObject({ answers: { papers: [idOf(1)] }, photo: { stage: 'problem', problem: 'disk_full' } });
    expect(play(...toPapers, shoot(1), { type: 'photo_not_sealed', shot: 'shot-1', problem: 'disk_full' }, next).visit.place.at).toBe(
      'check',
    );
  });

  it('holds the page for the moment that it is put away: nothing is sent without it', () => {
    const moves: VisitEvent[] = [next, { type: 'back' }, { type: 'send' }, remove(1)];
    for (const move of moves) expect(play(...toPapers, ...taken(1), shoot(2), move).visit.place).toMatchObject({ at: 'question', page: 2 });
    expect(play(...toPapers, ...taken(1), shoot(2), remove(1)).visit.draft?.attachments).toHaveLength(1);
    expect(play(...toPapers, shoot(1), sealed(1), next).visit.place.at).toBe('check');
  });

  it('is heard under a cover too, and none begins there', () => {
    const out = card({ state: 'empty' });
    expect(play(...toPapers, shoot(1), out, sealed(1)).visit.draft?.attachments).toHaveLength(1);
    expect(play(...toPapers, out, shoot(1)).visit.draft?.photo).toBeNull();
  });

  it.each<[string, VisitEvent[]]>([
    ['of another page', [{ type: 'photo', page: 'who', field: 'papers', shot: 'shot-1' }]],
    ['for a field that takes none', [{ type: 'back' }, { type: 'back' }, { type: 'photo', page: 'who', field: 'who', shot: 'shot-1' }]],
    ['when the page is left', [next, shoot(1)]],
    ['more than a request may have', [...taken(...Array.from({ length: attachmentLimits.perRecord }, (_, at) => at)), shoot(99)]],
  ])('%s is not taken', (_what, events) => {
    expect(play(...toPapers, ...events).visit.draft?.photo).toBeNull();
  });

  it('that nobody waits for is not added', () => {
    expect(play(...toPapers, sealed(1)).visit.draft?.attachments).toEqual([]);
    expect(play(...toPapers, shoot(1), sealed(2)).visit.draft?.attachments).toEqual([]);
  });

  it('is taken back by its id, and then sealed bytes go too', () => {
    const { visit, errands } = play(...toPapers, ...taken(1, 2), remove(1));
    expect([visit.draft?.answers.papers, visit.draft?.attachments.map(({ id }) => id)]).toEqual([[idOf(2)], [idOf(2)]]);
    expect(errands.at(-1)).toBe('discard_photos');
    const none = play(...toPapers, ...taken(1), remove(1)).visit;
    expect(none.draft?.answers).not.toHaveProperty('papers');
    expect(play(...toPapers, ...taken(1), { ...remove(1), photo: 'papers' } as VisitEvent).visit.draft?.attachments).toHaveLength(1);
  });
});

it('what a renderer says about photos is not heard: main knows its own', () => {
  const forged: VisitEvent = { type: 'answer', page: 'papers', answers: { papers: idOf(7) } };
  expect(play(...toPapers, forged).visit.draft?.answers).not.toHaveProperty('papers');
  expect(play(...toPapers, ...taken(1), forged).visit.draft?.answers.papers).toEqual([idOf(1)]);
});

describe('what was signed', () => {
  const signed = { document: { format: 'pades' as const, pdf: 'AAAA' }, revocation: 'no_line' as const };
  const toSigned = (...before: VisitEvent[]): VisitEvent[] => {
    const sent: VisitEvent[] = [...toPapers, ...before, next, { type: 'send' }];
    const attempt = attemptOf(play(...sent).visit);
    const read = {
      stage: 'read' as const,
      way: 'pinpad' as const,
      document: { kind: 'text' as const, text: '' },
      revocation: 'no_line' as const,
    };
    return [
      ...sent,
      { type: 'sign_step', attempt, step: read },
      { type: 'sign' },
      { type: 'signed', attempt, signed },
      { type: 'not_kept', txId, problem: 'disk_full' },
    ];
  };
  const change: VisitEvent = { type: 'change', page: 'papers' };

  it('counts no more once a photo was added or taken back, and still does when none was', () => {
    expect(play(...toSigned(...taken(1)), change, next).visit.draft?.signed).toEqual(signed);
    expect(play(...toSigned(...taken(1)), change, ...taken(2), next).visit.draft?.signed).toBeNull();
    expect(play(...toSigned(...taken(1)), change, remove(1), next).visit.draft?.signed).toBeNull();
  });
});

describe('photos go', () => {
  const discards = (...events: VisitEvent[]) =>
    play(...toPapers, ...taken(1), ...events).errands.filter((errand) => errand === 'discard_photos');

  it.each<[string, VisitEvent[]]>([
    ['when the form is left', [{ type: 'catalogue' }]],
    ['for another form', [{ type: 'back' }, { type: 'back' }, { type: 'back' }, open('main-residence-certificate')]],
    ['when the card is refused', [{ type: 'card_revoked', chipNumber: 'aa'.repeat(16) }]],
    ['while one is being sealed', [shoot(2), { type: 'catalogue' }]],
  ])('%s', (_when, events) => {
    expect(discards(...events)).toHaveLength(1);
  });

  it('with their visit', () => {
    expect(discards({ type: 'stop', why: 'stopped' }, { type: 'begin' })).toHaveLength(1);
  });

  it('not while the form is open, and not when it was kept', () => {
    expect(discards(next, { type: 'back' }, card({ state: 'empty' }))).toEqual([]);
    const sent: VisitEvent[] = [...toPapers, ...taken(1), next, { type: 'send' }];
    expect(play(...sent).visit.place.at).toBe('sign');
    const kept: VisitEvent = { type: 'kept', txId, keptAt: '2026-11-20T10:00:00.000Z', proof: 'k1.x' };
    const attempt = attemptOf(play(...sent).visit);
    const signed: VisitEvent = { type: 'signed', attempt, signed: { document: { format: 'pades', pdf: 'AAAA' }, revocation: 'no_line' } };
    const read: VisitEvent = {
      type: 'sign_step',
      attempt,
      step: { stage: 'read', way: 'pinpad', document: { kind: 'text', text: '' }, revocation: 'no_line' },
    };
    const after = play(...sent, read, { type: 'sign' }, signed, kept, { type: 'catalogue' });
    expect([after.visit.kept.length, after.errands.includes('discard_photos')]).toEqual([1, false]);
  });
});
