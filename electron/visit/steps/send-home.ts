import type { Visit, VisitRules } from '../state.ts';

const inForm: ReadonlySet<Visit['place']['at']> = new Set(['proving_chip', 'sign_in', 'sign', 'question', 'check']);

/**
 * A product that the town of residence does is not filled in for somebody who lives in another: its page says who does it.
 * Known at the latest when the card is, which may come in when the form is open.
 */
export function sendHome(visit: Visit, { isElsewhere }: Pick<VisitRules, 'isElsewhere'>): Visit {
  const { card, draft, place, acting } = visit;
  // Where somebody lives for whom another acts is not on the card.
  if (!card || acting || !draft || !inForm.has(place.at) || !isElsewhere?.(draft.product, card.address)) return visit;
  const back = draft.item && { at: 'file' as const, item: draft.item };
  return { ...visit, draft: null, wanted: null, place: { at: 'product', product: draft.product, ...(back && { back }) } };
}
