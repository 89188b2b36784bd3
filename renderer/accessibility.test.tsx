import { act } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it, vi } from 'vitest';
import { renderKiosk } from './fixtures/render-kiosk.tsx';
import { fixtureNames, makeViews } from './fixtures/views.ts';
import { type Overlay, useKiosk } from './state/kiosk-store.ts';

vi.mock('./document/open-pdf.ts', () => import('./fixtures/fake-pdf.ts'));

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const languages = ['nl', 'fr', 'de', 'en'] as const;
const themes = ['default', 'contrast'] as const;
const overlays: Overlay[] = ['help', 'stop', 'not_me', 'language', 'display'];

async function findViolations(): Promise<string[]> {
  // Colours and sizes need a page that is laid out: preview/look.ts asks for those in a real browser.
  const found = await axe.run(document, {
    resultTypes: ['violations'],
    runOnly: { type: 'tag', values: tags },
    rules: { 'color-contrast': { enabled: false } },
  });
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' ')}`);
}

describe.each(languages)('axe, in %s', (language) => {
  const views = makeViews(language);
  document.title = 'Loket';

  it.each(fixtureNames)('%s', async (name) => {
    // A theme changes colours, and what is pressed in every language: the two languages of the law show both.
    for (const theme of language === 'nl' || language === 'fr' ? themes : themes.slice(0, 1)) {
      renderKiosk({ ...views[name], display: { text: 2, theme } });
      expect(await findViolations()).toEqual([]);
    }
  });

  it.each(overlays)('over a page: %s', async (overlay) => {
    renderKiosk(views.check);
    act(() => useKiosk.getState().open(overlay));
    expect(await findViolations()).toEqual([]);
  });
});

describe('axe', () => {
  it('would see a fault', async () => {
    renderKiosk(views().kept);
    document.querySelector('.qr')?.removeAttribute('aria-label');
    expect(await findViolations()).toEqual([expect.stringMatching(/^svg-img-alt/)]);
  });
});

function views() {
  return makeViews('nl');
}
