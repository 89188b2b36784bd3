import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { KioskView, SuggestionsView } from '../../contract/view.ts';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { fixtureNames, makeViews } from '../fixtures/views.ts';

const views = makeViews('nl');
const text = () => document.body.textContent ?? '';

function withSuggestions(suggestions: SuggestionsView): KioskView {
  const view = views['catalogue-suggests'];
  return view.screen.name === 'catalogue' ? { ...view, screen: { ...view.screen, suggestions } } : view;
}

describe('suggestions', () => {
  it('say why each is shown, and that this kiosk chose them', () => {
    renderKiosk(views['catalogue-suggests']);
    expect(text()).toContain('U ziet dit omdat u in Marke woont en 65 of ouder bent.');
    expect(text()).toContain('Deze kiosk zoekt dit zelf uit.');
    // A notice leads nowhere: all of it is said.
    expect(screen.getAllByRole('button', { name: /^Bekijk/ })).toHaveLength(1);
  });

  it('say how it stands when they are off or put away, with the way back', () => {
    renderKiosk(withSuggestions({ off: true, away: 0, shown: [] }));
    expect(text()).toContain('U wilt geen voorstellen.');
    expect(screen.getByRole('button', { name: 'Toon voorstellen' })).toBeTruthy();
  });

  it('leave nothing on the page where there are none', () => {
    renderKiosk(withSuggestions({ off: false, away: 0, shown: [] }));
    expect(text()).not.toContain('voorstel');
    renderKiosk(withSuggestions({ off: false, away: 2, shown: [] }));
    expect(text()).toContain('U zette 2 voorstellen weg.');
  });
});

describe('in whose name somebody acts', () => {
  const who = { name: 'Lotte V••••', trust: 'authenticated', proof: 'proven', acting: { kind: 'person', name: 'Mira Voorbeeld' } } as const;
  /** Before a card is proven nobody can have chosen, and after the visit nobody is there. */
  const without = /^(attract|goodbye|broken|reading|identity|refused|cover|insert-card|catalogue-no-card|catalogue-closed|check-anonymous)/;

  it.each(fixtureNames.filter((name) => !without.test(name) && views[name].who !== null))('stands on the page %s', (name) => {
    renderKiosk({ ...views[name], who });
    expect(text()).toContain('U handelt voor Mira Voorbeeld');
  });
});
