import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { photoLimits } from '../../contract/attachment.ts';
import type { KioskView, PhotosView } from '../../contract/view.ts';
import { type FakeCamera, fakeJpeg, installFakeCamera } from '../fixtures/fake-camera.ts';
import { photoIds } from '../fixtures/photo-views.ts';
import { type DrawnKiosk, renderKiosk, standInForTheBrowser } from '../fixtures/render-kiosk.tsx';
import { makeViews } from '../fixtures/views.ts';
import { fitSize, largestPicture } from '../photo/take-picture.ts';
import { useKiosk } from '../state/kiosk-store.ts';

const views = makeViews('nl');
const none = views['photo-none'];
const place = { page: 'papers', field: 'papers' };
let camera: FakeCamera;

beforeEach(() => {
  standInForTheBrowser();
});
afterEach(() => vi.useRealTimers());

function open(view: KioskView = none): DrawnKiosk {
  const kiosk = renderKiosk(view);
  camera = installFakeCamera();
  return kiosk;
}

function withPhotos(photos: Partial<PhotosView>, view: KioskView = none): Pick<KioskView, 'screen'> {
  if (view.screen.name !== 'question') throw new Error('wrong fixture');
  const fields = view.screen.fields.map((field) => ({ ...field, photos: field.photos && { ...field.photos, ...photos } }));
  return { screen: { ...view.screen, fields } };
}

const press = (kiosk: DrawnKiosk, name: string) => kiosk.user.click(screen.getByRole('button', { name }));
const heading = () => screen.getByRole('heading', { level: 1 }).textContent;

/** From the page's question to a live picture. */
async function switchOn(kiosk: DrawnKiosk): Promise<void> {
  await press(kiosk, 'Zet de camera aan');
  await camera.answer();
  fireEvent.loadedData(await screen.findByLabelText('Wat de camera nu ziet'));
}

async function take(kiosk: DrawnKiosk): Promise<void> {
  await switchOn(kiosk);
  await press(kiosk, 'Neem de foto');
}

describe('the camera', () => {
  it('is off until somebody asks for it, and has no ears', async () => {
    const kiosk = open();
    expect(camera.asked).toEqual([]);
    await switchOn(kiosk);
    expect(camera.asked).toEqual([expect.objectContaining({ audio: false })]);
    expect([camera.on(), heading()]).toEqual([1, 'Houd uw papier voor de camera']);
  });

  const endings: [string, (kiosk: DrawnKiosk) => unknown][] = [
    ['when it is switched off', (kiosk) => press(kiosk, 'Camera uit')],
    ['with its page', (kiosk) => kiosk.push(views['question-text'])],
    ['under a cover', (kiosk) => kiosk.push({ cover: { kind: 'card_out', secondsLeft: 30, seconds: 30, otherCard: false } })],
    ['with the visit', (kiosk) => kiosk.push(views.goodbye)],
    ['when another window comes before this one', () => fireEvent.blur(window)],
    ['behind a dialog', () => act(() => useKiosk.getState().open('help'))],
  ];
  it.each(endings)('goes off %s', async (_when, end) => {
    const kiosk = open();
    await switchOn(kiosk);
    await end(kiosk);
    await waitFor(() => expect(camera.on()).toBe(0));
  });

  it('that comes on when nobody waits for it any more goes off at once', async () => {
    const kiosk = open();
    await press(kiosk, 'Zet de camera aan');
    await press(kiosk, 'Camera uit');
    await camera.answer();
    await waitFor(() => expect(camera.on()).toBe(0));
    expect(heading()).toBe('Hebt u er papieren bij?');
  });

  it('gives no picture to take before it shows one', async () => {
    const kiosk = open();
    await press(kiosk, 'Zet de camera aan');
    await camera.answer();
    await screen.findByLabelText('Wat de camera nu ziet');
    expect(screen.queryByRole('button', { name: 'Neem de foto' })).toBeNull();
  });
});

