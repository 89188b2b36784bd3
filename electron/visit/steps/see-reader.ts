import type { CardState } from '../../../contract/card.ts';
import type { KioskState, VisitCard } from '../state.ts';
import { insertionOf } from './card-facts.ts';

/**
 * Takes news of the reader, and says which card is spent. A card that was spent stays so until the reader was seen without
 * it: insertions are no proof, since a process that starts anew counts anew. That another card is in is for the card's
 * process to know, by the serial: it then says `empty` first.
 */
export function seeReader(before: KioskState, reader: CardState): KioskState {
  const insertion = insertionOf(reader);
  const spent = spentAfter(before, reader, insertion);
  if (spent === null || insertion === null) return { ...before, spent, reader };
  // News of a card whose visit is over may still be on its way: nothing of it is kept.
  return { ...before, spent, reader: { state: 'left_in', insertion, sure: isSure(before, reader, insertion) } };
}

function spentAfter(before: KioskState, reader: CardState, insertion: number | null): number | null {
  if (reader.state === 'empty' || reader.state === 'no_reader') return null;
  if (insertion === null) return before.spent;
  if (before.spent !== null) return insertion;
  return reader.state === 'left_in' && !showsRefusal(before) ? insertion : null;
}

/** A card that was refused belongs to the visit that says so: it is read again when somebody asks for it. */
function showsRefusal({ situation }: KioskState): boolean {
  if (situation.phase !== 'open' || situation.visit.place.at !== 'card_refused') return false;
  const { reason } = situation.visit.place;
  return reason !== 'no_reader' && reason !== 'needs_attention';
}

function isSure(before: KioskState, reader: CardState, insertion: number): boolean {
  if (reader.state === 'left_in') return reader.sure;
  return before.reader.state === 'left_in' && before.reader.insertion === insertion && before.reader.sure;
}

/** What is in the reader, as whoever stands there now may know it: a spent card is as good as none. */
export function visibleReader({ reader, spent }: KioskState): CardState {
  return spent === null ? reader : { state: 'empty' };
}

/** Whose card is in when a visit ends. `perhaps`: it is only just being read. */
export function isOwnCard(card: VisitCard | null, reader: CardState): 'yes' | 'perhaps' | 'no' {
  if (card === null || insertionOf(reader) === card.insertion) return 'yes';
  if (reader.state === 'reading') return 'perhaps';
  return 'identity' in reader && reader.identity.chipNumber === card.identity.chipNumber ? 'yes' : 'no';
}
