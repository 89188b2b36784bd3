import { beforeEach, describe, expect, it } from 'vitest';
import { type CatalogueEntry, readProductText } from '../../contract/catalogue.ts';
import { themes } from '../../contract/file.ts';
import { Language } from '../../contract/language.ts';
import { testTerminal } from '../testing/terminal.ts';
import { isServed, loadCatalogue } from './load-catalogue.ts';
import { createCataloguePush, cutCatalogue } from './push-catalogue.ts';
import { findElsewhere } from './residence.ts';
import { shippedCatalogue } from './shipped.ts';

const kortrijk = '34022';
const municipalities = '34002 34003 34009 34013 34022 34023 34025 34027 34040 34041 34042 34043 33029'.split(' ');

let logged: unknown[];
const log = (...line: unknown[]) => void logged.push(line);

beforeEach(() => {
  logged = [];
});

/** The shipped files with one changed. */
function changed(name: string, change: (content: never) => unknown): Map<string, unknown> {
  const content = structuredClone(shippedCatalogue.get(name)) as never;
  return new Map([...shippedCatalogue, [name, change(content)]]);
}

describe('the shipped catalogue', () => {
  it.each(municipalities)('of %s is read without a complaint, with its own prices and authority', (code) => {
    const { products, often } = loadCatalogue(shippedCatalogue, code, log);
    expect(logged).toEqual([]);
    expect(products.length).toBeGreaterThan(70);
    expect(often.length).toBeGreaterThan(0);
    expect(new Set(products.map(({ productNumber }) => productNumber)).size).toBe(products.length);
    expect(products.filter(({ executingAuthorities, portal }) => executingAuthorities.length === 0 && !portal)).toEqual([]);
  });

  it('is one structure with own names and prices', () => {
    const costs = municipalities.map(
      (code) => loadCatalogue(shippedCatalogue, code, log).products.find(({ id }) => id === 'rubbish-bags')?.costs?.nl,
    );
    expect(new Set(costs).size).toBe(municipalities.length);
    const names = ['34022', '34027', '34040'].map(
      (code) => loadCatalogue(shippedCatalogue, code, log).products.find(({ id }) => id === 'recycling-park')?.name.nl,
    );
    expect(new Set(names).size).toBe(3);
  });

  it('has every text in four languages, in short sentences, and both u and je where it addresses somebody', () => {
    const missing: string[] = [];
    const long: string[] = [];
    const half: string[] = [];
    for (const product of loadCatalogue(shippedCatalogue, kortrijk, log).products) {
      for (const [field, value] of Object.entries(product)) {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
        const text = value as Record<string, string | undefined>;
        if (!text.fr || !text.de || !text.en) missing.push(`${product.id}/${field}`);
        if ((text['nl-BE-x-formal'] === undefined) !== (text['nl-BE-x-informal'] === undefined)) half.push(`${product.id}/${field}`);
        if (/\b(u|uw)\b/i.test(text.nl ?? '') || /\b(je|jouw)\b/i.test(text.nl ?? '')) half.push(`${product.id}/${field}: ${text.nl}`);
        if (field === 'name' || field === 'regulation') continue;
        for (const sentence of Object.values(text).flatMap((words) => (words ?? '').split(/[.?!;:\n]\s*/)))
          if (sentence.split(/\s+/).length > 13) long.push(`${product.id}/${field}: ${sentence}`);
      }
    }
    expect({ missing, long, half }).toEqual({ missing: [], long: [], half: [] });
  });

  it('has every suggestion in four languages, and with je where it says u', () => {
    const texts = loadCatalogue(shippedCatalogue, kortrijk, log).suggestions.flatMap(({ about, because }) => [
      because,
      ...('notice' in about ? [about.notice.title, about.notice.text] : []),
    ]);
    expect(texts.filter(({ fr, de, en }) => !fr || !de || !en)).toEqual([]);
    expect(texts.filter(({ nl, ...text }) => /\b(u|uw)\b/i.test(nl) !== /\b(je|jouw)\b/i.test(text['nl-BE-x-informal'] ?? ''))).toEqual([]);
  });

  it('has products for enterprises and associations, in every theme', () => {
    const { products } = loadCatalogue(shippedCatalogue, kortrijk, log);
    expect(themes.filter((theme) => !products.some((product) => product.themes.includes(theme)))).toEqual([]);
    expect(products.filter(({ audiences }) => !audiences.includes('citizen')).length).toBeGreaterThan(4);
  });

  it('says u or je, as the municipality chose', () => {
    const move = loadCatalogue(shippedCatalogue, kortrijk, log).products.find(({ id }) => id === 'change-of-address');
    const said = (['formal', 'informal'] as const).map((address) => move && readProductText(move.description, 'nl', address));
    expect(said).toEqual(['U gaat ergens anders wonen.', 'Je gaat ergens anders wonen.']);
  });
});

