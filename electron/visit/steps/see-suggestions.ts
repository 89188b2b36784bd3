import type { Visit } from '../state.ts';

/** Suggestions: what a press does, and when the terminal's rules may look at what was read. */

/** `id`: that one is put away; null: all are switched off, or on again with those that were put away. */
export function chooseSuggestions(visit: Visit, { off, id }: { off: boolean; id: string | null }): Visit {
  const { suggestions } = visit;
  const chosen = id === null ? { ...suggestions, off, away: [] } : { ...suggestions, away: [...suggestions.away, id] };
  return { ...visit, suggestions: chosen };
}

/**
 * A reading that is over, of the person's own file, of which it is not written down yet that the rules look at it. Null where
 * they are not to: switched off, in another's name, while the card is out.
 */
export function unnotedReading({ suggestions, acting, file, cover }: Visit): string | null {
  if (suggestions.off || acting || !file || cover?.kind === 'card_out') return null;
  if (file.end === null || file.sources.size === 0 || file.actingAs.kind !== 'self') return null;
  return suggestions.noted === file.reading ? null : file.reading;
}

export function hearNoted(visit: Visit, reading: string): Visit {
  return visit.file?.reading === reading ? { ...visit, suggestions: { ...visit.suggestions, noted: reading } } : visit;
}

/** The rules may look at the file and the roles: that they do is on disk. */
export function mayLookAtFile({ suggestions, file }: Visit): boolean {
  return file !== null && suggestions.noted === file.reading;
}
