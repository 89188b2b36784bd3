import type { CataloguePart } from '../../contract/catalogue.ts';
import type { Language } from '../../contract/language.ts';
import { type Catalogue, loadCatalogue } from '../../electron/catalogue/load-catalogue.ts';
import { cutCatalogue } from '../../electron/catalogue/push-catalogue.ts';
import { shippedCatalogue } from '../../electron/catalogue/shipped.ts';
import { type CatalogueSearch, createSearch } from '../../renderer/catalogue/search.ts';
import dutch from '../../renderer/i18n/nl.json' with { type: 'json' };

const themes = Object.fromEntries(
  Object.entries(dutch).flatMap(([id, text]) => (id.startsWith('theme.') ? [[id.slice('theme.'.length), text]] : [])),
);

export function shippedFor(municipality: string): Catalogue {
  return loadCatalogue(shippedCatalogue, municipality, () => undefined);
}

/** As main sends it to the page. */
export function cutFor(catalogue: Catalogue, language: Language, today = '2026-11-22'): CataloguePart[] {
  const municipality = { code: '34022', name: { nl: 'Kortrijk' }, prefix: 'KTR', address: 'formal', desk: { nl: 'de balie' } } as const;
  return cutCatalogue(catalogue, { language, edition: 'test', today, municipality });
}

export function searchIn(parts: readonly CataloguePart[]): CatalogueSearch {
  const search = createSearch(parts[0]?.ignored ?? [], themes);
  for (const { entries } of parts) for (const entry of entries) search.add(entry);
  return search;
}
