import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { makeViews } from '../fixtures/views.ts';

const views = makeViews('nl');
const press = (name: string) => screen.getByRole('button', { name });

describe('several choices', () => {
  it('go along together, in the order of the list', async () => {
    const kiosk = renderKiosk(views['form-choices']);
    await kiosk.user.click(screen.getByRole('checkbox', { name: 'Eten of drank te koop' }));
    await kiosk.user.click(screen.getByRole('checkbox', { name: 'Een tent of podium' }));
    await kiosk.user.click(press('Verder'));
    expect(kiosk.asked()).toEqual([{ command: 'form.answer', input: { page: 'page', answers: { field: 'music food' } } }]);
  });

  it('that are wrong lead to the first of them', async () => {
    const kiosk = renderKiosk(views['form-choices-error']);
    await kiosk.user.click(within(screen.getByRole('alert')).getByRole('button'));
    expect(document.activeElement).toBe(screen.getAllByRole('checkbox')[0]);
  });
});

it('yes or no is a choice of two', async () => {
  const kiosk = renderKiosk(views['form-yes-no']);
  await kiosk.user.click(screen.getByRole('radio', { name: 'Nee' }));
  await kiosk.user.click(press('Verder'));
  expect(kiosk.asked().at(-1)?.input).toEqual({ page: 'page', answers: { field: 'no' } });
});

it('a day that is likely is taken with one press, and can still be typed over', async () => {
  const kiosk = renderKiosk(views['question-date']);
  await kiosk.user.click(press('Morgen'));
  await kiosk.user.click(press('Verder'));
  expect(kiosk.asked()).toEqual([{ command: 'form.answer', input: { page: 'from', answers: { from: '2026-11-21' } } }]);
});

describe('an address', () => {
  it('looks streets up while it is typed, and is sent in its parts', async () => {
    const kiosk = renderKiosk(views['form-address']);
    await kiosk.user.type(screen.getByRole('textbox', { name: 'Straat' }), 'Vl');
    await kiosk.user.type(screen.getByRole('textbox', { name: 'Nummer' }), '24');
    expect(kiosk.asked()).toEqual([
      { command: 'form.find_street', input: { page: 'page', field: 'field', text: 'V' } },
      { command: 'form.find_street', input: { page: 'page', field: 'field', text: 'Vl' } },
    ]);
    await kiosk.user.click(press('Verder'));
    expect(kiosk.asked().at(-1)?.input).toEqual({
      page: 'page',
      answers: {
        'field.street': 'Vl',
        'field.number': '24',
        'field.box': '',
        'field.postalCode': '',
        'field.municipality': '',
        'field.streetId': '',
      },
    });
  });

  it('takes a street of the register with its postal code and town, and lets it go when another is typed', async () => {
    const kiosk = renderKiosk(views['form-address-streets']);
    expect(screen.getByText('3 straten gevonden')).toBeTruthy();
    await kiosk.user.click(press('Vlaskapelweg, 8520 Kuurne'));
    const boxes = () => ['Straat', 'Postcode', 'Gemeente'].map((name) => screen.getByRole<HTMLInputElement>('textbox', { name }).value);
    expect(boxes()).toEqual(['Vlaskapelweg', '8520', 'Kuurne']);
    expect(screen.queryByRole('list', { name: 'Straten om te kiezen' })).toBeNull();
    await kiosk.user.click(press('Verder'));
    expect(kiosk.asked().at(-1)?.input).toMatchObject({ answers: { 'field.streetId': 'vlaskapelweg' } });
    await kiosk.user.type(screen.getByRole('textbox', { name: 'Straat' }), 'x');
    await kiosk.user.click(press('Verder'));
    expect(kiosk.asked().at(-1)?.input).toMatchObject({ answers: { 'field.street': 'Vlaskapelwegx', 'field.streetId': '' } });
  });

  it('that the copy does not have is written down all the same, and the page says of which day the copy is', () => {
    renderKiosk(views['form-address-unknown']);
    expect(screen.getByText(/Niet in onze lijst van .*oktober 2026/)).toBeTruthy();
  });
});

describe('a place', () => {
  it('is words alone', async () => {
    const kiosk = renderKiosk(views['form-place']);
    await kiosk.user.type(screen.getByRole('textbox'), 'bij de brug{Enter}');
    expect(kiosk.asked().at(-1)?.input).toMatchObject({ answers: { 'field.description': 'bij de brug', 'field.street': '' } });
  });

  it('or a street of the register with more behind it', async () => {
    const kiosk = renderKiosk(views['form-place-streets']);
    await kiosk.user.click(press('Vlasblomstraat, 8500 Kortrijk'));
    await kiosk.user.keyboard('aan de brug{Enter}');
    expect(kiosk.asked().at(-1)?.input).toMatchObject({
      answers: {
        'field.description': 'Vlasblomstraat, Kortrijk aan de brug',
        'field.street': 'Vlasblomstraat',
        'field.streetId': 'vlasblomstraat',
      },
    });
  });
});

