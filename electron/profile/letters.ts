/**
 * Municipalities of the language border where people may ask the town for French: Bever, Herstappe, Mesen, Ronse,
 * Spiere-Helkijn, Voeren, by NIS code. Elsewhere in Flanders a town writes in Dutch (laws on the use of languages in
 * administrative matters, coordinated on 18 July 1966, articles 8 and 12); the six around Brussels have rules of their own and
 * are none of this region's.
 */
const frenchOnRequest: ReadonlySet<string> = new Set(['23009', '73028', '33016', '45041', '34043', '73109']);

/** In which language this town writes: nobody chooses it for good, so no profile holds it (circular BA-2005/03). */
export function findLetterLanguage(municipality: string): 'dutch' | 'french_on_request' {
  return frenchOnRequest.has(municipality) ? 'french_on_request' : 'dutch';
}
