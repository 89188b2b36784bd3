import { describe, expect, it } from 'vitest';
import type { CardState } from '../../../contract/card.ts';
import { loadCatalogue } from '../../catalogue/load-catalogue.ts';
import { shippedCatalogue } from '../../catalogue/shipped.ts';
import { bundledForms } from '../../forms/bundled-forms.ts';
import { loadForms } from '../../forms/load-forms.ts';
import { play, put } from '../../testing/play-visit.ts';
import { testTerminal } from '../../testing/terminal.ts';
import type { VisitEvent } from '../state.ts';
import { type CatalogueScene, showCatalogue as draw, showProduct } from './show-catalogue.ts';

const catalogue = loadCatalogue(shippedCatalogue, '34022', () => undefined);
const forms = loadForms(bundledForms, () => undefined);

function scene(events: VisitEvent[], changes: Partial<CatalogueScene> = {}): CatalogueScene {
  const { visit, state } = play(...events);
  return { visit, state, line: 'up', config: testTerminal, forms, catalogue, ...changes };
}

const showCatalogue = (of: CatalogueScene) => draw(of, { off: false, away: 0, shown: [] });

const begun: VisitEvent[] = [{ type: 'begin' }];
const fromMenen = put().map((event) => {
  if (event.type !== 'card' || event.state.state !== 'complete' || !event.state.address) return event;
  return { ...event, state: { ...event.state, address: { ...event.state.address, municipality: 'Menen' } } as CardState };
});

describe('the list', () => {
  it('holds what is asked most, the state of each form, and the portals: not five thousand products', () => {
    const shown = showCatalogue(scene(begun));
    expect(shown.products.map(({ id }) => id)).toEqual(catalogue.often);
    expect(shown.states).toMatchObject({ 'street-defect': 'open', 'main-residence-certificate': 'needs_card' });
    expect(shown.portals.map(({ name }) => name)).toEqual(['MyMinfin', 'Mijn Burgerprofiel', 'Mijn Dossier']);
    expect(shown.livesIn).toBeNull();
  });

  it('says where somebody from another town has to be', () => {
    const shown = showCatalogue(scene(fromMenen));
    expect(shown.livesIn).toBe('Menen');
    const states = Object.fromEntries(shown.products.map(({ id, state }) => [id, state]));
    expect(states).toMatchObject({ 'main-residence-certificate': 'elsewhere', 'change-of-address': 'open' });
  });

  it('says nothing of the kind to who acts for another: where that one lives is not on the card', () => {
    const here = scene(fromMenen);
    const as = { kind: 'enterprise', enterpriseNumber: '0207494678', role: 'bestuurder' } as const;
    const shown = showCatalogue({ ...here, visit: { ...here.visit, acting: { as, name: 'Bakkerij', seat: null, until: null } } });
    expect([shown.livesIn, shown.products.filter(({ state }) => state === 'elsewhere')]).toEqual([null, []]);
  });

  it('says of a product whose form has an error that it does not work', () => {
    expect(showCatalogue(scene(begun, { forms: new Map() })).states['street-defect']).toBe('broken');
  });
});

describe('the page of a product', () => {
  it('says what it costs here, what is needed, and who does it; its lines are points', () => {
    const page = showProduct('driving-licence', scene(begun));
    const fact = (name: string) => page?.facts.find((candidate) => candidate.fact === name)?.lines;
    expect(fact('costs')).toEqual(['25 euro']);
    expect(fact('conditions')?.length).toBe(3);
    expect(fact('by')).toEqual(['Stad Kortrijk']);
    expect(page?.start).toEqual({ how: 'phone', url: 'https://www.kortrijk.be/', portal: false });
  });

  it('begins a form, with the state that the list gives it', () => {
    expect(showProduct('street-defect', scene(begun))?.start).toEqual({ how: 'form', state: 'open', instead: null });
    expect(showProduct('data-consultations', scene(put(), { line: 'down' }))?.start).toEqual({
      how: 'form',
      state: 'needs_line',
      instead: { product: 'appointment', name: 'Afspraak maken' },
    });
  });

  it('offers nothing in its place that does not open either', () => {
    const without = new Map([...forms].filter(([id]) => id !== 'appointment'));
    const page = showProduct('data-consultations', scene(put(), { line: 'down', forms: without }));
    expect(page?.start).toEqual({ how: 'form', state: 'needs_line', instead: null });
  });

  it('hands over to the town of residence, named, with its address; a portal to its own', () => {
    const start = (id: string, events: VisitEvent[]) => showProduct(id, scene(events))?.start;
    expect(start('passport', fromMenen)).toEqual({ how: 'elsewhere', town: 'Menen', url: 'https://www.menen.be/' });
    expect(start('passport', put())).toMatchObject({ how: 'phone' });
    expect(start('my-minfin', begun)).toEqual({ how: 'phone', url: 'https://www.myminfin.be', portal: true });
  });

  it('speaks the municipality’s u or je', () => {
    const said = (['formal', 'informal'] as const).map((address) => {
      const config = { ...testTerminal, municipality: { ...testTerminal.municipality, address } };
      return showProduct('change-of-address', scene(begun, { config }))?.description;
    });
    expect(said).toEqual(['U gaat ergens anders wonen.', 'Je gaat ergens anders wonen.']);
  });

  it('that is not offered here is no page', () => {
    expect(showProduct('no-such-thing', scene(begun))).toBeNull();
  });
});
