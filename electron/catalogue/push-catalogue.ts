import { randomUUID } from 'node:crypto';
import { belgianDayOf } from '../../contract/belgian-day.ts';
import {
  type CatalogueEntry,
  type CataloguePart,
  type EventEntry,
  type Product,
  readProductText,
  type TownEvent,
} from '../../contract/catalogue.ts';
import type { Language } from '../../contract/language.ts';
import type { TerminalConfig } from '../../contract/terminal-config.ts';
import { type Catalogue, isServed } from './load-catalogue.ts';
import { startOf } from './start-of.ts';

/** So many at a time that neither this process nor the page misses a frame over them. */
const perPart = 100;
const mostEvents = 200;

export type CataloguePush = {
  /** A new document holds nothing: what it gets next is all of it, once it has drawn its first page. */
  pageReady(): void;
  pageDrawn(): void;
  /** Sends the catalogue in this language, unless the page has it. */
  show(language: Language): void;
};

export type PushParts = {
  catalogue: Catalogue;
  config: Pick<TerminalConfig, 'municipality'>;
  now: () => Date;
  send: (part: CataloguePart) => void;
  /** Runs it when other work has had its turn. */
  later?: (work: () => void) => void;
};

/** Brings the catalogue to the page: once for each document, contents and language; a newer one stops an older on its way. */
export function createCataloguePush({ catalogue, config, now, send, later = setImmediate }: PushParts): CataloguePush {
  let shown: { products: readonly Product[]; language: Language } | null = null;
  let edition = '';
  let drawn = false;

  function sendPart(parts: readonly CataloguePart[], at: number): void {
    const part = parts[at];
    if (part === undefined || part.edition !== edition) return;
    send(part);
    later(() => sendPart(parts, at + 1));
  }

  return {
    pageReady() {
      shown = null;
      edition = '';
      drawn = false;
    },
    pageDrawn() {
      drawn = true;
    },
    show(language) {
      if (!drawn) return;
      if (shown?.products === catalogue.products && shown.language === language) return;
      shown = { products: catalogue.products, language };
      edition = randomUUID();
      const parts = cutCatalogue(catalogue, {
        language,
        edition,
        today: belgianDayOf(now()),
        municipality: config.municipality,
      });
      later(() => sendPart(parts, 0));
    },
  };
}

type Cut = { language: Language; edition: string; today: string; municipality: TerminalConfig['municipality'] };

export function cutCatalogue(catalogue: Catalogue, { language, edition, today, municipality }: Cut): CataloguePart[] {
  const synonyms = catalogue.synonyms[language];
  const say = (text: Product['name']) => readProductText(text, language, municipality.address);
  const served = catalogue.products.filter((product) => isServed(product, today));
  const entries = served.map(
    (product): CatalogueEntry => ({
      id: product.id,
      name: say(product.name),
      description: say(product.description),
      synonyms: synonyms?.products[product.id] ?? [],
      themes: product.themes,
      audiences: product.audiences,
      start: startOf(product),
      ofResidence: product.ofResidence,
      portal: product.portal,
    }),
  );
  const own = catalogue.towns.find(({ code }) => code === municipality.code);
  const events = listEvents(catalogue.events, { language, today, town: own?.name.nl ?? '' });
  const parts = Math.max(1, Math.ceil(entries.length / perPart));
  return Array.from({ length: parts }, (_, part) => ({
    edition,
    language,
    part,
    parts,
    total: entries.length,
    entries: entries.slice(part * perPart, (part + 1) * perPart),
    ignored: part === 0 ? (synonyms?.ignored ?? []) : [],
    events: part === 0 ? events : [],
  }));
}

/** Those that are not over: of this town first, then by day. */
function listEvents(
  events: readonly TownEvent[],
  { language, today, town }: { language: Language; today: string; town: string },
): EventEntry[] {
  const entries = events
    .filter(({ endDate, startDate }) => (endDate ?? startDate ?? today).slice(0, 10) >= today)
    .map((event): EventEntry => {
      const { addressLocality } = event.location.address.nl;
      return {
        id: event['@id'],
        name: inAny(event.name, language),
        kind: event.terms.find(({ domain }) => domain === 'eventtype')?.label ?? '',
        from: event.startDate ?? null,
        to: event.endDate ?? null,
        place: inAny(event.location.name, language),
        town: addressLocality,
        price: event.priceInfo.find(({ category }) => category === 'base')?.price ?? null,
      };
    });
  const far = (event: EventEntry) => (event.town === town ? 0 : 1);
  return entries.sort((one, other) => far(one) - far(other) || (one.from ?? '').localeCompare(other.from ?? '')).slice(0, mostEvents);
}

function inAny(text: TownEvent['name'], language: Language): string {
  return text[language] ?? text.nl ?? Object.values(text).find((words) => words !== undefined) ?? '';
}
