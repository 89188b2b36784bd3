import * as z from 'zod';
import { Theme } from './file.ts';
import type { Language } from './language.ts';

/**
 * The catalogue: concepts that Flanders describes once, and what each municipality makes of them. The fields are those of
 * the product catalogue (IPDC/LPDC, github.com/Informatievlaanderen/ipdc-lpdc), in English, with the Dutch term beside each.
 */

/** The municipality says "u" or "je" to people, everywhere alike. */
export const AddressForm = z.enum(['formal', 'informal']);
export type AddressForm = z.infer<typeof AddressForm>;

const words = z.string().min(1).max(4_000);

/** Language tags of IPDC. `nl`: words that address nobody, the same in both. Dutch is there in one way or the other. */
export const ProductText = z
  .object({
    nl: words.optional(),
    'nl-BE-x-formal': words.optional(),
    'nl-BE-x-informal': words.optional(),
    fr: words.optional(),
    de: words.optional(),
    en: words.optional(),
  })
  .refine((text) => (text.nl ?? text['nl-BE-x-formal'] ?? text['nl-BE-x-informal']) !== undefined, 'no Dutch');
export type ProductText = z.infer<typeof ProductText>;

/** Where the wanted language is missing: Dutch, in the form that the municipality uses, or else in the other. */
export function readProductText(text: ProductText, language: Language, address: AddressForm): string {
  const { nl, 'nl-BE-x-formal': formal, 'nl-BE-x-informal': informal } = text;
  const addressed = address === 'formal' ? (formal ?? nl ?? informal) : (informal ?? nl ?? formal);
  return (language === 'nl' ? addressed : (text[language] ?? addressed)) ?? '';
}

/** Code list `Type` (codelijsten/type.ttl): Toelating, Bewijs, FinancieelVoordeel, FinancieleVerplichting, … */
export const ProductType = z.enum([
  'permission',
  'proof',
  'financial_benefit',
  'financial_obligation',
  'advice',
  'infrastructure',
  'object',
]);
export type ProductType = z.infer<typeof ProductType>;

/** Code list `Doelgroep` (codelijsten/doelgroep.ttl), its first level: Burger, Onderneming, Organisatie, Vereniging. */
export const Audience = z.enum(['citizen', 'enterprise', 'organisation', 'association']);
export type Audience = z.infer<typeof Audience>;

export const ProductId = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
const Day = z.iso.date();

/** An address to go on at, on the person's own phone: never opened in the kiosk. */
export const Website = z.object({ title: ProductText, url: z.url({ protocol: /^https$/ }).max(500) });
export type Website = z.infer<typeof Website>;

export const ProductIcon = z.enum(['certificate', 'move', 'street', 'eye', 'signature']);
export type ProductIcon = z.infer<typeof ProductIcon>;

/** Lines of a text are points of a list. */
const described = {
  /** naam */
  name: ProductText,
  /** beschrijving: one or two sentences. */
  description: ProductText,
  /** voorwaarden: what somebody needs, has or has to be. */
  conditions: ProductText.optional(),
  /** procedures: what happens then. */
  procedures: ProductText.optional(),
  /** kosten */
  costs: ProductText.optional(),
  /** financieleVoordelen */
  financialAdvantages: ProductText.optional(),
  /** regelgeving */
  regulation: ProductText.optional(),
  /** websites */
  websites: z.array(Website).max(10),
  /** bevoegdeOverheden: who makes the rules. */
  competentAuthorities: z.array(ProductText).max(10),
  /** uitvoerendeOverheden: who does it. */
  executingAuthorities: z.array(ProductText).max(10),
  /** startDienstVerlening, eindeDienstVerlening: the first and the last day. */
  startOfService: Day.nullable(),
  endOfService: Day.nullable(),
};

export const Concept = z.object({
  id: ProductId,
  /** productnummer */
  productNumber: z.string().min(1).max(100),
  ...described,
  websites: described.websites.default([]),
  competentAuthorities: described.competentAuthorities.default([]),
  executingAuthorities: described.executingAuthorities.default([]),
  startOfService: described.startOfService.default(null),
  endOfService: described.endOfService.default(null),
  /** type */
  type: ProductType,
  /** doelgroepen */
  audiences: z.array(Audience).min(1),
  /** themas; the first is where it stands first. */
  themes: z.array(Theme).min(1),
  /** The form that starts it here. Without one: on the own phone where there is a website, else at the desk. */
  form: ProductId.optional(),
  /** The municipality where somebody lives does it, for nobody else. */
  ofResidence: z.boolean().default(false),
  /** A national portal: somebody else's page about the person, opened on the own phone. */
  portal: z.boolean().default(false),
  icon: ProductIcon.optional(),
});
export type Concept = z.infer<typeof Concept>;

