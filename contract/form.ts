import * as z from 'zod';
import { Condition } from './condition.ts';
import type { ItemKind } from './file.ts';
import { Text } from './language.ts';
import { Trust } from './trust.ts';

/** The facts of a card that a form may ask for. A form gets these and no others (its manifest: `reads`). */
export const CardFact = z.enum(['name', 'birth', 'nationality', 'address', 'nationalNumber']);
export type CardFact = z.infer<typeof CardFact>;

/** What else may be filled in for a person, by where it comes from. Of a form only what its manifest lists (`draws`). */
export const OtherFact = z.enum([
  'profile.email',
  'profile.phone',
  'register.address',
  'register.householdSize',
  /** In whose name the person acts, as the registers of enterprises and of persons say. */
  'register.enterpriseName',
  'register.enterpriseNumber',
  'register.childName',
  /** Of the item in the file that the form answers. */
  'file.number',
  'file.title',
]);
export type OtherFact = z.infer<typeof OtherFact>;

/** A place that an answer can be filled in from. */
export const Prefill = z.enum(['card.name', 'card.birth', 'card.nationality', 'card.address', 'card.nationalNumber', ...OtherFact.options]);
export type Prefill = z.infer<typeof Prefill>;

export const FieldName = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/);
const OptionValue = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);

/** ISO 8601 duration before (`-`) or after a day. */
export const DaysAway = z.string().regex(/^-?P\d{1,4}[DWMY]$/);

/** The kinds of items that wait for an answer. */
const answerable = [
  'dossier',
  'document',
  'appointment',
  'payment',
  'reservation',
  'permit',
  'loan',
  'message',
  'register_data',
] as const satisfies readonly ItemKind[];
/** What a person answers with. `photo` and `repeat` have a page for themselves. */
export const Control = z.enum([
  'choice',
  'choices',
  'yes_no',
  'text',
  'long_text',
  'date',
  'number',
  'amount',
  'iban',
  'plate',
  'enterprise',
  'establishment',
  'national_number',
  'phone',
  'email',
  'address',
  'place',
  'photo',
  'repeat',
]);
export type Control = z.infer<typeof Control>;

const common = {
  name: FieldName,
  label: Text,
  hint: Text.optional(),
  options: z
    .array(z.object({ value: OptionValue, label: Text }))
    .min(2)
    .max(20)
    .optional(),
  keyboard: z.enum(['letters', 'digits']).default('letters'),
  /** Where it can be filled in from: the first that is known. The person sees it, with its source, and may change it. */
  prefill: z.array(Prefill).default([]),
  /**
   * Of a date: the days that make sense, counted from the day on which the form was opened; `notBefore` the day that another
   * question asks for, on this page or before.
   */
  range: z.object({ from: DaysAway.optional(), to: DaysAway.optional(), notBefore: FieldName.optional() }).optional(),
  /** Said when the answer is missing, and when it does not fit the schema: what is wrong and what to do. */
  missing: Text,
  wrong: Text.optional(),
};

/** A field of a row. */
export const RowField = z.object({ ...common, control: Control.exclude(['photo', 'repeat', 'place']) });

export const Field = z.object({
  ...common,
  control: Control,
  /** Asked only when it is so. Over answers of pages that come before. */
  showIf: Condition.optional(),
  /** Of an address: one in another town is that town's matter. The terminal looks, by the postal codes of its copy of the register. */
  inTown: z.boolean().default(false),
  /** Of a photo: who has no paper here may bring it to the desk. */
  orDesk: z.boolean().default(false),
  /** Of a repeat: what is asked of each, at most how many, and the words for one and for one more. */
  repeat: z.object({ fields: z.array(RowField).min(1).max(4), max: z.int().min(1).max(20), one: Text, add: Text, none: Text }).optional(),
});
export type Field = z.infer<typeof Field>;
export type RowField = z.infer<typeof RowField>;

/** One page is one question (design.system.service.gov.uk, "Question pages"). */
export const FormPage = z.object({
  name: FieldName,
  question: Text,
  hint: Text.optional(),
  /** Shown above the question with their source, when they help to answer it. */
  facts: z.array(CardFact).default([]),
  showIf: Condition.optional(),
  fields: z.array(Field).min(1),
});
export type FormPage = z.infer<typeof FormPage>;

const Cents = z.int().min(0).max(10_000_000);

/** What it costs: nothing, always the same, or by the answer to a choice. Paid afterwards, with the phone or at the desk. */
export const Price = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('free') }),
  z.object({ kind: z.literal('fixed'), cents: Cents }),
  z.object({ kind: z.literal('by_answer'), field: FieldName, cents: z.record(OptionValue, Cents) }),
]);
export type Price = z.infer<typeof Price>;

/** A form is data. `schema` is a JSON Schema 2020-12 over all answers; both ends validate with it. */
export const FormDefinition = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.int().positive(),
  title: Text,
  /** `authenticated` asks for the PIN before the first question; `signed` for a signature over what `signs` names. */
  trust: Trust,
  /** Why so much and no more: the law that asks for it, or the harm that somebody with a found card could do. */
  trustReason: Text,
  /** Challenge the chip before this product: for what a copied card must not be able to do. */
  provesChip: z.boolean().default(false),
  /** What the person signs after the check page: the request as a PDF, or its text. Present when trust is `signed`. */
  signs: z.enum(['pades', 'jades']).optional(),
  reads: z.array(CardFact),
  draws: z.array(OtherFact).default([]),
  legalGround: Text,
  /** ISO 8601 duration for which the middleware keeps what was sent. */
  retention: z.string().regex(/^P\d+[DMY]$/),
  /** Said on the check page and on the ticket page. */
  whatNext: Text,
  /** Why this is a request and not yet the thing itself; absent when nothing has to be confirmed. */
  requestOnly: Text.optional(),
  /** The PIN makes the thing itself of what is a request otherwise: offered on the check page, never demanded. */
  pinConfirms: z.boolean().default(false),
  price: Price,
  /** The kinds of items of a person's file that this form answers: begun from one, the request names it. */
  answersItem: z.array(z.enum(answerable)).default([]),
  pages: z.array(FormPage).min(1),
  schema: z.record(z.string(), z.unknown()),
});
export type FormDefinition = z.infer<typeof FormDefinition>;
