import * as z from 'zod';

/** The screen's language. State of a visit, never stored in a profile (circular BA-2005/03: asked again each time). */
export const Language = z.enum(['nl', 'fr', 'de', 'en']);
export type Language = z.infer<typeof Language>;

/**
 * A text of a bundle (form, catalogue, configuration). Dutch is complete and the fallback of every other language. `nl` says
 * "u"; a text that addresses somebody also has the words of a town that says "je", under the language tag of IPDC.
 */
export const Text = z.object({
  nl: z.string().min(1),
  'nl-BE-x-informal': z.string().min(1).optional(),
  fr: z.string().min(1).optional(),
  de: z.string().min(1).optional(),
  en: z.string().min(1).optional(),
});
export type Text = z.infer<typeof Text>;

export function inLanguage(text: Text, language: Language): string {
  return text[language] ?? text.nl;
}
