import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { PinProblem } from '../../contract/view.ts';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { signInNames, signInProblemNames } from '../fixtures/sign-in-views.ts';
import { type FixtureName, makeViews } from '../fixtures/views.ts';

const views = makeViews('nl');
const desk = /[Gg]a naar de balie, rechts van de ingang/;

function textOf(view: FixtureName): string {
  renderKiosk(views[view]);
  return (document.body.textContent ?? '').replaceAll('\u00ad', '');
}

function headingAndLead(): string {
  return `${screen.getByRole('heading', { level: 1 }).textContent} ${document.querySelector('.lead')?.textContent}`;
}

describe('while a PIN is asked', () => {
  it.each(signInNames)('%s: no page of the kiosk has a place to type it', (name) => {
    renderKiosk(views[name]);
    expect(document.querySelectorAll('input, textarea, [contenteditable]').length).toBe(0);
  });

  it('on the reader: what to do, how long there is, how to stop, and a picture', () => {
    const said = textOf('sign-in-pinpad');
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Typ uw pincode op de kaartlezer');
    expect(screen.getByRole('img', { name: /kaartlezer met cijfertoetsen/ })).toBeTruthy();
    for (const words of ['groene toets', 'U hebt een halve minuut', 'rode toets']) expect(said).toContain(words);
    expect(said).not.toContain('Uw kaart zegt');
    expect(textOf('sign-in-pinpad-tries')).toContain('Uw kaart zegt: nog 2 pogingen.');
  });

  it.each(['sign-in-pinpad', 'sign-in-dialog', 'sign-in-pin-view'] as const)('%s: nobody is kept out by a number', (name) => {
    expect(textOf(name)).toMatch(/Geen pincode bij de hand\? Ga naar de balie, rechts van de ingang\. Daar kan het zonder\./);
  });

  it('says what for when preparing takes longer than a second', async () => {
    renderKiosk(views['sign-in-preparing']);
    expect(screen.queryByText(/hoe uw kaart een pincode vraagt/)).toBeNull();
    expect(await screen.findByText(/hoe uw kaart een pincode vraagt/, {}, { timeout: 5_000 })).toBeTruthy();
  });

  it('begins each stage at its heading, also for who listens', () => {
    const kiosk = renderKiosk(views['sign-in-pinpad']);
    for (const name of ['sign-in-working', 'sign-in-checking', 'sign-in-no-line'] as const) {
      kiosk.push({ screen: views[name].screen });
      expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 }));
    }
  });
});

describe('when a PIN did not do', () => {
  it('every cause has its own sentence, in both languages', () => {
    for (const language of ['nl', 'fr'] as const) {
      const said = PinProblem.options.map((problem) => {
        const view = makeViews(language)['sign-in-failed'];
        if (view.screen.name !== 'sign_in') throw new Error('wrong fixture');
        renderKiosk({ ...view, screen: { ...view.screen, problem } });
        return headingAndLead();
      });
      expect(new Set(said).size).toBe(PinProblem.options.length);
    }
  });

  it('every cause is one of the fixtures', () => {
    const drawn = signInProblemNames.map((name) => {
      const { screen: shown } = views[name];
      return shown.name === 'sign_in' ? shown.problem : null;
    });
    expect([...new Set(drawn)].sort()).toEqual([...PinProblem.options].sort());
  });

  it.each(signInProblemNames)('%s: a way to a person, and that nothing was sent', (name) => {
    const said = textOf(name);
    expect(said).toMatch(desk);
    expect(said).toContain('Er is niets verstuurd');
  });

  it('tries left are told where they are known, and not made up', () => {
    expect(textOf('sign-in-wrong-pin')).toContain('nog 2 pogingen');
    expect(textOf('sign-in-wrong-pin-once')).toContain('nog 1 poging.');
    expect(textOf('sign-in-wrong-pin-unknown')).not.toContain('Uw kaart zegt');
  });

  it('a blocked PIN is freed at the desk, and offers no more tries here', () => {
    expect(textOf('sign-in-pin-blocked')).toContain('Daar maken ze uw code weer vrij, met uw pukcode.');
    expect(screen.queryByRole('button', { name: 'Probeer opnieuw' })).toBeNull();
    expect(document.body.textContent).not.toContain('Uw kaart zegt');
  });

  it('a lost answer says that the card may have counted', () => {
    expect(textOf('sign-in-answer-lost')).toContain('Misschien telt de kaart wel een poging.');
  });

  it('a Kids-ID is told apart for signing in and for signing', () => {
    expect(textOf('sign-in-no-certificate')).toContain('Op deze kaart zit geen pincode voor aanmelden');
    expect(textOf('sign-no-certificate')).toContain('Met deze kaart kunt u niet tekenen');
  });

  it('going on without is said where it can be done, and nowhere else', () => {
    expect(textOf('sign-in-without')).toContain('Of ga verder zonder pincode. Dan blijft het een aanvraag.');
    expect(textOf('sign-in-wrong-pin')).not.toContain('zonder pincode. Dan blijft');
  });

  it('one button is the next step: again, or else the way back', () => {
    const next = () =>
      within(screen.getByRole('contentinfo'))
        .getAllByRole('button')
        .filter((button) => button.className.includes('btn--go'));
    renderKiosk(views['sign-in-wrong-pin']);
    expect(next().map((button) => button.textContent)).toEqual(['Probeer opnieuw']);
    renderKiosk(views['sign-in-revoked']);
    expect(next().map((button) => button.textContent)).toEqual(['Terug']);
  });
});
