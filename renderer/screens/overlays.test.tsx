import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { makeViews } from '../fixtures/views.ts';

const views = makeViews('nl');

describe('stop', () => {
  it('asks first when answers would be lost, and says that kept requests are safe', async () => {
    const kiosk = renderKiosk(views.check);
    await kiosk.user.click(screen.getByRole('button', { name: 'Stop' }));
    expect(kiosk.asked()).toEqual([]);
    const dialog = screen.getByRole('dialog', { name: 'Wilt u stoppen?' });
    expect(dialog.textContent).toContain('Wat al bewaard is, blijft bewaard.');
    await kiosk.user.click(within(dialog).getByRole('button', { name: 'Stop en wis alles' }));
    expect(kiosk.asked()).toEqual([{ command: 'visit.stop', input: { why: 'stopped' } }]);
  });

  it('goes back to the page, and to its button, when one thinks better of it', async () => {
    const kiosk = renderKiosk(views.check);
    await kiosk.user.click(screen.getByRole('button', { name: 'Stop' }));
    await kiosk.user.click(screen.getByRole('button', { name: 'Ga verder met invullen' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(kiosk.asked()).toEqual([]);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Stop' })));
  });

  it('asks first on the first page too, once something is typed there', async () => {
    const kiosk = renderKiosk(views['question-text']);
    await kiosk.user.click(screen.getByRole('textbox'));
    await kiosk.user.keyboard('V');
    await kiosk.user.click(screen.getByRole('button', { name: 'Stop' }));
    expect(screen.getByRole('dialog')).toBeTruthy();
    expect(kiosk.asked()).toEqual([]);
  });
});

describe('the way back from "stop"', () => {
  it.each([
    ['check', 'Ga verder met invullen'],
    ['sign-in-pinpad', 'Terug naar de toetsen van de lezer'],
    ['sign-in-dialog', 'Terug naar het kleine venster'],
    ['sign-in-checking', 'Terug naar het aanmelden'],
    ['sign-in-failed', 'Terug naar het aanmelden'],
    ['sign-pinpad', 'Terug naar de toetsen van de lezer'],
    ['sign-dialog', 'Terug naar het kleine venster'],
    ['sign-read-text', 'Terug naar het ondertekenen'],
  ] as const)('on %s is "%s"', async (view, back) => {
    const kiosk = renderKiosk(views[view]);
    await kiosk.user.click(screen.getByRole('button', { name: 'Stop' }));
    await kiosk.user.click(screen.getByRole('button', { name: back }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(kiosk.asked()).toEqual([]);
  });

  it('and it is not said that answers are lost where there are none', async () => {
    const kiosk = renderKiosk(views['sign-in-pinpad']);
    await kiosk.user.click(screen.getByRole('button', { name: 'Stop' }));
    expect(screen.getByRole('dialog').textContent).not.toContain('We wissen dan wat u invulde.');
    kiosk.push({ screen: { ...views['sign-in-pinpad'].screen, filledIn: true } as typeof views.check.screen });
    expect(screen.getByRole('dialog').textContent).toContain('We wissen dan wat u invulde.');
  });
});

describe('"not you?"', () => {
  it('asks first when answers would be lost', async () => {
    const kiosk = renderKiosk(views.check);
    await kiosk.user.click(screen.getByRole('button', { name: 'Bent u dit niet?' }));
    const dialog = screen.getByRole('dialog', { name: 'Bent u dit niet?' });
    await kiosk.user.click(within(dialog).getByRole('button', { name: 'Ik ben het niet: wis alles' }));
    expect(kiosk.asked()).toEqual([{ command: 'visit.stop', input: { why: 'not_me' } }]);
  });
});

describe('help', () => {
  it('says where the desk is and what to call this kiosk; Escape closes it', async () => {
    const kiosk = renderKiosk(views.catalogue);
    await kiosk.user.click(screen.getByRole('button', { name: 'Hulp' }));
    const dialog = screen.getByRole('dialog', { name: 'Hulp' });
    expect(dialog.textContent).toContain('Ga naar de balie, rechts van de ingang.');
    expect(dialog.textContent).toContain('Kiosk 2');
    await kiosk.user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('holds the focus while it is open', async () => {
    const kiosk = renderKiosk(views.catalogue);
    await kiosk.user.click(screen.getByRole('button', { name: 'Hulp' }));
    const dialog = screen.getByRole('dialog');
    for (let step = 0; step < 5; step += 1) {
      await kiosk.user.tab();
      expect(dialog.contains(document.activeElement)).toBe(true);
    }
  });
});

describe('settings', () => {
  it('change the language', async () => {
    const kiosk = renderKiosk(views.catalogue);
    await kiosk.user.click(screen.getByRole('button', { name: 'Taal: Nederlands' }));
    await kiosk.user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Français' }));
    expect(kiosk.asked()).toEqual([{ command: 'visit.language', input: { language: 'fr' } }]);
  });

  it('offer no language where there is only one', () => {
    renderKiosk({ ...views.catalogue, languages: ['nl'] });
    expect(screen.queryByRole('button', { name: /^Taal/ })).toBeNull();
    renderKiosk({ ...views.attract, languages: ['nl'] });
    expect(screen.queryByRole('button', { name: 'Nederlands' })).toBeNull();
  });

  it('change text and colours, each leaving the other alone', async () => {
    const kiosk = renderKiosk({ ...views.catalogue, display: { text: 3, theme: 'default' } });
    await kiosk.user.click(screen.getByRole('button', { name: 'Scherm en geluid' }));
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Groot' }).checked).toBe(true);
    await kiosk.user.click(screen.getByRole('radio', { name: 'Zeer groot' }));
    await kiosk.user.click(screen.getByRole('radio', { name: 'Zwart en wit' }));
    expect(kiosk.asked()).toEqual([
      { command: 'visit.display', input: { display: { text: 4, theme: 'default' } } },
      { command: 'visit.display', input: { display: { text: 3, theme: 'contrast' } } },
    ]);
  });

  it('close under a cover', async () => {
    const kiosk = renderKiosk(views.check);
    await kiosk.user.click(screen.getByRole('button', { name: 'Hulp' }));
    kiosk.push(views['cover-idle']);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.getByRole('heading', { name: 'Bent u er nog?' })).toBeTruthy();
  });
});
