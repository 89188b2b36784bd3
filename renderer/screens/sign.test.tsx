import { screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { makeViews } from '../fixtures/views.ts';

vi.mock('../document/open-pdf.ts', () => import('../fixtures/fake-pdf.ts'));

const views = makeViews('nl');
const sign = { name: /^Ik heb het gelezen en onderteken/ };

describe('the document', () => {
  it('is all its pages, as pictures and in words', async () => {
    renderKiosk(views['sign-read-pdf']);
    expect(await screen.findByRole('region', { name: 'Bladzijde 1 van 2' })).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Bladzijde 2 van 2' }).textContent).toContain('Gemeente: 8501 Heule');
    expect(document.querySelectorAll('.sheet canvas[aria-hidden="true"]').length).toBe(2);
  });

  it('cannot be signed before all of it is there', async () => {
    renderKiosk(views['sign-read-pdf']);
    expect(screen.queryByRole('button', sign)).toBeNull();
    expect(screen.getByRole('progressbar', { name: 'Uw document wordt geopend' })).toBeTruthy();
    expect(await screen.findByRole('button', sign)).toBeTruthy();
  });

  it('says where the PIN will be asked', async () => {
    renderKiosk(views['sign-read-pdf']);
    expect((await screen.findByRole('button', sign)).textContent).toContain('Uw pincode typt u op de kaartlezer.');
    renderKiosk(views['sign-read-pdf-dialog']);
    expect((await screen.findByRole('button', sign)).textContent).toContain('Uw pincode typt u in een klein venster.');
  });

  it('stands beside what is known of the certificate that signs it', async () => {
    const said = async (checked: 'good' | 'unknown' | 'no_answer' | 'offline') => {
      const view = views['sign-read-text'];
      if (view.screen.name !== 'sign') throw new Error('wrong fixture');
      renderKiosk({ ...view, screen: { ...view.screen, checked } });
      return document.querySelector('.question__hint')?.textContent?.replace('Uw kaart tekent dit document, en niets anders. ', '');
    };
    expect([await said('good'), await said('unknown'), await said('no_answer'), await said('offline')]).toEqual([
      'Uw certificaat om te tekenen is niet ingetrokken.',
      'Of uw certificaat is ingetrokken: wie dat moet weten, weet het niet.',
      'Of uw certificaat is ingetrokken: niet nagekeken, er kwam geen antwoord.',
      'Of uw certificaat is ingetrokken: niet nagekeken, geen lijn.',
    ]);
  });

  it('that is broken is not signed: a sentence, a way back, a person', async () => {
    renderKiosk(views['sign-broken-pdf']);
    expect(await screen.findByRole('heading', { level: 1, name: 'We kunnen dit document niet tonen' })).toBeTruthy();
    expect(screen.queryByRole('button', sign)).toBeNull();
    expect(document.body.textContent).toContain('Er is niets getekend');
    expect(document.body.textContent).toMatch(/Ga naar de balie/);
  });

  it('that never came is not signed either', () => {
    const view = views['sign-read-pdf'];
    if (view.screen.name !== 'sign') throw new Error('wrong fixture');
    renderKiosk({ ...view, screen: { ...view.screen, document: null } });
    expect(screen.queryByRole('button', sign)).toBeNull();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('We kunnen dit document niet tonen');
  });

  it('in plain text keeps its lines, and nothing in it is more than text', () => {
    const view = views['sign-read-text'];
    if (view.screen.name !== 'sign') throw new Error('wrong fixture');
    const text = 'Een\n  twee <b>drie</b> <img src=x onerror=alert(1)>';
    renderKiosk({ ...view, screen: { ...view.screen, document: { kind: 'text', text } } });
    expect(document.querySelector('.sheet--text')?.textContent).toBe(text);
    expect(document.querySelectorAll('.sheet--text *').length).toBe(0);
  });

  it('leaves no pixel behind when the page goes', async () => {
    const kiosk = renderKiosk(views['sign-read-pdf']);
    await screen.findByRole('button', sign);
    const canvases = [...document.querySelectorAll('canvas')];
    expect(canvases.map(({ width }) => width > 0)).toEqual([true, true]);
    kiosk.push({ screen: views['sign-pinpad'].screen });
    expect(canvases.map(({ width }) => width)).toEqual([0, 0]);
  });
});

describe('signing', () => {
  it('says that the PIN signs now, on the reader as in the window', () => {
    for (const name of ['sign-pinpad', 'sign-dialog'] as const) {
      renderKiosk(views[name]);
      expect(document.body.textContent).toContain('Hiermee tekent u het document.');
      expect(document.body.textContent).not.toContain('U tekent hiermee niets');
    }
  });

  it('with a certificate that was revoked says so of the certificate, and offers no second try', () => {
    renderKiosk(views['sign-revoked']);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('U kunt met deze kaart niet meer tekenen');
    expect(document.body.textContent).toContain('Haar certificaat is ingetrokken.');
    expect(screen.queryByRole('button', { name: 'Probeer opnieuw' })).toBeNull();
  });

  it('is looked into before the first question, and nothing is said to be kept where nothing was filled in', () => {
    renderKiosk(views['sign-finding-out']);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('We kijken of u met deze kaart kunt tekenen');
    renderKiosk(views['sign-no-certificate']);
    expect(document.body.textContent).not.toContain('Wat u invulde');
    renderKiosk(views['sign-wrong-pin']);
    expect(document.body.textContent).toContain('Wat u invulde');
  });

  it('after a wrong PIN tells the tries where they are known', () => {
    renderKiosk(views['sign-wrong-pin']);
    expect(document.body.textContent).toContain('Uw kaart zegt: nog 2 pogingen.');
  });
});