/** What a municipality makes of a concept: what is left out here is as the concept says. */
export const ProductInstance = z.object(described).partial().extend({ concept: ProductId, form: ProductId.optional() });
export type ProductInstance = z.infer<typeof ProductInstance>;

/** `catalogue/instances/<NIS>.json`. A concept that is not in it is not offered there. */
export const InstanceFile = z.object({
  municipality: z.string().regex(/^\d{5}$/),
  /** uitvoerendeOverheid of all that says no other. */
  authority: ProductText,
  /** What people ask most: these stand on the first page. */
  often: z.array(ProductId).max(6),
  /** Each is read on its own, so that a bad one leaves the others alone. */
  products: z.array(z.unknown()).max(10_000),
});

/** A concept as a municipality offers it. */
export type Product = Concept;

/** `catalogue/municipalities.json`: codes change with mergers, so each has its days (NIS, refnis). */
export const Town = z.object({
  code: z.string().regex(/^\d{5}$/),
  name: ProductText,
  /** As cards and people write it too. */
  alsoCalled: z.array(z.string().min(1)).default([]),
  website: z.url({ protocol: /^https$/ }),
  validFrom: Day.nullable().default(null),
  validUntil: Day.nullable().default(null),
});
export type Town = z.infer<typeof Town>;

const inLanguages = z.partialRecord(z.enum(['nl', 'fr', 'de', 'en']), z.string().min(1).max(2_000));

/** An event as UiTdatabank's search API gives it (github.com/cultuurnet/apidocs, projects/uitdatabank); what is not used is left out. */
export const TownEvent = z.object({
  '@id': z.string().min(1).max(300),
  name: inLanguages,
  description: inLanguages.optional(),
  calendarType: z.enum(['single', 'multiple', 'periodic', 'permanent']),
  startDate: z.iso.datetime({ offset: true }).optional(),
  endDate: z.iso.datetime({ offset: true }).optional(),
  location: z.object({
    name: inLanguages,
    address: z.object({
      nl: z.object({ addressLocality: z.string(), postalCode: z.string(), streetAddress: z.string() }),
    }),
  }),
  terms: z.array(z.object({ id: z.string(), label: z.string(), domain: z.string() })).max(20),
  priceInfo: z
    .array(z.object({ category: z.enum(['base', 'tariff']), price: z.number().min(0).max(10_000), priceCurrency: z.literal('EUR') }))
    .max(20)
    .default([]),
});
export type TownEvent = z.infer<typeof TownEvent>;

/** `catalogue/synonyms/<language>.json`: the words that people use, for products by id; and words that say nothing. */
export const Synonyms = z.object({
  ignored: z.array(z.string()).max(500),
  products: z.record(z.string(), z.array(z.string().min(1).max(100)).max(100)),
});
export type Synonyms = z.infer<typeof Synonyms>;

/** How a product is begun: with a form here, on the own phone, or at the desk. */
export type Start = { how: 'form'; form: string } | { how: 'phone' } | { how: 'desk' };

/** What the page searches in and lists: one language, in the words of this municipality. */
export type CatalogueEntry = {
  id: string;
  name: string;
  description: string;
  /** Words that people use for it. */
  synonyms: readonly string[];
  themes: readonly Theme[];
  audiences: readonly Audience[];
  start: Start;
  ofResidence: boolean;
  portal: boolean;
};

export type EventEntry = {
  id: string;
  name: string;
  kind: string;
  /** ISO; null: at any time. */
  from: string | null;
  to: string | null;
  place: string;
  town: string;
  /** Euro; null: not said. 0: free. */
  price: number | null;
};

/**
 * The catalogue on its way to the page, in parts that each take one frame at most. Pushed once for each document, language and
 * contents; `edition` is new for each of these.
 */
export type CataloguePart = {
  edition: string;
  language: Language;
  part: number;
  parts: number;
  /** How many there are in all parts. */
  total: number;
  entries: readonly CatalogueEntry[];
  /** Whole, in the first part. */
  ignored: readonly string[];
  events: readonly EventEntry[];
};
