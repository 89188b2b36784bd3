import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ScreenView } from '../../contract/view.ts';
import { someCatalogue } from '../fixtures/catalogue.ts';
import { makeProductViews } from '../fixtures/product-views.ts';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { makeViews } from '../fixtures/views.ts';
import { useKiosk } from '../state/kiosk-store.ts';
import { useCatalogue } from './catalogue-store.ts';

const views = makeViews('nl');
const catalogue = someCatalogue('nl');
const [whole] = catalogue;

async function openSearch(parts = catalogue) {
  const kiosk = renderKiosk({ ...views.catalogue, visit: 'v1' }, parts);
  await kiosk.user.click(screen.getByRole('button', { name: 'Zoek in uw eigen woorden' }));
  return kiosk;
}

const field = () => screen.getByRole<HTMLInputElement>('combobox');
const options = () =>
  screen.queryAllByRole('option').map((option) => within(option).getByText((_, element) => element?.tagName === 'STRONG').textContent);

describe('the first page', () => {
  it('has eight themes, what people ask most, other governments, and events', () => {
    renderKiosk({ ...views.catalogue, visit: 'v1' }, catalogue);
    expect(within(screen.getByRole('list', { name: 'Of kies een thema' })).getAllByRole('button').length).toBe(9);
    expect(within(screen.getByRole('list', { name: 'Wat u hier kunt regelen' })).getAllByRole('button').length).toBe(6);
    expect(screen.getByRole('button', { name: 'MyMinfin' })).toBeTruthy();
  });

  it('begins what people ask most at once; another government, or the town where somebody lives, by its page', async () => {
    const [first, ...others] = views.catalogue.screen.name === 'catalogue' ? views.catalogue.screen.products : [];
    if (!first || views.catalogue.screen.name !== 'catalogue') throw new Error('no catalogue');
    const away: ScreenView = { ...views.catalogue.screen, livesIn: 'Menen', products: [{ ...first, state: 'elsewhere' }, ...others] };
    const kiosk = renderKiosk({ ...views.catalogue, visit: 'v1', screen: away }, catalogue);
    await kiosk.user.click(screen.getByRole('button', { name: /^Attest.*Dit doet de gemeente waar u woont/ }));
    await kiosk.user.click(screen.getByRole('button', { name: /^Adreswijziging/ }));
    await kiosk.user.click(screen.getByRole('button', { name: 'Mijn Dossier' }));
    expect(kiosk.asked()).toEqual([
      { command: 'product.open', input: { product: 'main-residence-certificate' } },
      { command: 'form.open', input: { product: 'change-of-address' } },
      { command: 'product.open', input: { product: 'my-national-file' } },
    ]);
  });

  it('opens a theme, with what is for enterprises apart, and the events', async () => {
    const kiosk = renderKiosk({ ...views.catalogue, visit: 'v1' }, catalogue);
    await waitFor(() => expect(useCatalogue.getState().entries.length).toBeGreaterThan(0));
    await kiosk.user.click(screen.getByRole('button', { name: 'Milieu en energie' }));
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Milieu en energie');
    const business = screen.getByRole('list', { name: 'Voor ondernemingen en verenigingen' });
    expect(within(business).getByRole('button').textContent).toContain('Omgevingsvergunning');
    await kiosk.user.click(within(business).getByRole('button'));
    expect(kiosk.asked()).toEqual([{ command: 'product.open', input: { product: 'environmental-permit-business' } }]);
    await kiosk.user.click(screen.getByRole('button', { name: 'Terug' }));
    await kiosk.user.click(screen.getByRole('button', { name: 'Te doen in de buurt' }));
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Te doen in Kortrijk en de buurt');
    expect(screen.getAllByRole('heading', { level: 2 }).map((heading) => heading.textContent)).toContain('Weekmarkt');
    expect(screen.getByText('Gratis')).toBeTruthy();
    expect(screen.getByText('8 euro')).toBeTruthy();
  });
});

