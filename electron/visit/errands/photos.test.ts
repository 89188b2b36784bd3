import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openAttachments } from '../../outbox/attachments/attachments.ts';
import { attemptOf, open, play, put, step } from '../../testing/play-visit.ts';
import type { KioskState, VisitEvent } from '../state.ts';
import { errandsBetween, visitOf } from './errands-between.ts';
import { createPhotos, type PhotoParts, type Photos } from './photos.ts';

const target = { page: 'papers', field: 'papers' };
const jpeg = () => Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, ...new TextEncoder().encode('a paper with a name on it '.repeat(40))]);

const opened: VisitEvent[] = [...put(), open('collection-proxy')];
const toPapers: VisitEvent[] = [
  ...opened,
  { type: 'can_sign', attempt: attemptOf(play(...opened).visit), revocation: 'no_line' },
  { type: 'answer', page: 'who', answers: { who: 'Bram Proef' } },
  { type: 'answer', page: 'what', answers: { what: 'passport' } },
];

let state: KioskState;
let photos: Photos;
let folder: string;
let logged: unknown[];

/** The visit's own steps with the real files beside them. */
function start(attachments: PhotoParts['attachments']): void {
  state = play(...toPapers).state;
  logged = [];
  let shot = 0;
  photos = createPhotos({
    attachments,
    freshId: () => `shot-${shot++}`,
    log: (event, detail) => logged.push([event, detail]),
    state: () => state,
    dispatch,
  });
}

function dispatch(event: VisitEvent): void {
  const before = state;
  state = step(state, event, { at: 100, freshId: 'later' });
  for (const errand of errandsBetween(before, state)) {
    if (errand.errand === 'seal_photo') void photos.seal(errand);
    if (errand.errand === 'discard_photos') photos.discard(errand);
  }
}

const draft = () => visitOf(state)?.draft;
const files = () => (existsSync(join(folder, 'attachments')) ? readdirSync(join(folder, 'attachments')) : []);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-photos-'));
  start(openAttachments({ folder, reserveMebibytes: 0, stateOf: () => null }));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is sealed on disk at once, its bytes are wiped, and nothing of it lies there in the clear', async () => {
  const bytes = jpeg();
  photos.take({ ...target, bytes });
  expect(draft()?.photo).toMatchObject({ stage: 'sealing' });
  await vi.waitFor(() => expect(draft()?.attachments).toHaveLength(1));
  expect(draft()?.attachments[0]).toMatchObject({ mediaType: 'image/jpeg', bytes: jpeg().length, name: 'papers.jpg' });
  expect(bytes.every((byte) => byte === 0)).toBe(true);
  expect(files()).toHaveLength(2);
  for (const file of files()) expect(readFileSync(join(folder, 'attachments', file)).includes('a paper with a name')).toBe(false);
  expect(logged).toEqual([['photo', { problem: null }]]);
});

it.each<[string, () => Uint8Array<ArrayBuffer>, string]>([
  ['is no JPEG', () => new TextEncoder().encode('<svg onload=alert(1)>'), 'wrong_type'],
  ['is a PDF', () => new TextEncoder().encode('%PDF-1.7 '), 'wrong_type'],
])('that %s is refused, and leaves no file', async (_what, make, problem) => {
  photos.take({ ...target, bytes: make() });
  await vi.waitFor(() => expect(draft()?.photo).toMatchObject({ stage: 'problem', problem: 'storage_failed' }));
  expect([logged, files()]).toEqual([[['photo', { problem }]], []]);
});

it('that the visit has no place for is wiped and forgotten', () => {
  const bytes = jpeg();
  photos.take({ page: 'who', field: 'who', bytes });
  expect([bytes.every((byte) => byte === 0), draft()?.photo, files()]).toEqual([true, null, []]);
});

it('whose form is left while it is sealed leaves no file, whoever is first', async () => {
  photos.take({ ...target, bytes: jpeg() });
  dispatch({ type: 'stop', why: 'stopped' });
  await vi.waitFor(() => expect(logged).toHaveLength(1));
  expect(files()).toEqual([]);
});

it('that is sealed although it was told to stop is taken away again', async () => {
  const attachments = openAttachments({ folder, reserveMebibytes: 0, stateOf: () => null });
  start({ prepare: attachments.prepare, discard: (txId, id) => id !== undefined && attachments.discard(txId, id) });
  photos.take({ ...target, bytes: jpeg() });
  dispatch({ type: 'stop', why: 'stopped' });
  await vi.waitFor(() => expect(logged).toHaveLength(1));
  expect(files()).toEqual([]);
});

it('one is taken back, and all go with their form', async () => {
  for (const count of [1, 2, 3]) {
    photos.take({ ...target, bytes: jpeg() });
    await vi.waitFor(() => expect(draft()?.attachments).toHaveLength(count));
  }
  const [first] = draft()?.attachments ?? [];
  dispatch({ type: 'photo_remove', ...target, photo: first?.id ?? '' });
  expect(files()).toHaveLength(4);
  expect(files().join()).not.toContain(first?.id);
  dispatch({ type: 'catalogue' });
  expect(files()).toEqual([]);
});

it('where nothing can be put away the person is told, and goes on', async () => {
  start(null);
  photos.take({ ...target, bytes: jpeg() });
  await vi.waitFor(() => expect(draft()?.photo).toMatchObject({ stage: 'problem', problem: 'storage_failed' }));
  dispatch({ type: 'answer', page: 'papers', answers: {} });
  expect(visitOf(state)?.place.at).toBe('check');
});