describe('without a camera', () => {
  it.each([
    ['NotFoundError', 'We vinden geen camera.', 'none'],
    ['NotAllowedError', 'We mogen de camera niet gebruiken.', 'refused'],
    ['NotReadableError', 'De camera is even bezet.', 'busy'],
    ['AbortError', 'De camera geeft geen beeld.', 'failed'],
  ] as const)('(%s) the page says so, an operator hears of it, and it goes on without', async (error, sentence, problem) => {
    const kiosk = open();
    await press(kiosk, 'Zet de camera aan');
    await camera.answer(error);
    expect((await screen.findByRole('alert')).textContent).toContain(sentence);
    await press(kiosk, 'Verder zonder foto');
    expect(kiosk.asked()).toEqual([
      { command: 'form.camera', input: { problem } },
      { command: 'form.answer', input: { page: 'papers', answers: {} } },
    ]);
  });

  it('on a machine that has no such thing the page says the same', async () => {
    const kiosk = open();
    Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: undefined });
    await press(kiosk, 'Zet de camera aan');
    expect((await screen.findByRole('alert')).textContent).toContain('We vinden geen camera.');
  });

  it('one that is unplugged midway is missed, and can be tried again', async () => {
    const kiosk = open();
    await switchOn(kiosk);
    act(() => camera.unplug());
    expect((await screen.findByRole('alert')).textContent).toContain('De camera is weggevallen.');
    await press(kiosk, 'Probeer de camera opnieuw');
    await camera.answer();
    await screen.findByLabelText('Wat de camera nu ziet');
  });

  it('where a photo is needed nobody is told to go on without', async () => {
    const kiosk = open({ ...none, ...withPhotos({ needed: true }) });
    await press(kiosk, 'Zet de camera aan');
    await camera.answer('NotFoundError');
    expect((await screen.findByRole('alert')).textContent).toContain('Toon uw papier aan de balie');
    expect(screen.queryByRole('button', { name: 'Verder zonder foto' })).toBeNull();
  });

  it.each([
    ['never answers', 15_000, false],
    ['is on and shows nothing', 10_000, true],
  ])('one that %s is given up', async (_what, afterMs, answers) => {
    const kiosk = open();
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await press(kiosk, 'Zet de camera aan');
    if (answers) {
      await camera.answer();
      await screen.findByLabelText('Wat de camera nu ziet');
    }
    await act(() => vi.advanceTimersByTimeAsync(afterMs));
    expect(screen.getByRole('alert').textContent).toContain('De camera geeft geen beeld.');
    expect(camera.on()).toBe(0);
  });
});