describe('what does not fit is left out and logged by its place; the rest works', () => {
  const all = () => loadCatalogue(shippedCatalogue, kortrijk, () => undefined).products.length;

  it.each([
    ['a concept without Dutch', { name: { fr: 'Rien' } }],
    ['an unknown theme', { themes: ['astrology'] }],
    ['a website that is no https', { websites: [{ title: { nl: 'X' }, url: 'javascript:alert(1)' }] }],
    ['a name as long as a book', { name: { nl: 'a'.repeat(5_000) } }],
  ])('%s', (_what, change) => {
    const files = changed('catalogue/concepts.json', (concepts: object[]) => [{ ...concepts[0], ...change }, ...concepts.slice(1)]);
    const { products } = loadCatalogue(files, kortrijk, log);
    expect(products.length).toBe(all() - 1);
    expect(logged).toEqual([['catalogue_refused', { where: 'concepts', index: 0 }]]);
  });

  it('a rule of rules without end', () => {
    let when: object = { parent: true };
    for (let level = 0; level < 5_000; level++) when = { not: when };
    const files = changed('catalogue/suggestions.json', (rules: object[]) => [{ ...rules[0], when }, ...rules.slice(1)]);
    expect(loadCatalogue(files, kortrijk, log).suggestions).not.toHaveLength(0);
    expect(logged).toEqual([['catalogue_refused', { where: 'suggestions', index: 0 }]]);
  });

  it('an instance, an event, a file that is no list, a file of another town', () => {
    const bad = new Map([
      ...changed('catalogue/instances/34022.json', (file: { products: object[] }) => ({
        ...file,
        products: [7, ...file.products.slice(1)],
      })),
      ['catalogue/events.json', [{ '@id': 'x' }]],
    ]);
    expect(loadCatalogue(bad, kortrijk, log).products.length).toBe(all() - 1);
    expect(logged).toEqual([
      ['catalogue_refused', { where: 'instances', index: 0 }],
      ['catalogue_refused', { where: 'events', index: 0 }],
    ]);
    logged = [];
    const none = new Map([...shippedCatalogue, ['catalogue/events.json', 'nothing']]);
    expect(loadCatalogue(none, kortrijk, log).events).toEqual([]);
    const swapped = new Map([
      ...shippedCatalogue,
      ['catalogue/instances/34022.json', shippedCatalogue.get('catalogue/instances/34027.json')],
    ]);
    // The concepts are better than nothing, and than another town's prices.
    expect(loadCatalogue(swapped, kortrijk, log).products.every(({ executingAuthorities }) => executingAuthorities.length === 0)).toBe(
      true,
    );
    expect(logged).toEqual([
      ['catalogue_refused', { where: 'events', index: -1 }],
      ['catalogue_refused', { where: 'instances', index: -1 }],
    ]);
  });

  it('a service is offered from its first day to its last', () => {
    const service = { startOfService: '2026-11-22', endOfService: '2026-12-31' };
    expect(['2026-11-21', '2026-11-22', '2026-12-31', '2027-01-01'].map((day) => isServed(service, day))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('who does it', () => {
  const catalogue = loadCatalogue(shippedCatalogue, kortrijk, () => undefined);
  const livingIn = (municipality: string) => ({ streetAndNumber: 'Proefstraat 1', postalCode: '8500', municipality, parts: null });
  const bound = { id: 'passport', ofResidence: true };
  const away = (municipality: string) => findElsewhere(bound, livingIn(municipality), catalogue, kortrijk);

  it.each(['Kortrijk', 'KORTRIJK', ' kortrijk ', 'Courtrai', '34022', ''])('somebody who lives in "%s" is served here', (place) => {
    expect(away(place)).toBeNull();
  });

  it('the town of residence does it for somebody from elsewhere, by any of its names', () => {
    expect(['Menen', 'MENIN', '34027'].map((place) => away(place)?.town?.code)).toEqual(['34027', '34027', '34027']);
    expect(away('Espierres Helchin')?.town?.code).toBe('34043');
    expect(away('Eupen')).toEqual({ town: null, name: 'Eupen', websites: [] });
  });

  it('names the page of that town for it', () => {
    const move = findElsewhere({ id: 'change-of-address', ofResidence: true }, livingIn('Menen'), catalogue, kortrijk);
    expect(move?.websites.map(({ url }) => url)).toEqual(['https://www.menen.be/producten/adreswijziging']);
  });

  it('keeps nobody from what is not bound to a residence, nor whose card says no place', () => {
    expect(findElsewhere({ ...bound, ofResidence: false }, livingIn('Menen'), catalogue, kortrijk)).toBeNull();
    expect(findElsewhere(bound, null, catalogue, kortrijk)).toBeNull();
  });
});

describe('on its way to the page', () => {
  const { municipality } = testTerminal;
  const catalogue = loadCatalogue(shippedCatalogue, kortrijk, () => undefined);
  const cut = (today: string, of = catalogue) => cutCatalogue(of, { language: 'fr', edition: 'e', today, municipality });

  it.each(Language.options)('is whole in %s, in parts that a frame can take', (language) => {
    const parts = cutCatalogue(catalogue, { language, edition: 'e', today: '2026-11-22', municipality });
    const entries: CatalogueEntry[] = parts.flatMap((part) => part.entries);
    expect(entries.map(({ id }) => id)).toEqual(catalogue.products.map(({ id }) => id));
    expect(parts.map(({ part, total }) => [part, total])).toEqual(parts.map((_, at) => [at, entries.length]));
    expect(Math.max(...parts.map((part) => part.entries.length))).toBeLessThanOrEqual(100);
    expect(entries.filter(({ synonyms }) => synonyms.length === 0)).toEqual([]);
  });

  it('leaves out what is not offered that day, and events that are over; those of the town come first', () => {
    const [first, ...others] = catalogue.products;
    const ended = { ...catalogue, products: first ? [{ ...first, endOfService: '2026-11-21' }, ...others] : [] };
    expect(cut('2026-11-22', ended)[0]?.entries.some(({ id }) => id === first?.id)).toBe(false);
    const towns = cut('2026-11-22')[0]?.events.map(({ town }) => town) ?? [];
    expect(towns.slice(0, towns.lastIndexOf('Kortrijk') + 1).every((town) => town === 'Kortrijk')).toBe(true);
    const later = cut('2027-06-01')[0]?.events ?? [];
    expect(later.every(({ to }) => to === null || to >= '2027-06-01')).toBe(true);
    expect(later.length).toBeLessThan(towns.length);
  });

  it('goes by the day that it is in Belgium, just after midnight too', () => {
    const [first, ...others] = catalogue.products;
    const begun = { ...catalogue, products: first ? [{ ...first, startOfService: '2026-07-01' }, ...others] : [] };
    const idsAt = (now: string) => {
      const sent: string[] = [];
      const push = createCataloguePush({
        catalogue: begun,
        config: { municipality },
        now: () => new Date(now),
        send: ({ entries }) => sent.push(...entries.map(({ id }) => id)),
        later: (work) => work(),
      });
      push.pageDrawn();
      push.show('nl');
      return sent;
    };
    expect(idsAt('2026-06-30T22:30:00Z')).toContain(first?.id);
    expect(idsAt('2026-06-30T21:30:00Z')).not.toContain(first?.id);
  });

  it('goes once for each document, language and contents, after the first page was drawn', () => {
    const sent: [string, number][] = [];
    const waiting: (() => void)[] = [];
    const held = { ...catalogue };
    const push = createCataloguePush({
      catalogue: held,
      config: { municipality },
      now: () => new Date('2026-11-22T10:00:00Z'),
      send: ({ language, part }) => sent.push([language, part]),
      later: (work) => waiting.push(work),
    });
    const run = () => {
      for (let work = waiting.shift(); work; work = waiting.shift()) work();
      return sent.splice(0);
    };
    push.pageReady();
    push.show('nl');
    expect(run()).toEqual([]);
    push.pageDrawn();
    push.show('nl');
    push.show('nl');
    expect(run()).toEqual([['nl', 0]]);
    push.show('nl');
    expect(run()).toEqual([]);
    push.show('fr');
    push.show('nl');
    // The one that was on its way is not sent to its end.
    expect(run()).toEqual([['nl', 0]]);
    held.products = [...held.products];
    push.show('nl');
    expect(run()).toEqual([['nl', 0]]);
    push.pageReady();
    push.pageDrawn();
    push.show('nl');
    expect(run()).toEqual([['nl', 0]]);
  });
});
