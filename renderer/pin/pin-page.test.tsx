import { fireEvent, screen, within } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { makePinViews, pinFixtureNames } from '../fixtures/pin-views.ts';
import { renderPin } from '../fixtures/render-pin.tsx';

const views = makePinViews('nl');

function digit(name: string): { command: string; input: object } {
  return { command: 'pin.digit', input: { digit: name } };
}

/** The page without what a mouse leaves on a key while it is over it. */
function pageAsText(): string {
  return document.documentElement.outerHTML.replaceAll(/ data-(?:hovered|focused|pressed|focus-visible)="true"/g, '');
}

it('says that answers stay only where a form waits', () => {
  renderPin(views.empty);
  expect(document.body.textContent).not.toContain('Wat u invulde, blijft staan.');
  renderPin(views.typed);
  expect(document.body.textContent).toContain('Wat u invulde, blijft staan.');
});

describe('the keys on the glass', () => {
  it('send one digit each, in the order of a bank’s terminal', async () => {
    const pin = renderPin(views.empty);
    const keys = within(screen.getByRole('group', { name: 'Cijfers' })).getAllByRole('button');
    expect(keys.map((key) => key.textContent)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', 'Wis']);
    for (const key of keys.slice(0, 10)) await pin.user.click(key);
    expect(pin.asked()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'].map(digit));
  });

  it.each([
    ['empty', 'Wis: het laatste cijfer', 'pin.erase'],
    ['empty', 'Terug', 'pin.cancel'],
    ['typed', 'Kijk mijn code na', 'pin.done'],
  ] as const)('%s: %s asks %s', async (view, button, command) => {
    const pin = renderPin(views[view]);
    await pin.user.click(screen.getByRole('button', { name: button }));
    expect(pin.asked()).toEqual([{ command, input: {} }]);
  });

  it('hold "done" back until there are four digits', async () => {
    const pin = renderPin({ ...views.empty, typed: 3 });
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Kijk mijn code na' }).disabled).toBe(true);
    pin.push({ typed: 4 });
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Kijk mijn code na' }).disabled).toBe(false);
  });

  it('leave the focus where it is: it would show the last digit, and Enter would type it again', async () => {
    const pin = renderPin(views.typed);
    const heading = screen.getByRole('heading', { level: 1 });
    expect(document.activeElement).toBe(heading);
    await pin.user.click(screen.getByRole('button', { name: '7' }));
    expect(document.activeElement).toBe(heading);
    await pin.user.keyboard('{Enter}');
    expect(pin.asked().map(({ command }) => command)).toEqual(['pin.digit', 'pin.done']);
  });

  it('are reached and pressed with Tab and Enter alone', async () => {
    const pin = renderPin(views.empty);
    screen.getByRole('button', { name: '5' }).focus();
    await pin.user.keyboard('{Enter}');
    expect(pin.asked()).toEqual([digit('5')]);
  });
});

describe('a keyboard beside the kiosk', () => {
  const type = (init: KeyboardEventInit) => fireEvent.keyDown(document.body, init);

  it('types digits by the place of the key: also the Belgian row without shift, and the keys at its side', () => {
    const pin = renderPin(views.empty);
    type({ key: '&', code: 'Digit1' });
    type({ key: '2', code: 'Digit2' });
    type({ key: 'End', code: 'Numpad1' });
    type({ key: '9', code: '' });
    expect(pin.asked()).toEqual([digit('1'), digit('2'), digit('1'), digit('9')]);
  });

  it('erases, stops, and says that it is done', () => {
    const pin = renderPin(views.typed);
    for (const key of ['Backspace', 'Escape', 'Enter']) type({ key, code: key });
    expect(pin.asked().map(({ command }) => command)).toEqual(['pin.erase', 'pin.cancel', 'pin.done']);
  });

  it('says so also before this page heard of the fourth digit: main counts', () => {
    const pin = renderPin({ ...views.empty, typed: 3 });
    type({ key: '4', code: 'Digit4' });
    type({ key: 'Enter', code: 'Enter' });
    expect(pin.asked().map(({ command }) => command)).toEqual(['pin.digit', 'pin.done']);
  });

  it('types nothing while a key is held down, with a shortcut, or with a letter', () => {
    const pin = renderPin(views.empty);
    type({ key: '1', code: 'Digit1', repeat: true });
    for (const held of ['ctrlKey', 'altKey', 'metaKey']) type({ key: '1', code: 'Digit1', [held]: true });
    type({ key: 'a', code: 'KeyQ' });
    expect(pin.asked()).toEqual([]);
  });
});

describe('what the page holds', () => {
  it('is the same before and after digits: none is in the document, wherever it was typed', async () => {
    const pin = renderPin(views.empty);
    const before = pageAsText();
    await pin.user.keyboard('9517');
    for (const name of ['9', '5', '1', '7']) await pin.user.click(screen.getByRole('button', { name }));
    expect(pin.asked().length).toBe(8);
    expect(pageAsText()).toBe(before);
  });

  it('differs by a count and by dots once main counted', async () => {
    const pin = renderPin(views.empty);
    pin.push({ typed: 2 });
    expect(screen.getByRole('status').textContent).toBe('2 cijfers');
    expect(document.querySelectorAll('.digits__dots i').length).toBe(2);
    expect(document.querySelector('.digits__dots')?.getAttribute('aria-hidden')).toBe('true');
  });

  it('is no input: nothing that a browser could complete, remember or correct', () => {
    renderPin(views.full);
    expect(document.querySelectorAll('input, textarea, select, form, [contenteditable], [autocomplete]').length).toBe(0);
  });

  it.each(pinFixtureNames)('%s: leaves the window’s title empty', (name) => {
    document.title = 'Loket';
    renderPin(views[name]);
    expect(document.title).toBe('Loket');
  });
});

describe('what the page says', () => {
  it('what for, and another way for who cannot recall a number', () => {
    renderPin(views.empty);
    const said = document.body.textContent ?? '';
    expect(said).toContain('Aanmelden voor: Attest van hoofdverblijfplaats');
    expect(said).toContain('Geen pincode bij de hand? Ga naar de balie, rechts van de ingang. Daar kan het zonder.');
  });

  it.each([
    ['wrong', 'Die pincode klopt niet. Nog 2 pogingen. Daarna gaat de code op slot.'],
    ['wrong-once', 'Die pincode klopt niet. Nog 1 poging. Daarna gaat de code op slot.'],
    ['wrong-unknown', 'Die pincode klopt niet. Kijk rustig na en typ ze opnieuw.'],
  ] as const)('%s, aloud', (name, words) => {
    renderPin(views[name]);
    expect(screen.getByRole('alert').textContent).toBe(words);
  });

  it('the same mistake aloud once more, when main is back from the card', () => {
    const pin = renderPin(views['wrong-unknown']);
    const first = screen.getByRole('alert');
    pin.push({ state: 'working' });
    expect(screen.queryByRole('alert')).toBeNull();
    pin.push({ state: 'typing' });
    expect(screen.getByRole('alert')).not.toBe(first);
  });

  it('tries only where the card told them', () => {
    const pin = renderPin(views.tries);
    expect(screen.getByText('Uw kaart zegt: nog 2 pogingen. Daarna gaat de code op slot.')).toBeTruthy();
    pin.push({ triesLeft: null });
    expect(screen.queryByText(/Uw kaart zegt/)).toBeNull();
  });

  it('in the view’s language, size and colours', () => {
    renderPin({ ...makePinViews('fr').empty, display: { text: 4, theme: 'contrast' } });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Tapez votre code PIN');
    expect(document.documentElement.lang).toBe('fr-BE');
    expect(document.documentElement.dataset).toMatchObject({ text: '4', theme: 'contrast' });
  });

  it('nothing older than what it said before', () => {
    const pin = renderPin({ ...views.typed, revision: 7 });
    pin.push({ revision: 6, typed: 0 });
    expect(screen.getByRole('status').textContent).toBe('4 cijfers');
  });

  it('while the card is at work there is nothing to press, and keys send nothing', async () => {
    const pin = renderPin(views.working);
    expect(screen.queryAllByRole('button')).toEqual([]);
    await pin.user.keyboard('1{Enter}{Escape}{Backspace}');
    expect(pin.asked()).toEqual([]);
  });
});

describe.each(['nl', 'fr'] as const)('axe, in %s', (language) => {
  it.each(pinFixtureNames)('%s', async (name) => {
    document.title = 'Loket';
    renderPin(makePinViews(language)[name]);
    const found = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
    expect(found.violations.map(({ id }) => id)).toEqual([]);
  });
});