describe('what is known', () => {
  it('stands in its box with its source, until something else is typed', async () => {
    const kiosk = renderKiosk(views['form-phone-known']);
    expect(screen.getByText('Uit uw profiel')).toBeTruthy();
    await kiosk.user.type(screen.getByRole('textbox'), '7');
    expect(screen.queryByText('Uit uw profiel')).toBeNull();
  });

  it('and may not be seen again is said by its end, and an empty box leaves it', async () => {
    const kiosk = renderKiosk(views['form-number-masked']);
    const box = screen.getByRole<HTMLInputElement>('textbox', { name: /Rijksregisternummer/ });
    expect([box.value, screen.getByText(/Ingevuld: ••\.••\.••-•••\.41/) !== null]).toEqual(['', true]);
    await kiosk.user.click(press('Verder'));
    expect(kiosk.asked().at(-1)?.input).toMatchObject({ answers: { number: '' } });
  });
});

describe('a list', () => {
  it('has a way to add one, to change one and to remove one', async () => {
    const kiosk = renderKiosk(views['form-rows']);
    await kiosk.user.click(press('Iemand toevoegen'));
    await kiosk.user.click(press('Wijzig: Nora Proef, 4 mei 2019'));
    await kiosk.user.click(press('Weghalen: Bram Proef, 12 januari 1988'));
    await kiosk.user.click(press('Verder'));
    expect(kiosk.asked()).toEqual([
      { command: 'form.row', input: { page: 'page', row: 2 } },
      { command: 'form.row', input: { page: 'page', row: 0 } },
      { command: 'form.row_remove', input: { page: 'page', row: 1 } },
      { command: 'form.answer', input: { page: 'page', answers: {} } },
    ]);
  });

  it('that is full says so, and has no button that would do nothing', () => {
    renderKiosk(views['form-rows-full']);
    expect(screen.queryByRole('button', { name: 'Iemand toevoegen' })).toBeNull();
    expect(screen.getByText(/De lijst is vol/)).toBeTruthy();
  });

  it('forgets what was typed for a row that is removed: the next one begins empty', async () => {
    const kiosk = renderKiosk(views['form-row']);
    await kiosk.user.type(screen.getByRole('textbox', { name: 'Voornaam en naam' }), 'Nora');
    const list = views['form-rows'].screen;
    if (list.name !== 'question') throw new Error('wrong fixture');
    kiosk.push({ screen: { ...list, page: 'members' } });
    await kiosk.user.click(press('Weghalen: Nora Proef, 4 mei 2019'));
    kiosk.push({ screen: views['form-row'].screen });
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Voornaam en naam' }).value).toBe('');
  });
});

describe('the keys of a box', () => {
  const keys = () => within(screen.getByRole('group', { name: 'Toetsenbord op het scherm' }));
  it.each([
    ['form-email', 'apenstaartje', 'email'],
    ['form-phone-known', 'plusteken', 'tel'],
    ['form-amount', 'komma', 'decimal'],
  ] as const)('%s have what it needs: %s', (name, key, mode) => {
    renderKiosk(views[name]);
    expect(keys().getByRole('button', { name: key })).toBeTruthy();
    expect(screen.getByRole('textbox').getAttribute('inputmode')).toBe(mode);
  });
});

describe('who has no paper here', () => {
  it('may bring it to the desk, and is told that this is how it stands', async () => {
    const kiosk = renderKiosk(views['photo-desk']);
    await kiosk.user.click(press('Ik breng het mee naar de balie'));
    expect(kiosk.asked()).toEqual([{ command: 'form.answer', input: { page: 'papers', answers: { papers: 'to-desk' } } }]);
    renderKiosk(views['photo-desk-chosen']);
    expect(screen.getByText('U brengt het mee naar de balie.')).toBeTruthy();
  });
});

describe('what it costs', () => {
  it('is said before the button', () => {
    renderKiosk(views['check-price']);
    expect(screen.getByText('Dit kost € 100.')).toBeTruthy();
  });

  it('can be paid with the own phone or at the desk, and the request is kept all the same', () => {
    renderKiosk(views['kept-pay']);
    expect(screen.getByRole('img', { name: 'Code om te betalen' })).toBeTruthy();
    expect(screen.getByText(/blijft hoe dan ook bewaard/)).toBeTruthy();
    renderKiosk(views['kept-pay-desk']);
    expect(screen.queryByRole('img', { name: 'Code om te betalen' })).toBeNull();
    expect(screen.getByText(/U betaalt aan de balie/)).toBeTruthy();
  });
});
