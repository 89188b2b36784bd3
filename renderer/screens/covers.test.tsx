import { screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CoverView } from '../../contract/view.ts';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { makeViews } from '../fixtures/views.ts';
import * as tone from '../ui/tone.ts';

const views = makeViews('nl');
const idle = (secondsLeft: number): CoverView => ({ kind: 'idle', secondsLeft, seconds: 45 });

beforeEach(() => {
  vi.spyOn(tone, 'playTone').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

function barOf(): { done: number; here: number; all: number } {
  const steps = document.querySelector('.count .steps');
  const count = (selector: string) => steps?.querySelectorAll(selector).length ?? -1;
  return { done: count('.is-done'), here: count('.is-here'), all: count('i') };
}

describe('time that is left', () => {
  it('is a number, words and a bar', () => {
    renderKiosk(views['cover-card-out']);
    expect(screen.getByText('24')).toBeTruthy();
    expect(screen.getByRole('timer').textContent).toContain('Nog vierentwintig seconden');
    expect(barOf()).toEqual({ done: 4, here: 1, all: 6 });
  });

  it('says one second in the singular', () => {
    const kiosk = renderKiosk(views['cover-idle']);
    kiosk.push({ cover: idle(1) });
    expect(screen.getByRole('timer').textContent).toBe('Nog één seconde');
  });

  it('is spoken and sounded at the start, at 20 and at 10, not every second', () => {
    const kiosk = renderKiosk(views['cover-idle']);
    const spoken = () => document.querySelector('[aria-live="assertive"]')?.textContent;
    const heard = () => vi.mocked(tone.playTone).mock.calls.length;
    const atStart = heard();
    expect(atStart).toBeGreaterThan(0);
    expect(spoken()).toBe('Nog 38 seconden.');
    kiosk.push({ cover: idle(37) });
    kiosk.push({ cover: idle(21) });
    expect(spoken()).toBe('Nog 38 seconden.');
    expect(heard()).toBe(atStart);
    kiosk.push({ cover: idle(20) });
    expect(spoken()).toBe('Nog 20 seconden.');
    expect(heard()).toBe(atStart + 1);
    kiosk.push({ cover: idle(11) });
    kiosk.push({ cover: idle(10) });
    expect(spoken()).toBe('Nog 10 seconden.');
    expect(heard()).toBe(atStart + 2);
    kiosk.push({ cover: idle(9) });
    expect(heard()).toBe(atStart + 2);
  });
});

describe('a covered page', () => {
  it.each(['cover-card-out', 'cover-idle', 'cover-other-card'] as const)('%s: nothing beneath is in the document', (name) => {
    renderKiosk(views[name]);
    expect(document.body.textContent).not.toMatch(/Zandkapel|Klopt dit|Waar gaat u wonen|Vlasblom/);
    expect(screen.queryByRole('textbox')).toBeNull();
    expect(screen.queryByRole('button', { name: /Verder|Verstuur|Terug/ })).toBeNull();
  });

  it('says that another card does not open it', () => {
    const kiosk = renderKiosk(views['cover-card-out']);
    expect(screen.queryByRole('alert')).toBeNull();
    kiosk.push({ cover: { kind: 'card_out', secondsLeft: 20, seconds: 30, otherCard: true } });
    expect(screen.getByRole('alert').textContent).toBe('Dit is een andere kaart. Steek de kaart van daarnet terug.');
  });

  it('can be extended by one simple action: Enter is enough (WCAG 2.2.1)', async () => {
    const kiosk = renderKiosk(views['cover-idle']);
    await kiosk.user.keyboard('{Enter}');
    expect(kiosk.asked()).toEqual([{ command: 'visit.stay', input: {} }]);
  });
});

describe('a reader that is gone', () => {
  it('is said as such, with who can help, and nobody is told to put a card back', () => {
    renderKiosk(views['cover-no-reader']);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('De kaartlezer werkt even niet');
    const said = document.body.textContent ?? '';
    expect(said).toContain('De lezer is niet aangesloten.');
    expect(said).toContain('ga naar de balie, rechts van de ingang. Uw bezoek wacht intussen.');
    expect(said).not.toMatch(/Steek dezelfde kaart|uit de lezer|Lotte|Waar gaat u wonen/);
    expect(screen.getByRole('timer').textContent).toContain('Nog 112 seconden');
  });

  it('or that fails is for staff to look at', () => {
    renderKiosk(views['cover-needs-attention']);
    expect(document.body.textContent).toContain('Een medewerker moet de lezer nakijken.');
  });

  it('can be left at once', async () => {
    const kiosk = renderKiosk(views['cover-no-reader']);
    await kiosk.user.click(screen.getByRole('button', { name: 'Sluit mijn bezoek nu' }));
    expect(kiosk.asked()).toEqual([{ command: 'visit.stop', input: { why: 'stopped' } }]);
  });

  it('is said in French too', () => {
    renderKiosk(makeViews('fr')['cover-no-reader']);
    expect(document.body.textContent).toContain('Le lecteur n’est pas branché.');
  });
});

describe('"what you filled in is still there"', () => {
  const kept = 'Wat u invulde, staat er nog.';
  const looking = (filledIn: boolean) => ({ ...views['cover-looking'], cover: { kind: 'looking' as const, filledIn } });

  it.each([true, false])('is said under a cover where main has answers, and not where it has none (%s)', (filledIn) => {
    renderKiosk(looking(filledIn));
    expect(document.body.textContent?.includes(kept)).toBe(filledIn);
    renderKiosk({ ...looking(filledIn), cover: { kind: 'reader_gone', reason: 'no_reader', secondsLeft: 9, seconds: 120, filledIn } });
    expect(document.body.textContent?.includes(kept)).toBe(filledIn);
  });

  it('is said where something stands in a field that main does not know of yet', async () => {
    const kiosk = renderKiosk(views['question-text']);
    await kiosk.user.click(screen.getByRole('textbox'));
    await kiosk.user.keyboard('V');
    kiosk.push({ cover: { kind: 'looking', filledIn: false } });
    expect(document.body.textContent).toContain(kept);
  });

  it('is said of a PIN that did not do only where a form waits', () => {
    renderKiosk(views['sign-in-cancelled']);
    expect(document.body.textContent).toContain('Er is niets verstuurd.');
    expect(document.body.textContent).not.toContain(kept);
    renderKiosk(views['sign-in-without']);
    expect(document.body.textContent).toContain(kept);
    renderKiosk(views['sign-wrong-pin']);
    expect(document.body.textContent).toContain(kept);
  });
});

describe('the receipt', () => {
  it('sounds when it comes while somebody looks, and not when it was there already', () => {
    const kiosk = renderKiosk(views.kept);
    expect(tone.playTone).not.toHaveBeenCalled();
    kiosk.push({ screen: views['kept-received'].screen });
    expect(tone.playTone).toHaveBeenCalledWith('done');
    vi.mocked(tone.playTone).mockClear();
    renderKiosk(views['kept-received']);
    expect(tone.playTone).not.toHaveBeenCalled();
  });
});

describe('while the card’s process starts anew', () => {
  it('nothing is said of where the card is, nothing is counted down, nothing of the page is there', () => {
    renderKiosk(views['cover-looking']);
    const said = document.body.textContent ?? '';
    expect(said).toContain('De kaartlezer start opnieuw. Laat uw kaart zitten.');
    expect(said).not.toMatch(/uit de lezer|Lotte|Waar gaat u wonen/);
    expect(screen.queryByRole('timer')).toBeNull();
    expect(screen.queryByRole('textbox')).toBeNull();
    expect(vi.mocked(tone.playTone)).not.toHaveBeenCalled();
  });
});