describe('a photo', () => {
  it('is looked at first, and leaves the page only when the person takes it', async () => {
    const kiosk = open();
    await take(kiosk);
    expect(heading()).toBe('Kunt u alles lezen?');
    await press(kiosk, 'Nee, opnieuw');
    expect(heading()).toBe('Houd uw papier voor de camera');
    const on = { command: 'form.camera', input: { problem: null } };
    expect(kiosk.asked()).toEqual([on]);
    fireEvent.loadedData(screen.getByLabelText('Wat de camera nu ziet'));
    await press(kiosk, 'Neem de foto');
    await press(kiosk, 'Ja, gebruik deze foto');
    await waitFor(() => expect(kiosk.asked()).toEqual([on, { command: 'form.photo', input: { ...place, bytes: fakeJpeg } }]));
    expect(heading()).toBe('We voegen uw foto toe');
    expect(screen.queryByRole('button', { name: 'Ja, gebruik deze foto' })).toBeNull();
  });

  it('is there when main says so: counted, with a small picture, and the camera is off', async () => {
    const kiosk = open();
    await take(kiosk);
    await press(kiosk, 'Ja, gebruik deze foto');
    kiosk.push(withPhotos({ sealing: true }));
    expect(heading()).toBe('We voegen uw foto toe');
    kiosk.push(withPhotos({ ids: photoIds.slice(0, 1), room: 9 }));
    await waitFor(() => expect(heading()).toBe('Hebt u er papieren bij?'));
    expect([camera.on(), screen.getByRole('status').textContent]).toEqual([0, 'Er is 1 foto']);
    expect(screen.getByRole('img', { name: 'Foto 1' })).toBeDefined();
    await press(kiosk, 'Verder met 1 foto');
    expect(kiosk.asked().at(-1)).toEqual({ command: 'form.answer', input: { page: 'papers', answers: {} } });
  });

  it('that could not be added is said to be so, and the way on stays', async () => {
    const kiosk = open();
    await take(kiosk);
    await press(kiosk, 'Ja, gebruik deze foto');
    kiosk.push(withPhotos({ problem: 'disk_full' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Het geheugen van deze kiosk is vol.');
    await press(kiosk, 'Verder zonder foto');
  });

  it('that main does not take at all holds nobody', async () => {
    const kiosk = open();
    await take(kiosk);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    kiosk.loket.ask = () => Promise.reject(new Error('refused'));
    await press(kiosk, 'Ja, gebruik deze foto');
    expect((await screen.findByRole('alert')).textContent).toContain('Uw foto is niet toegevoegd.');
  });

  it('of which main never speaks holds nobody', async () => {
    const kiosk = open();
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await take(kiosk);
    await press(kiosk, 'Ja, gebruik deze foto');
    await act(() => vi.advanceTimersByTimeAsync(5_000));
    expect(screen.getByRole('alert').textContent).toContain('Uw foto is niet toegevoegd.');
  });

  it('can be taken back', async () => {
    const kiosk = open(views['photo-two']);
    await press(kiosk, 'Wis foto 2');
    expect(kiosk.asked()).toEqual([{ command: 'form.photo_remove', input: { ...place, photo: photoIds[1] } }]);
  });

  it('of before a crash of the page is still counted, without a picture', () => {
    open(views['photo-two']);
    expect(within(screen.getByRole('list', { name: 'Uw foto’s' })).getAllByRole('listitem')).toHaveLength(2);
    expect(screen.queryByRole('img', { name: 'Foto 1' })).toBeNull();
  });

  it('more than ten are not offered', () => {
    open(views['photo-ten']);
    expect(screen.queryByRole('button', { name: 'Nog een foto' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Verder met 10 foto’s' })).toBeDefined();
  });

  it('leaves no small picture to the next visit', async () => {
    const kiosk = open();
    act(() => useKiosk.getState().remember('a', 'data:,'));
    kiosk.push(views.check);
    expect(useKiosk.getState().thumbnails).toEqual({ a: 'data:,' });
    kiosk.push({ ...none, visit: 'v2' });
    expect(useKiosk.getState().thumbnails).toEqual({});
    act(() => useKiosk.getState().remember('a', 'data:,'));
    kiosk.push({ ...views.catalogue, visit: 'v2' });
    expect(useKiosk.getState().thumbnails).toEqual({});
  });
});

describe('with keys and ears alone', () => {
  it('each step is reached by Enter on its button, and begins at its heading', async () => {
    const kiosk = open();
    screen.getByRole('button', { name: 'Zet de camera aan' }).focus();
    await kiosk.user.keyboard('{Enter}');
    await camera.answer();
    fireEvent.loadedData(await screen.findByLabelText('Wat de camera nu ziet'));
    expect(document.activeElement?.textContent).toBe('Houd uw papier voor de camera');
    screen.getByRole('button', { name: 'Neem de foto' }).focus();
    await kiosk.user.keyboard('{Enter}');
    expect(document.activeElement?.textContent).toBe('Kunt u alles lezen?');
    screen.getByRole('button', { name: 'Ja, gebruik deze foto' }).focus();
    await kiosk.user.keyboard('{Enter}');
    expect(document.activeElement?.textContent).toBe('We voegen uw foto toe');
  });

  it('what is missing is said above, and leads to the camera', async () => {
    const kiosk = open(views['photo-error']);
    expect(document.activeElement).toBe(screen.getByRole('alert'));
    await kiosk.user.click(within(screen.getByRole('alert')).getByRole('button'));
    await camera.answer();
    await screen.findByLabelText('Wat de camera nu ziet');
  });

  it.each(['Neem de foto', 'Ja, gebruik deze foto'])('axe finds nothing before "%s"', async (button) => {
    const kiosk = open();
    document.title = 'Loket';
    document.documentElement.lang = 'nl-BE';
    await (button === 'Neem de foto' ? switchOn(kiosk) : take(kiosk));
    await screen.findByRole('button', { name: button });
    const { violations } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)).toEqual([]);
  });
});

it('the page’s own limits are the contract’s', () => {
  expect(largestPicture).toEqual(photoLimits);
});

it('a picture is never larger than it may be, nor than it was', () => {
  expect(fitSize({ width: 4000, height: 3000 }, 2560)).toEqual({ width: 2560, height: 1920 });
  expect(fitSize({ width: 1080, height: 1920 }, 2560)).toEqual({ width: 1080, height: 1920 });
  expect(fitSize({ width: 10_000, height: 1 }, 2560)).toEqual({ width: 2560, height: 1 });
});
