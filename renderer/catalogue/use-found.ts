import { useMemo } from 'react';
import type { CatalogueEntry } from '../../contract/catalogue.ts';
import { useCatalogue } from './catalogue-store.ts';

/** As many as stand on a page whole, above the keyboard. */
export const mostFound = 5;
const mostNearby = 3;

export type Found = {
  state: 'nothing_typed' | 'loading' | 'none' | 'some';
  entries: readonly CatalogueEntry[];
  /** In all. */
  found: number;
};

/** What is found for what stands in the field; looked up again as long as the catalogue is still on its way. */
export function useFound(query: string): Found {
  const search = useCatalogue((state) => state.search);
  const indexed = useCatalogue((state) => state.indexed);
  const byId = useCatalogue((state) => state.byId);
  const whole = useCatalogue((state) => state.search !== null && state.indexed >= state.total);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the search is one object that grows with `indexed`
  return useMemo(() => {
    const named = (ids: readonly string[]) => ids.flatMap((id) => byId.get(id) ?? []);
    if (query.trim() === '') return { state: 'nothing_typed', entries: [], found: 0 };
    if (search === null) return { state: 'loading', entries: [], found: 0 };
    const { ids, found } = search.search(query, mostFound);
    if (found > 0) return { state: 'some', entries: named(ids), found };
    if (!whole) return { state: 'loading', entries: [], found: 0 };
    return { state: 'none', entries: named(search.nearby(query, mostNearby)), found: 0 };
  }, [search, indexed, whole, byId, query]);
}
