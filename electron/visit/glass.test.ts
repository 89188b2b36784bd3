import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FileItem, FileLine, SourceInfo } from '../../contract/file.ts';
import type { FilePush } from '../../contract/file-view.ts';
import { SuggestionRule } from '../../contract/suggestion.ts';
import type { KioskView } from '../../contract/view.ts';
import { loadCatalogue } from '../catalogue/load-catalogue.ts';
import { shippedCatalogue } from '../catalogue/shipped.ts';
import { bundledForms } from '../forms/bundled-forms.ts';
import { loadForms } from '../forms/load-forms.ts';
import { ada } from '../testing/people.ts';
import { card, play, put, step } from '../testing/play-visit.ts';
import { testTerminal as config } from '../testing/terminal.ts';
import { createGlass, type Glass } from './glass.ts';
import type { KioskState, VisitEvent } from './state.ts';

const subject = { kind: 'person' as const, ssin: ada.nationalNumber };
const many = Array.from({ length: 150 }, (_, at) => `s${at}`);
const infoOf = (id: string): SourceInfo => ({ id, name: { nl: id }, owner: 'town', theme: 'citizen_and_government' });
const itemOf = (id: string): FileItem => ({
  ...{ id, subject, kind: 'message', title: { nl: id }, theme: 'citizen_and_government', on: '2026-11-20', text: { nl: id }, read: false },
});
const asked: FileLine = { line: 'sources', subject, sources: many.map(infoOf) };
const answerOf = (source: string): FileLine => ({
  line: 'answer',
  answer: { source, state: 'fresh', asOf: '2026-11-22T09:00:00Z', items: [itemOf(source)], more: false },
});
const token = { unverifiedCertificate: '', algorithm: 'ES384', signature: '', format: 'web-eid:1.0', appVersion: '' } as const;
const evidence = { token, issuer: '', nonce: '', origin: '' };
const grant = { token: 'g'.repeat(43), expiresInMs: 600_000 };
const reading = play(...put(), { type: 'file', line: 'up' }, { type: 'signed_in', attempt: 'id-4', evidence, grant });

const words = { nl: 'x', fr: 'x', de: 'x', en: 'x' };
const ofJuly = SuggestionRule.parse({
  ...{ id: 'july', about: { notice: { title: words, text: words } }, when: { age: { from: 1 } }, because: words },
  ...{ from: '2026-07-01', until: '2026-07-01' },
});

let state: KioskState;
let pushes: FilePush[];
let views: number;
let shown: KioskView | null;
let wall: string;
let glass: Glass;

beforeEach(() => {
  vi.useFakeTimers();
  state = reading.state;
  pushes = [];
  views = 0;
  shown = null;
  wall = '2026-11-20T10:00:00Z';
  glass = createGlass({
    config,
    forms: loadForms(bundledForms, () => undefined),
    catalogue: { ...loadCatalogue(shippedCatalogue, '34022', () => undefined), suggestions: [ofJuly] },
    clock: { wall: () => new Date(wall), ticks: () => 100 },
    streets: { finder: null, map: null, near: config.municipality.code },
    products: { idOf: () => undefined },
    pinEntry: { typed: () => 0, clear: () => undefined },
    line: () => ({ state: 'up', since: null }),
    state: () => state,
    publish: (view) => {
      views += 1;
      shown = view;
    },
    publishFile: (push) => pushes.push(push),
    publishPin: () => undefined,
  });
});
afterEach(() => vi.useRealTimers());

function take(event: VisitEvent): void {
  state = step(state, event, { at: 100, freshId: 'fresh' });
}

function hear(...lines: FileLine[]): void {
  for (const line of lines) {
    take({ type: 'file_line', reading: reading.visit.file?.reading ?? '', line });
    glass.drawSoon();
  }
}

const itemsOn = () => pushes.flatMap(({ items }) => items.map(({ source }) => source));

it('of a hundred and fifty answers in a row the first is sent at once, the others together, and none is lost', () => {
  hear(asked);
  expect(pushes.map(({ sources }) => sources.length)).toEqual([150]);
  hear(...many.map(answerOf));
  expect(pushes).toHaveLength(1);
  vi.runAllTimers();
  expect(pushes).toHaveLength(2);
  expect(itemsOn()).toEqual(many);
  hear(...['late'].map(answerOf));
  vi.runAllTimers();
  expect(pushes).toHaveLength(2);
});

it('what takes all of it off the glass waits for nothing, and nothing comes after it', () => {
  hear(asked, answerOf('s1'));
  take(card({ state: 'empty' }));
  glass.draw();
  expect(pushes.at(-1)).toEqual({ reading: null, sources: [], emptied: [], items: [] });
  const sent = pushes.length;
  vi.runAllTimers();
  expect(pushes).toHaveLength(sent);
  expect(itemsOn()).toEqual([]);
});

it('a page that begins anew has everything that is there, and its view', () => {
  hear(asked, answerOf('s1'));
  glass.draw();
  const before = views;
  glass.draw();
  expect([views, itemsOn()]).toEqual([before, ['s1']]);
  glass.drawAnew();
  expect([views, itemsOn()]).toEqual([before + 1, ['s1', 's1']]);
});

it('has Belgium’s day, which in summer begins while it is still yesterday in UTC', () => {
  wall = '2026-06-30T22:30:00Z';
  glass.draw();
  expect(shown?.screen).toMatchObject({ name: 'file', suggestions: { shown: [{ id: 'july' }] } });
});

it('sends nothing once it was stopped', () => {
  hear(asked, answerOf('s1'));
  glass.stop();
  vi.runAllTimers();
  expect(itemsOn()).toEqual([]);
});
