import { describe, expect, it } from 'vitest';
import type { CardState } from '../../../contract/card.ts';
import { bundledForms } from '../../forms/bundled-forms.ts';
import { loadForms } from '../../forms/load-forms.ts';
import { open, put } from '../../testing/play-visit.ts';
import type { KioskState, Visit, VisitEvent } from '../state.ts';
import { sendHome } from './send-home.ts';
import { createVisitStep, waitingState } from './step-visit.ts';

const forms = loadForms(bundledForms, () => undefined);
const bound = 'main-residence-certificate';
const step = createVisitStep({
  forms,
  isElsewhere: (product, { municipality }) => product === bound && municipality !== 'Menen',
  restLanguage: 'nl',
  idleMs: 120_000,
  warningMs: 45_000,
  cardOutMs: 30_000,
  goodbyeMs: 30_000,
});

function play(...events: VisitEvent[]): Visit {
  let state: KioskState = waitingState({ reader: { state: 'empty' }, spent: null, storage: 'ok' }, { restLanguage: 'nl' });
  events.forEach((event, at) => {
    state = step(state, event, { at, freshId: `id-${at}` });
  });
  if (state.situation.phase !== 'open') throw new Error('no visit');
  return state.situation.visit;
}

/** The same person, with another town on the card. */
function livingIn(municipality: string): VisitEvent[] {
  return put().map((event) => {
    if (event.type !== 'card' || event.state.state !== 'complete') return event;
    const { address } = event.state;
    return { ...event, state: { ...event.state, address: address && { ...address, municipality } } as CardState };
  });
}

const atProduct = { at: 'product', product: bound };

describe('a product that the town of residence does', () => {
  it('opens for who lives here', () => {
    expect(play(...livingIn('Menen'), open(bound)).place.at).toBe('question');
  });

  it('shows its page, and no form, to who lives elsewhere: chosen with the card in', () => {
    const visit = play(...livingIn('Kortrijk'), open(bound));
    expect(visit).toMatchObject({ place: atProduct, draft: null, wanted: null });
  });

  it('… and chosen before the card came', () => {
    const card = livingIn('Kortrijk');
    expect(play({ type: 'begin' }, open(bound), ...card)).toMatchObject({ place: atProduct, draft: null });
  });

  it('… and chosen for a thing of the file, with the way back to that', () => {
    const visit = play(...livingIn('Kortrijk'), open('street-defect'));
    const item = { source: 'a', id: '1', subject: { kind: 'person' as const, ssin: '94031299855' } };
    const begun = { ...visit, draft: visit.draft && { ...visit.draft, product: bound, item } };
    expect(sendHome(begun, { isElsewhere: () => true }).place).toEqual({ ...atProduct, back: { at: 'file', item } });
  });

  it('leaves alone who acts for another: where that one lives is not on the card', () => {
    const visit = play(...livingIn('Menen'), open(bound));
    const as = { kind: 'enterprise', enterpriseNumber: '0207494678', role: 'bestuurder' } as const;
    const acting = { ...visit, acting: { as, name: 'Bakkerij', seat: null, until: null } };
    const rules = { isElsewhere: () => true };
    expect([sendHome(acting, rules).place.at, sendHome(visit, rules).place.at]).toEqual(['question', 'product']);
  });

  it('leaves alone what everybody gets here', () => {
    expect(play(...livingIn('Kortrijk'), open('street-defect')).place.at).toBe('question');
  });
});

describe('the page of a product', () => {
  const look: VisitEvent = { type: 'product', product: 'change-of-address' };

  it('is opened from the list, begins its form, and leads back', () => {
    expect(play({ type: 'begin' }, look).place).toEqual({ at: 'product', product: 'change-of-address' });
    expect(play(...put(), look, open('street-defect')).place.at).toBe('question');
    expect(play({ type: 'begin' }, look, { type: 'back' }).place).toEqual({ at: 'catalogue' });
    expect(play({ type: 'begin' }, look, { type: 'catalogue' }).place).toEqual({ at: 'catalogue' });
  });

  it('is not opened over a form', () => {
    expect(play(...put(), open('street-defect'), look).place.at).toBe('question');
  });
});
