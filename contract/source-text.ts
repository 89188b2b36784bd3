// Without the schema library, so that the page can have it too.
import type { Language } from './language.ts';

const order: readonly Language[] = ['nl', 'fr', 'de', 'en'];

/** What is there in the wanted language, or else in the first that is; with its language, for whoever reads it aloud. */
export function readSourceText(
  text: Readonly<{ [L in Language]?: string | undefined }>,
  wanted: Language,
): { words: string; language: Language } {
  const language = [wanted, ...order].find((each) => text[each] !== undefined) ?? 'nl';
  return { words: text[language] ?? '', language };
}
