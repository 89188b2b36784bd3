import * as z from 'zod';
import { ProductId } from './catalogue.ts';
import { FileItem, Theme } from './file.ts';
import { Text } from './language.ts';
import { isNestedDeeper } from './nesting.ts';

/**
 * What a person may have a right to, or may want to know: rules of the town, as data. They are evaluated on the terminal, over
 * what this visit knows and nothing else, and never refuse anything.
 */

/** A closed set: whoever reads a rule sees everything that it can look at. */
export type When =
  /** Whole years, from the card; a birth date of which only the year is known counts from its last day. */
  | { age: { from?: number | undefined; to?: number | undefined } }
  /** Of the address on the card. */
  | { postalCode: string[] }
  /** Of the address on the card, without accents and capitals. */
  | { street: string[] }
  /** May act for an enterprise. */
  | { enterprise: true }
  /** Is the parent of a minor. */
  | { parent: true }
  /** How many live there, as registers of the file say; not known where they say different things. */
  | { household: { from?: number | undefined; to?: number | undefined } }
  /** Of the profile: one of these was chosen. */
  | { interest: Theme[] }
  /**
   * Something of the file is of this kind or theme, or answered by the product of this number. `withinDays`: its day is that
   * close, ahead or behind; `endsWithinDays`: it holds until a day, or is due on one, and that is today or so close ahead.
   */
  | {
      item: {
        kind?: FileItem['kind'] | undefined;
        theme?: Theme | undefined;
        answeredBy?: string | undefined;
        withinDays?: number | undefined;
        endsWithinDays?: number | undefined;
      };
    }
  | { not: When }
  | { all: When[] }
  | { any: When[] };

const kinds = z.enum(FileItem.options.map(({ shape }) => shape.kind.value) as [FileItem['kind'], ...FileItem['kind'][]]);

const Days = z.int().min(0).max(3_650);
const Persons = z.int().min(1).max(100);

export const When: z.ZodType<When> = z.lazy(() =>
  z.union([
    z.strictObject({
      age: z.strictObject({ from: z.int().min(0).max(150).optional(), to: z.int().min(0).max(150).optional() }),
    }),
    z.strictObject({ postalCode: z.array(z.string().regex(/^\d{4}$/)).min(1) }),
    z.strictObject({ street: z.array(z.string().min(1).max(200)).min(1) }),
    z.strictObject({ enterprise: z.literal(true) }),
    z.strictObject({ parent: z.literal(true) }),
    z.strictObject({ household: z.strictObject({ from: Persons.optional(), to: Persons.optional() }) }),
    z.strictObject({ interest: z.array(Theme).min(1) }),
    z.strictObject({
      item: z.strictObject({
        kind: kinds.optional(),
        theme: Theme.optional(),
        answeredBy: z.string().min(1).max(100).optional(),
        withinDays: Days.optional(),
        endsWithinDays: Days.optional(),
      }),
    }),
    z.strictObject({ not: When }),
    z.strictObject({ all: z.array(When).min(1) }),
    z.strictObject({ any: z.array(When).min(1) }),
  ]),
);

const Rule = z.strictObject({
  id: ProductId,
  /** A product of the catalogue, or a notice of the town. */
  about: z.union([z.strictObject({ product: ProductId }), z.strictObject({ notice: z.strictObject({ title: Text, text: Text }) })]),
  when: When,
  /** Said with it, always: "U ziet dit omdat u in Marke woont." Names no number and no birth date. */
  because: Text,
  /** A notice has its days. */
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
});
/** `catalogue/suggestions.json`: a list of these. Rules within rules need some ten levels. */
export const SuggestionRule = z
  .unknown()
  .refine((raw) => !isNestedDeeper(raw, 60), 'nested too deep')
  .pipe(Rule);
export type SuggestionRule = z.infer<typeof SuggestionRule>;
