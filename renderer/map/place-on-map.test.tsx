import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { townMap } from '../fixtures/town-map.ts';
import { makeViews } from '../fixtures/views.ts';
import { useTownMap } from './map-store.ts';

beforeEach(() => useTownMap.setState(useTownMap.getInitialState(), true));

async function openMap(view: 'form-place' | 'form-place-pointed' = 'form-place', language: 'nl' | 'de' = 'nl') {
  const kiosk = renderKiosk(makeViews(language)[view]);
  await kiosk.user.click(screen.getByRole('button', { name: language === 'nl' ? 'Wijs aan op de plattegrond' : 'Auf dem Plan zeigen' }));
  return kiosk;
}

async function openDrawn(view: 'form-place' | 'form-place-pointed' = 'form-place') {
  const kiosk = await openMap(view);
  act(() => kiosk.loket.pushMap(townMap));
  const ground = screen.getByRole('application', { name: 'Plattegrond van Kortrijk' });
  ground.getBoundingClientRect = () => DOMRect.fromRect({ x: 0, y: 0, width: 1_000, height: 800 });
  return { kiosk, ground };
}

const use = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Gebruik deze plek' });
const said = () => within(screen.getByRole('dialog')).getByRole('status').textContent;

async function sent(kiosk: Awaited<ReturnType<typeof openMap>>): Promise<unknown> {
  await kiosk.user.click(screen.getByRole('button', { name: 'Verder' }));
  return kiosk.asked().at(-1);
}
describe('a place on the map', () => {
  it('asks for the map when it is opened, and says that it is on its way', async () => {
    const kiosk = await openMap();
    expect(kiosk.asked()).toContainEqual({ command: 'form.map', input: {} });
    expect(screen.getByRole('dialog').textContent).toContain('De plattegrond komt eraan.');
    expect(use().disabled).toBe(true);
  });

  it('is touched: the pin stands there, its street is said and becomes the words', async () => {
    const { kiosk, ground } = await openDrawn();
    expect(said()).toBe('Er staat nog geen speld.');
    fireEvent.pointerDown(ground, { pointerId: 1, clientX: 550, clientY: 380 });
    fireEvent.pointerUp(ground, { pointerId: 1, clientX: 550, clientY: 380 });
    expect(said()).toBe('De speld staat bij Vlasmarkt.');
    await kiosk.user.click(use());
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('Vlasmarkt');
    expect(await sent(kiosk)).toEqual({
      command: 'form.answer',
      input: {
        page: expect.any(String),
        answers: { 'field.description': 'Vlasmarkt', 'field.street': '', 'field.streetId': '', 'field.x': '572250', 'field.y': '669220' },
      },
    });
  });

  it('is not touched by a finger that drags', async () => {
    const { ground } = await openDrawn();
    fireEvent.pointerDown(ground, { pointerId: 1, clientX: 550, clientY: 380 });
    fireEvent.pointerMove(ground, { pointerId: 1, clientX: 700, clientY: 380 });
    fireEvent.pointerUp(ground, { pointerId: 1, clientX: 700, clientY: 380 });
    expect(said()).toBe('Er staat nog geen speld.');
    expect(ground.querySelector('svg')?.getAttribute('viewBox')).toMatch(/^571550 /);
  });

  it('is walked to with keys alone', async () => {
    const { kiosk, ground } = await openDrawn();
    act(() => ground.focus());
    await kiosk.user.keyboard('{ArrowRight}{ArrowUp}{Shift>}{ArrowLeft}{/Shift}');
    await kiosk.user.click(use());
    expect(await sent(kiosk)).toMatchObject({ input: { answers: { 'field.x': '572095', 'field.y': '669220' } } });
  });

  it('is walked to with buttons, by smaller steps when it is closer', async () => {
    const { kiosk } = await openDrawn('form-place-pointed');
    await kiosk.user.click(screen.getByRole('button', { name: 'Omlaag' }));
    await kiosk.user.click(screen.getByRole('button', { name: 'Dichterbij' }));
    await kiosk.user.click(screen.getByRole('button', { name: 'Rechts' }));
    await kiosk.user.click(use());
    expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('Vlasmarkt, aan de fontein');
    expect(await sent(kiosk)).toMatchObject({ input: { answers: { 'field.x': '572240', 'field.y': '669230' } } });
  });

  it('is left as it was when one goes back', async () => {
    const { kiosk, ground } = await openDrawn('form-place-pointed');
    act(() => ground.focus());
    await kiosk.user.keyboard('{ArrowRight}');
    await kiosk.user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Terug' }));
    expect(await sent(kiosk)).toMatchObject({ input: { answers: { 'field.x': '572230', 'field.y': '669250' } } });
  });

  it('can be taken away', async () => {
    const kiosk = renderKiosk(makeViews('nl')['form-place-pointed']);
    await kiosk.user.click(screen.getByRole('button', { name: 'Haal de speld weg' }));
    expect(await sent(kiosk)).toMatchObject({
      input: { answers: { 'field.description': 'Vlasmarkt, aan de fontein', 'field.x': '', 'field.y': '' } },
    });
  });

  it('goes with its street: another street is another place', async () => {
    const view = makeViews('nl')['form-place-streets'];
    if (view.screen.name !== 'question') throw new Error('wrong fixture');
    const fields = view.screen.fields.map((field) => ({ ...field, parts: { ...field.parts, x: '572230', y: '669250' } }));
    const kiosk = renderKiosk({ ...view, screen: { ...view.screen, fields } });
    await kiosk.user.click(screen.getAllByRole('listitem')[0]?.querySelector('button') ?? document.body);
    expect(await sent(kiosk)).toMatchObject({ input: { answers: { 'field.x': '', 'field.y': '' } } });
  });

  it('is not offered where there is no map', () => {
    const view = makeViews('nl')['form-place'];
    if (view.screen.name !== 'question') throw new Error('wrong fixture');
    renderKiosk({ ...view, screen: { ...view.screen, fields: view.screen.fields.map((field) => ({ ...field, map: null })) } });
    expect(screen.queryByRole('button', { name: 'Wijs aan op de plattegrond' })).toBeNull();
  });

  it('speaks German', async () => {
    const kiosk = await openMap('form-place', 'de');
    act(() => kiosk.loket.pushMap(townMap));
    expect(screen.getByRole('application', { name: 'Plan von Kortrijk' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Diese Stelle nehmen' })).toBeTruthy();
  });
});
