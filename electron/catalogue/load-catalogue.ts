import type * as z from 'zod';
import { Concept, InstanceFile, type Product, ProductInstance, Synonyms, Town, TownEvent, type Website } from '../../contract/catalogue.ts';
import { Language } from '../../contract/language.ts';
import { SuggestionRule } from '../../contract/suggestion.ts';
import type { Log } from '../log.ts';

/** What a town hall offers, as read from its files. */
export type Catalogue = {
  /** In the order of the concepts. */
  products: Product[];
  /** What people ask most, by id: for the first page. */
  often: string[];
  events: TownEvent[];
  /** What may be worth knowing for whom. */
  suggestions: SuggestionRule[];
  towns: Town[];
  synonyms: Partial<Record<Language, Synonyms>>;
  /** Where another municipality (NIS code) does a product: the pages that its own catalogue names. */
  websitesOf: (code: string, product: string) => readonly Website[];
};

export type CatalogueFiles = ReadonlyMap<string, unknown>;

/**
 * Concepts, and over them what this municipality makes of them. What does not fit is left out and logged by its place; the rest
 * works. Without a file of the municipality the concepts are offered as they are.
 */
export function loadCatalogue(files: CatalogueFiles, municipality: string, log: Log): Catalogue {
  const concepts = new Map(listed(files, 'concepts', Concept, log).map((concept) => [concept.id, concept]));
  const own = readInstances(files, municipality, concepts, log);
  const others = new Map<string, OwnProducts | null>();
  const products = own?.products ?? [...concepts.values()];
  const offered = new Set(products.map(({ id }) => id));
  return {
    products,
    often: (own?.often ?? products.map(({ id }) => id)).filter((id) => offered.has(id)).slice(0, 6),
    events: listed(files, 'events', TownEvent, log),
    suggestions: listed(files, 'suggestions', SuggestionRule, log),
    towns: listed(files, 'municipalities', Town, log),
    synonyms: readSynonyms(files, log),
    websitesOf(code, product) {
      // Read when somebody from there stands here: a dozen towns' lists are most of the reading.
      if (!others.has(code)) others.set(code, readInstances(files, code, concepts, log));
      return others.get(code)?.products.find(({ id }) => id === product)?.websites ?? [];
    },
  };
}

/** A list of a file, and of its continuations (`catalogue/concepts/2.json`: a file of a bundle has a largest size). */
function listed<T>(files: CatalogueFiles, name: string, schema: z.ZodType<T>, log: Log): T[] {
  const parts = [...files].filter(([file]) => file === `catalogue/${name}.json` || file.startsWith(`catalogue/${name}/`));
  return parts.flatMap(([, content]) => {
    if (!Array.isArray(content)) log('catalogue_refused', { where: name, index: -1 });
    return Array.isArray(content) ? keepGood(content, schema, name, log) : [];
  });
}

function keepGood<T>(entries: readonly unknown[], schema: z.ZodType<T>, where: string, log: Log): T[] {
  return entries.flatMap((entry, index) => {
    const parsed = schema.safeParse(entry);
    if (!parsed.success) log('catalogue_refused', { where, index });
    return parsed.success ? [parsed.data] : [];
  });
}

type OwnProducts = { products: Product[]; often: string[] };

function readInstances(files: CatalogueFiles, code: string, concepts: ReadonlyMap<string, Concept>, log: Log): OwnProducts | null {
  const content = files.get(`catalogue/instances/${code}.json`);
  if (content === undefined) return null;
  const parsed = InstanceFile.safeParse(content);
  if (!parsed.success || parsed.data.municipality !== code) {
    log('catalogue_refused', { where: 'instances', index: -1 });
    return null;
  }
  const { authority, often, products } = parsed.data;
  const own = keepGood(products, ProductInstance, 'instances', log);
  const merged = own.flatMap((instance) => {
    const concept = concepts.get(instance.concept);
    return concept ? [overConcept(concept, instance, authority)] : [];
  });
  return { products: [...new Map(merged.map((product) => [product.id, product])).values()], often };
}

function overConcept(concept: Concept, { concept: _, ...own }: ProductInstance, authority: Product['name']): Product {
  const said = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const merged: Product = { ...concept, ...said };
  return merged.executingAuthorities.length > 0 || concept.portal ? merged : { ...merged, executingAuthorities: [authority] };
}

function readSynonyms(files: CatalogueFiles, log: Log): Catalogue['synonyms'] {
  const found: Catalogue['synonyms'] = {};
  for (const language of Language.options) {
    const content = files.get(`catalogue/synonyms/${language}.json`);
    const parsed = Synonyms.safeParse(content);
    if (parsed.success) found[language] = parsed.data;
    else if (content !== undefined) log('catalogue_refused', { where: 'synonyms', index: Language.options.indexOf(language) });
  }
  return found;
}

/** Its first day has come, and its last has not gone. `today`: ISO date. */
export function isServed({ startOfService, endOfService }: Pick<Product, 'startOfService' | 'endOfService'>, today: string): boolean {
  return (startOfService === null || startOfService <= today) && (endOfService === null || today <= endOfService);
}

export const emptyCatalogue = (): Catalogue => ({
  products: [],
  often: [],
  events: [],
  suggestions: [],
  towns: [],
  synonyms: {},
  websitesOf: () => [],
});