describe('the search', () => {
  it('is a combobox with its list, typed in on the glass, and says aloud how much it found', async () => {
    const kiosk = await openSearch();
    expect(document.activeElement).toBe(field());
    expect(field().getAttribute('aria-expanded')).toBe('false');
    const keys = screen.getByRole('group', { name: 'Toetsenbord op het scherm' });
    for (const letter of 'vuilb') await kiosk.user.click(within(keys).getByRole('button', { name: letter }));
    await waitFor(() => expect(options().length).toBe(2));
    expect(field().value).toBe('vuilb');
    expect(field().getAttribute('aria-expanded')).toBe('true');
    expect(field().getAttribute('aria-controls')).toBe(screen.getByRole('listbox').id);
    expect(screen.getByRole('status').textContent).toBe('2 gevonden.');
  });

  it('forgives a typing error', async () => {
    const kiosk = await openSearch();
    await kiosk.user.type(field(), 'verhius');
    await waitFor(() => expect(options()[0]).toBe('Adreswijziging'));
    await kiosk.user.click(screen.getAllByRole('option')[0] as HTMLElement);
    expect(kiosk.asked()).toEqual([{ command: 'product.open', input: { product: 'change-of-address' } }]);
  });

  it('is worked with arrows, Enter and Escape; with Tab alone too', async () => {
    const kiosk = await openSearch();
    await kiosk.user.type(field(), 'vuilbak');
    await waitFor(() => expect(options().length).toBeGreaterThan(1));
    await kiosk.user.keyboard('{Enter}');
    expect(kiosk.asked()).toEqual([]);
    await kiosk.user.keyboard('{ArrowDown}{ArrowDown}');
    const second = screen.getAllByRole('option')[1];
    expect(field().getAttribute('aria-activedescendant')).toBe(second?.id);
    expect(second?.getAttribute('aria-selected')).toBe('true');
    await kiosk.user.keyboard('{Enter}');
    expect(kiosk.asked()).toEqual([{ command: 'product.open', input: { product: 'rubbish-bags' } }]);
    await kiosk.user.keyboard('{Tab}{Tab}{Enter}');
    expect(kiosk.asked()[1]).toEqual({ command: 'product.open', input: { product: 'waste-container' } });
    await kiosk.user.click(field());
    await kiosk.user.keyboard('{Escape}');
    expect(field().value).toBe('');
    expect(options()).toEqual([]);
  });

  it('says that nothing was found, to whom to go, and what may have been meant', async () => {
    const kiosk = await openSearch();
    await kiosk.user.type(field(), 'qzxqzx');
    await waitFor(() => expect(screen.getByRole('status').textContent).toContain('We vinden niets voor “qzxqzx”.'));
    expect(screen.getByRole('status').textContent).toContain(views.catalogue.desk);
    expect(options()).toEqual([]);
    await kiosk.user.clear(field());
    await kiosk.user.type(field(), 'rcyclgprk');
    await waitFor(() => expect(options()).toEqual(['Recyclagepark']));
    expect(screen.getByRole('status').textContent).toContain('Bedoelt u dit?');
  });

  it('says that the list is still coming while it is, and finds when it is there', async () => {
    if (!whole) throw new Error('no catalogue');
    const half = { ...whole, parts: 2, entries: whole.entries.slice(0, 2) };
    const kiosk = await openSearch([half]);
    await kiosk.user.type(field(), 'recyclagepark');
    await waitFor(() => expect(useCatalogue.getState().indexed).toBe(2));
    expect(screen.getByRole('status').textContent).toContain('De lijst wordt nog gelezen.');
    act(() => kiosk.loket.pushCatalogue({ ...whole, part: 1, parts: 2, entries: whole.entries.slice(2) }));
    await waitFor(() => expect(options()).toEqual(['Recyclagepark']));
  });

  it('keeps what was typed while somebody looks at a product, and forgets it with the visit', async () => {
    const kiosk = await openSearch();
    await kiosk.user.type(field(), 'vuilbak');
    kiosk.push({ screen: views.product.screen });
    kiosk.push({ screen: views.catalogue.screen });
    expect(field().value).toBe('vuilbak');
    kiosk.push({ visit: 'v2' });
    expect(screen.queryByRole('combobox')).toBeNull();
    expect(useKiosk.getState()).toMatchObject({ query: '', browsing: { at: 'home' } });
  });
});

describe('the catalogue as it comes', () => {
  beforeEach(() => useCatalogue.setState(useCatalogue.getInitialState(), true));

  it('is made findable a slice at a time', () => {
    if (!whole) throw new Error('no catalogue');
    useCatalogue.getState().takePart(whole);
    let left = 3;
    const more = useCatalogue.getState().indexSome(() => {
      left -= 1;
      return left < 0;
    });
    expect([more, useCatalogue.getState().indexed]).toEqual([true, 3]);
    expect(useCatalogue.getState().indexSome(() => false)).toBe(false);
    expect(useCatalogue.getState().indexed).toBe(whole.entries.length);
  });

  it('drops a part of an edition that another has replaced', () => {
    if (!whole) throw new Error('no catalogue');
    useCatalogue.getState().takePart({ ...whole, edition: 'new', parts: 2, entries: whole.entries.slice(0, 1) });
    useCatalogue.getState().takePart({ ...whole, edition: 'old', part: 1, parts: 2, entries: whole.entries.slice(1) });
    expect(useCatalogue.getState().entries.length).toBe(1);
  });
});

describe('the page of a product', () => {
  const pages = makeProductViews((nl) => nl);

  it('says what it costs, what is needed and who does it, and begins', async () => {
    const kiosk = renderKiosk({ ...views.product, visit: 'v1' }, catalogue);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Adreswijziging');
    for (const name of ['Wat het kost', 'Wat u nodig hebt', 'Wat er gebeurt', 'Wie het doet']) expect(screen.getByText(name)).toBeTruthy();
    await kiosk.user.click(screen.getByRole('button', { name: 'Begin hier' }));
    await kiosk.user.click(screen.getByRole('button', { name: 'Terug' }));
    expect(kiosk.asked()).toEqual([
      { command: 'form.open', input: { product: 'change-of-address' } },
      { command: 'form.back', input: {} },
    ]);
  });

  it('that cannot begin here says why, and has no button for it', () => {
    for (const [name, says] of [
      ['product-closed', 'er is geen lijn'],
      ['product-elsewhere', 'Dit doet Menen, waar u woont'],
      ['product-far', 'gemeentehuis van Eupen'],
      ['product-desk', 'Dit regelt u aan de balie'],
    ] as const) {
      renderKiosk({ ...views[name], visit: 'v1' }, catalogue);
      expect(screen.getByRole('main').textContent, name).toContain(says);
      expect(screen.queryByRole('button', { name: 'Begin hier' }), name).toBeNull();
      expect(screen.queryAllByRole('img').length, name).toBe(name === 'product-elsewhere' ? 1 : 0);
    }
  });

  it('of another government hands over by a code, and nothing on it opens a page', () => {
    renderKiosk({ ...views['product-portal'], visit: 'v1' }, catalogue);
    expect(pages['product-portal'].start).toMatchObject({ how: 'phone', portal: true });
    expect(screen.getByRole('img', { name: 'Code voor uw telefoon' })).toBeTruthy();
    expect(screen.getByText('myminfin.be')).toBeTruthy();
    expect(document.querySelector('a, iframe, webview')).toBeNull();
  });
});
