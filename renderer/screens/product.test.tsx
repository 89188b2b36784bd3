import { describe, expect, it } from 'vitest';
import { productNames } from '../fixtures/product-views.ts';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { makeViews } from '../fixtures/views.ts';

const views = makeViews('nl');

describe('the page of a product', () => {
  it.each(productNames)('%s: names the way to the desk, once', (name) => {
    renderKiosk(views[name]);
    expect(document.querySelector('.main')?.textContent?.match(/Ga naar de balie/g)).toHaveLength(1);
  });

  it.each(['product-phone', 'product-desk', 'product-elsewhere', 'product-closed'] as const)(
    '%s: what to do stands before the facts',
    (name) => {
      renderKiosk(views[name]);
      const facts = document.querySelector('.about__facts');
      const next = document.querySelector('.handover, .about__instead');
      expect(next && facts && next.compareDocumentPosition(facts) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    },
  );
});
