import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../contract/language.ts';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { makeViews } from '../fixtures/views.ts';

/** Today is Friday 20 November 2026; days from 20 November 2025 to 20 February 2027 make sense. */
async function openCalendar(language: Language = 'nl', open = 'Kies in de kalender') {
  const kiosk = renderKiosk(makeViews(language)['question-date']);
  await kiosk.user.click(screen.getByRole('button', { name: open }));
  return { kiosk, grid: within(screen.getByRole('dialog')).getByRole('grid') };
}
const boxes = () => screen.getAllByRole<HTMLInputElement>('textbox').map((box) => box.value);
const focused = () => document.activeElement?.getAttribute('aria-label') ?? '';

describe('the calendar', () => {
  it('opens on today, with Monday first, over the page', async () => {
    const { grid } = await openCalendar();
    expect(
      within(grid)
        .getAllByRole('columnheader', { hidden: true })
        .map((head) => head.textContent),
    ).toEqual(['ma', 'di', 'wo', 'do', 'vr', 'za', 'zo']);
    expect(focused()).toMatch(/vrijdag 20 november 2026/);
  });

  it.each([
    ['fr', 'Choisir dans le calendrier', 'lun.', /vendredi 20 novembre 2026/],
    ['de', 'Im Kalender wählen', 'Mo', /Freitag, 20. November 2026/],
    ['en', 'Choose in the calendar', 'Mon', /Friday,? 20 November 2026/],
  ] as const)('speaks %s', async (language, open, monday, today) => {
    const { grid } = await openCalendar(language, open);
    expect(within(grid).getAllByRole('columnheader', { hidden: true })[0]?.textContent).toBe(monday);
    expect(focused()).toMatch(today);
  });

  it('is walked with the keys of a date grid', async () => {
    const { kiosk } = await openCalendar();
    const focusAfter = async (keys: string) => {
      await kiosk.user.keyboard(keys);
      return focused();
    };
    expect(await focusAfter('{ArrowRight}')).toMatch(/21 november/);
    expect(await focusAfter('{ArrowDown}')).toMatch(/28 november/);
    expect(await focusAfter('{PageDown}')).toMatch(/28 december 2026/);
    expect(await focusAfter('{PageUp}{ArrowUp}{ArrowLeft}')).toMatch(/20 november 2026/);
  });

  it('puts the day in the boxes, closes, and gives the focus back', async () => {
    const { kiosk } = await openCalendar();
    await kiosk.user.keyboard('{ArrowDown}{Enter}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(boxes()).toEqual(['27', '11', '2026']);
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Kies in de kalender' }));
  });

  it('goes to the next month, and no further than days that make sense', async () => {
    const { kiosk, grid } = await openCalendar();
    const next = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Volgende maand' });
    for (let month = 0; month < 3; month += 1) await kiosk.user.click(next());
    expect(next().disabled).toBe(true);
    const late = within(grid).getByRole('button', { name: /21 februari 2027/ });
    expect(late.getAttribute('aria-disabled')).toBe('true');
    await kiosk.user.click(late);
    expect(screen.queryByRole('dialog')).not.toBeNull();
  });

  it('opens where the typed day is, and on today when that is none', async () => {
    const kiosk = renderKiosk(makeViews('nl')['question-date']);
    const [day, month, year] = screen.getAllByRole('textbox');
    if (!day || !month || !year) throw new Error('no boxes');
    await kiosk.user.type(day, '5');
    await kiosk.user.type(month, '1');
    await kiosk.user.type(year, '2027');
    const open = () => kiosk.user.click(screen.getByRole('button', { name: 'Kies in de kalender' }));
    await open();
    expect(focused()).toMatch(/5 januari 2027/);
    await kiosk.user.keyboard('{Escape}');
    await kiosk.user.clear(month);
    await open();
    expect(focused()).toMatch(/20 november 2026/);
  });

  it('is not offered for a day of long ago', () => {
    const view = makeViews('nl')['question-date'];
    if (view.screen.name !== 'question') throw new Error('wrong fixture');
    const fields = view.screen.fields.map((field) => ({ ...field, calendar: null }));
    renderKiosk({ ...view, screen: { ...view.screen, fields } });
    expect(screen.queryByRole('button', { name: 'Kies in de kalender' })).toBeNull();
  });
});
