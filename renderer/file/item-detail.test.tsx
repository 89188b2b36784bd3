import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { ItemView, SourceView } from '../../contract/file-view.ts';
import type { TakingView } from '../../contract/view.ts';
import { makeFakeLoket } from '../fixtures/fake-loket.ts';
import { makeFilePush } from '../fixtures/file-views.ts';
import { standInForTheBrowser } from '../fixtures/render-kiosk.tsx';
import { makeViews } from '../fixtures/views.ts';
import { Words } from '../i18n/words.tsx';
import { ItemDetail } from './item-detail.tsx';

const view = makeViews('nl').file;
const { items, sources } = makeFilePush('file');

function show(key: string, taking: TakingView | null = null, prints = true, more: Partial<ItemView> = {}, of: Partial<SourceView> = {}) {
  standInForTheBrowser();
  cleanup();
  const loket = makeFakeLoket({ kiosk: view });
  Object.defineProperty(window, 'loket', { value: loket, configurable: true });
  const item = items.find((each) => each.key === key);
  if (!item) throw new Error(`no item ${key}`);
  const source = sources.find(({ id }) => id === item.source);
  render(
    <Words language="nl">
      <ItemDetail
        view={view}
        item={{ ...item, ...more } as ItemView}
        source={source && { ...source, ...of }}
        prints={prints}
        taking={taking}
        onBack={() => undefined}
      />
    </Words>,
  );
  return { user: userEvent.setup(), asked: () => loket.asked };
}

const button = (name: string) => screen.getByRole('button', { name });

it('begins the product that answers it, and says which thing that is', async () => {
  const { user, asked } = show('parking/0');
  await user.click(button('Doe dit nu'));
  expect(asked()).toEqual([{ command: 'form.open', input: { product: 'parking-permit', item: 'parking/0' } }]);
});

it('offers nothing where no product answers it', () => {
  show('population/0');
  expect(screen.queryByRole('button', { name: 'Doe dit nu' })).toBeNull();
});

it.each([
  ['Afdrukken', 'print'],
  ['Naar mijn e-mail', 'email'],
  ['Naar mijn telefoon', 'phone'],
])('is taken along with keys alone: %s', async (name, way) => {
  const { user, asked } = show('parking/0');
  button(name).focus();
  await user.keyboard('{Enter}');
  expect(asked()).toEqual([{ command: 'item.take', input: { item: 'parking/0', way } }]);
});

it('prints nothing where there is no printer', () => {
  show('parking/0', null, false);
  expect(screen.queryByRole('button', { name: 'Afdrukken' })).toBeNull();
});

it('says what became of it, of this thing alone', () => {
  const done: TakingView = { item: 'parking/0', way: 'email', stage: 'done', to: 'l•••@voorbeeld.example', url: null, problem: null };
  show('parking/0', done);
  expect(screen.getByRole('status').textContent).toBe('Gestuurd naar l•••@voorbeeld.example.');
  show('population/0', done);
  expect(screen.getByRole('status').textContent).toBe('');
});

it('the code for the telephone is a picture with a name, and can be put away', async () => {
  const url = 'https://loket.example/m/abc';
  const { user, asked } = show('parking/0', { item: 'parking/0', way: 'phone', stage: 'done', to: null, url, problem: null });
  expect(screen.getByRole('img', { name: 'Code voor uw telefoon' })).toBeTruthy();
  await user.click(button('Sluiten'));
  expect(asked()).toEqual([{ command: 'item.leave', input: {} }]);
});

it.each(['no_printer', 'no_line', 'sign_in', 'gone', 'no_address', 'not_sent'] as const)('says why not: %s', (problem) => {
  show('parking/0', { item: 'parking/0', way: 'email', stage: 'problem', to: null, url: null, problem });
  expect(screen.getByRole('status').textContent).toMatch(/[.]$/);
});

it('is paid with the own phone: a picture with a name, and the account, amount and communication to type over', () => {
  show('sports/1');
  expect(screen.getByRole('img', { name: 'Code om te betalen' })).toBeTruthy();
  const box = screen.getByRole('region', { name: 'Nog te betalen' }).textContent;
  expect(box).toMatch(/€\s85,00.*123\/4567\/89002.*BE68 5390 0754 7034 van Sportdienst Kortrijk.*balie/s);
});

it('by what a source said some time ago nobody pays: they could pay twice', () => {
  show('sports/1', null, true, {}, { state: 'stale' });
  expect(screen.queryByRole('img', { name: 'Code om te betalen' })).toBeNull();
  expect(screen.getByText(/^Met de rekening die u kreeg/)).toBeTruthy();
});

it('asks for one thing at a time', () => {
  show('parking/0', { item: 'parking/0', way: 'print', stage: 'working', to: null, url: null, problem: null });
  for (const name of ['Afdrukken', 'Naar mijn e-mail', 'Naar mijn telefoon'])
    expect(button(name).getAttribute('disabled') ?? button(name).getAttribute('aria-disabled')).not.toBeNull();
});

it('HTML in a title is the text that it is', () => {
  const title = { nl: '<img src=x onerror="alert(1)"><b>Uw boete</b>' };
  show('parking/0', null, true, { title });
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(title.nl);
  expect(document.querySelector('img, h1 b')).toBeNull();
});

it.each(['9999-12-31', '0001-01-01', '2027-02-28'])('a day that is far away is a day: %s', (on) => {
  show('population/0', null, true, { on });
  expect(document.querySelector('.rows')?.textContent).toContain(String(Number(on.slice(0, 4))));
});

it('says of what is not paid yet how to pay it', () => {
  const said = () => document.querySelector('.rows')?.textContent;
  show('sports/1', null, true, { phone: undefined });
  expect(said()).toContain('Hoe u betaaltMet de rekening die u kreeg, of aan de balie');
  show('sports/1', null, true, { paidOn: '2026-11-20' });
  expect(said()).not.toContain('Hoe u betaalt');
});
