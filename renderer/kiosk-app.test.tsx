import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderKiosk } from './fixtures/render-kiosk.tsx';
import { makeViews } from './fixtures/views.ts';
import { fitPage } from './state/use-calibration.ts';

const views = makeViews('nl');

describe('the page and main', () => {
  it('says once that it listens, and each new name of a screen once it is painted', async () => {
    const kiosk = renderKiosk(views.attract);
    const shown = () => kiosk.loket.asked.filter(({ command }) => command === 'screen.shown').map(({ input }) => input);
    expect(kiosk.loket.asked.map(({ command }) => command)).toEqual(['screen.ready']);
    await waitFor(() => expect(shown()).toEqual([{ screen: 'attract', revision: 1 }]));
    expect(document.documentElement.dataset.ready).toBe('true');
    kiosk.push({ screen: { name: 'attract', reader: 'no_reader' } });
    kiosk.push({ screen: { name: 'reading' }, visit: 'v1' });
    await waitFor(() =>
      expect(shown()).toEqual([
        { screen: 'attract', revision: 1 },
        { screen: 'reading', revision: 3 },
      ]),
    );
  });

  it('says that somebody is here at once, then at most once a second', () => {
    const kiosk = renderKiosk(views.attract);
    const active = () => kiosk.loket.asked.filter(({ command }) => command === 'screen.active').length;
    const touchAt = (milliseconds: number, type: string) => {
      const event = new Event(type, { bubbles: true });
      Object.defineProperty(event, 'timeStamp', { value: milliseconds });
      fireEvent(document.body, event);
    };
    touchAt(5_000, 'pointerdown');
    expect(active()).toBe(1);
    touchAt(5_400, 'pointermove');
    touchAt(5_999, 'keydown');
    expect(active()).toBe(1);
    touchAt(6_000, 'keydown');
    expect(active()).toBe(2);
  });

  it('speaks the language of the view', () => {
    const kiosk = renderKiosk(views.attract);
    expect(document.documentElement.lang).toBe('nl-BE');
    kiosk.push(makeViews('fr').attract);
    expect(document.documentElement.lang).toBe('fr-BE');
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Insérez votre carte');
  });

  it('shows text and colours as the view says', () => {
    const kiosk = renderKiosk({ ...views.attract, display: { text: 4, theme: 'contrast' } });
    expect(document.documentElement.dataset).toMatchObject({ text: '4', theme: 'contrast' });
    kiosk.push({ display: { text: 2, theme: 'default' } });
    expect(document.documentElement.dataset).toMatchObject({ text: '2', theme: 'default' });
  });

  it('draws in millimetres of the glass: the measured number, or what makes a page fit the window', () => {
    const kiosk = renderKiosk({ ...views.attract, pxPerMm: 3.7 });
    const perMm = () => document.documentElement.style.getPropertyValue('--px-per-mm');
    expect(perMm()).toBe('3.7');
    kiosk.push({ pxPerMm: 'fit' });
    expect(Number(perMm())).toBeCloseTo(Math.min(window.innerWidth / 270, window.innerHeight / 480), 6);
    expect(fitPage({ innerWidth: 1080, innerHeight: 1920 })).toBe(4);
    expect(fitPage({ innerWidth: 1920, innerHeight: 960 })).toBe(2);
  });
});
