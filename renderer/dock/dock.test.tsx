import { act, cleanup, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import type { DockView } from '../../contract/dock.ts';
import { DockApp } from '../dock-app.tsx';
import { type DockFixtureName, dockViews } from '../fixtures/dock-views.ts';
import { makeFakeLoket } from '../fixtures/fake-loket.ts';
import { standInForTheBrowser } from '../fixtures/render-kiosk.tsx';

function renderDock(view: DockView) {
  standInForTheBrowser();
  cleanup();
  const loket = makeFakeLoket({ dock: view });
  Object.defineProperty(window, 'loket', { value: loket, configurable: true });
  render(<DockApp />);
  return {
    user: userEvent.setup(),
    push: (next: DockView) => act(() => loket.pushDock(next)),
    asked: () => loket.asked.filter(({ command }) => command !== 'dock.ready'),
  };
}

type Press = [view: DockFixtureName, button: string | RegExp, command: string, input: object];

const presses: Press[] = [
  ['full', /Hélène Dubrulois/, 'dock.insert', { card: 'helene' }],
  ['full', /Lotte Vandeputte/, 'dock.remove', {}],
  ['full', 'Trek uit', 'dock.remove', {}],
  ['full', 'Trek de lezer los', 'dock.reader', { readers: 0 }],
  ['unplugged', 'Sluit de lezer aan', 'dock.reader', { readers: 1 }],
  ['full', 'Tweede lezer erbij', 'dock.reader', { readers: 2 }],
  ['two-readers', 'Tweede lezer weg', 'dock.reader', { readers: 1 }],
  ['two-readers', 'Trek uit lezer 2', 'dock.second', { card: null }],
  ['full', 'Lezer met toetsen', 'dock.pinpad', { pinpad: true }],
  ['two-readers', 'Lezer met toetsen', 'dock.pinpad', { pinpad: false }],
  ['full', 'Typt juist', 'dock.keys', { keys: 'right' }],
  ['full', 'Typt fout', 'dock.keys', { keys: 'wrong' }],
  ['full', 'Stopt', 'dock.keys', { keys: 'cancel' }],
  ['full', 'Kaart uit tijdens lezen', 'dock.fault', { fault: 'pulled' }],
  ['full', 'Andere kaart ertussen', 'dock.fault', { fault: 'swapped' }],
  ['two-readers', 'Lezer hangt', 'dock.fault', { fault: 'none' }],
  ['full', 'Module valt uit', 'dock.fault', { fault: 'crash' }],
  ['full', 'Lezer geeft fout', 'dock.fault', { fault: 'device_error' }],
  ['full', 'Lijn is er', 'dock.line', { line: 'up' }],
  ['empty', 'Lijn is af', 'dock.line', { line: 'down' }],
  ['empty', 'Trage lijn', 'dock.line', { line: 'slow' }],
  ['empty', 'Onzin als antwoord', 'dock.line', { line: 'nonsense' }],
  ['real-module', 'Zet de demo terug', 'dock.reset', {}],
];

it('shows the operator’s code in place of a phone, or that there is none yet', () => {
  renderDock(dockViews.full);
  expect(screen.getByText('402 817')).toBeDefined();
  renderDock(dockViews['real-module']);
  expect(screen.getByText(/nog niet aangemeld/)).toBeDefined();
});

describe('the demo’s dock', () => {
  it.each(presses)('%s: %s asks %s', async (view, button, command, input) => {
    const dock = renderDock(dockViews[view]);
    await dock.user.click(screen.getByRole('button', { name: button }));
    expect(dock.asked()).toEqual([{ command, input }]);
  });

  it('shows the cards of one group at a time', async () => {
    const dock = renderDock(dockViews.full);
    expect(screen.queryByRole('button', { name: /Wannes Doornaar/ })).toBeNull();
    await dock.user.click(screen.getByRole('button', { name: 'Vervalst' }));
    expect(screen.queryByRole('button', { name: /Lotte Vandeputte/ })).toBeNull();
    await dock.user.click(screen.getByRole('button', { name: /Wannes Doornaar/ }));
    expect(dock.asked()).toEqual([{ command: 'dock.insert', input: { card: 'wannes' } }]);
  });

  it('puts a card into the second reader, and takes it out again', async () => {
    const dock = renderDock(dockViews['two-readers']);
    expect(screen.getByText('Hélène Dubrulois', { selector: '.dock__holds strong' })).toBeTruthy();
    await dock.user.click(screen.getByRole('button', { name: 'Kaart naar lezer 2' }));
    await dock.user.click(screen.getByRole('button', { name: /Lotte Vandeputte/ }));
    await dock.user.click(screen.getByRole('button', { name: /Hélène Dubrulois/, pressed: true }));
    expect(dock.asked()).toEqual([
      { command: 'dock.second', input: { card: 'lotte' } },
      { command: 'dock.second', input: { card: null } },
    ]);
  });

  it('puts cards into the first reader again once the second is gone', async () => {
    const dock = renderDock(dockViews['two-readers']);
    await dock.user.click(screen.getByRole('button', { name: 'Kaart naar lezer 2' }));
    dock.push({ ...dockViews.full, inserted: null });
    await dock.user.click(screen.getByRole('button', { name: /Lotte Vandeputte/ }));
    expect(dock.asked()).toEqual([{ command: 'dock.insert', input: { card: 'lotte' } }]);
  });

  it('says what is in the reader, what waits and what arrived', () => {
    const dock = renderDock(dockViews.full);
    expect(screen.getByRole('button', { name: /Lotte Vandeputte/, pressed: true }).textContent).toContain('Zit erin.');
    expect(screen.getByRole('status').textContent).toBe('1 aanvraag wacht in de kiosk');
    expect(within(screen.getByRole('region', { name: 'Wat de middleware kreeg' })).getAllByRole('listitem').length).toBe(2);
    dock.push(dockViews.empty);
    expect(screen.getByText('De lezer is leeg')).toBeTruthy();
    expect(screen.getByRole('status').textContent).toBe('Niets wacht in de kiosk');
    expect(screen.getByText('Nog niets ontvangen.')).toBeTruthy();
  });

  it('says that a real module is used, and offers no cards then', () => {
    renderDock(dockViews['real-module']);
    expect(screen.getByText(/echte PKCS#11-module/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Trek uit' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Typt juist' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Lezer hangt' })).toBeNull();
  });

  it.each(Object.keys(dockViews) as DockFixtureName[])('axe: %s', async (name) => {
    document.title = 'Loket';
    document.documentElement.lang = 'nl-BE';
    renderDock(dockViews[name]);
    const found = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
    expect(found.violations.map(({ id }) => id)).toEqual([]);
  });
});
