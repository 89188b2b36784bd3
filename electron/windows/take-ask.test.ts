import type { WebContents } from 'electron';
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { surfaceUrl } from './surfaces.ts';
import { type Asker, type Door, takeAsk } from './take-ask.ts';

/** As much of a page as the door looks at. */
function makePage(url: string) {
  const state = { destroyed: false };
  const mainFrame = { url };
  const contents = { isDestroyed: () => state.destroyed, mainFrame } as unknown as WebContents;
  return { contents, mainFrame, state };
}

const inputs = { 'form.answer': z.strictObject({ page: z.string().max(10) }) };
const ask = { command: 'form.answer', input: { page: 'purpose' } };

let kiosk: ReturnType<typeof makePage>;
let pin: ReturnType<typeof makePage>;
let doors: Door[];
let taken: unknown[];
let logged: unknown[];

beforeEach(() => {
  kiosk = makePage(surfaceUrl.kiosk);
  pin = makePage(surfaceUrl.pin);
  taken = [];
  logged = [];
  const take = (surface: string) => (command: string, input: unknown) => taken.push([surface, command, input]);
  doors = [
    { surface: 'kiosk', contents: () => kiosk.contents, inputs, take: take('kiosk') },
    { surface: 'pin', contents: () => pin.contents, inputs: { 'pin.done': z.strictObject({}) }, take: take('pin') },
  ];
});

const say = (asker: object, what: unknown) => takeAsk(doors, (event, detail) => logged.push([event, detail]), asker as Asker, what);
const from = ({ contents, mainFrame }: ReturnType<typeof makePage>) => ({ sender: contents, senderFrame: mainFrame });

function expectRefused(asker: object, what: unknown, reason: string): void {
  expect(() => say(asker, what)).toThrow('refused');
  expect(taken).toEqual([]);
  expect(logged).toEqual([['ipc_refused', { reason }]]);
}

it('takes what the main frame of a known page asks', () => {
  say(from(kiosk), ask);
  say(from(pin), { command: 'pin.done', input: {} });
  expect(taken).toEqual([
    ['kiosk', 'form.answer', { page: 'purpose' }],
    ['pin', 'pin.done', {}],
  ]);
});

describe('refuses a sender that', () => {
  it.each<[string, () => object]>([
    ['is another frame of the same page, on the same address', () => ({ ...from(kiosk), senderFrame: { url: surfaceUrl.kiosk } })],
    ['is the main frame of a page that was left for another address', () => ({ ...from(kiosk), senderFrame: moved(kiosk) })],
    ['is on another page’s address', () => ({ ...from(kiosk), senderFrame: moved(kiosk, surfaceUrl.pin) })],
    ['is a page that nobody knows', () => from(makePage(surfaceUrl.kiosk))],
    ['is a frame that is gone', () => ({ ...from(kiosk), senderFrame: null })],
    ['shows a frame of the page and is another', () => ({ ...from(kiosk), sender: pin.contents })],
    ['was destroyed', () => destroyed(kiosk)],
  ])('%s', (_what, asker) => {
    expectRefused(asker(), ask, 'unknown_sender');
  });

  it('is a page that is not there any more', () => {
    doors = doors.map((door) => ({ ...door, contents: () => null }));
    expectRefused(from(kiosk), ask, 'unknown_sender');
  });
});

describe('refuses', () => {
  it.each<[string, unknown, string]>([
    ['a command of another page', { command: 'pin.done', input: {} }, 'unknown_command'],
    ['a command that is a property of every object', { command: 'toString', input: {} }, 'unknown_command'],
    ['an input of another shape', { ...ask, input: { page: 1 } }, 'bad_input'],
    ['an input with more in it', { ...ask, input: { page: 'purpose', trust: 'signed' } }, 'bad_input'],
    ['an input that is too large', { ...ask, input: { page: 'x'.repeat(11) } }, 'bad_input'],
    ['an ask with more in it', { ...ask, surface: 'pin' }, 'bad_shape'],
    ['a name of any length', { command: 'x'.repeat(65), input: {} }, 'bad_shape'],
    ['nothing', undefined, 'bad_shape'],
  ])('%s', (_what, what, reason) => {
    expectRefused(from(kiosk), what, reason);
  });
});

/** Chromium keeps the frame when a page goes elsewhere. */
function moved(page: ReturnType<typeof makePage>, url = 'https://example.org/'): object {
  page.mainFrame.url = url;
  return page.mainFrame;
}

function destroyed(page: ReturnType<typeof makePage>): object {
  page.state.destroyed = true;
  return from(page);
}
