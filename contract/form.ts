import * as z from 'zod';
import { Text } from './language.ts';
import { Trust } from './trust.ts';

/** The facts of a card that a form may ask for. A form gets these and no others (its manifest: `reads`). */
export const CardFact = z.enum(['name', 'birth', 'nationality', 'address', 'nationalNumber']);
export type CardFact = z.infer<typeof CardFact>;

export const Field = z.object({
  name: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  /** `photo`: pages of a paper, photographed here. Alone on its page; its answer is the ids of its attachments, and main's. */
  control: z.enum(['choice', 'text', 'long_text', 'date', 'photo']),
  label: Text,
  hint: Text.optional(),
  options: z
    .array(z.object({ value: z.string().min(1), label: Text }))
    .min(2)
    .optional(),
  keyboard: z.enum(['letters', 'digits']).default('letters'),
  /** Said when the answer is missing, and when it does not fit the schema: what is wrong and what to do. */
  missing: Text,
  wrong: Text.optional(),
});
export type Field = z.infer<typeof Field>;

/** One page is one question (design.system.service.gov.uk, "Question pages"). */
export const FormPage = z.object({
  name: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  question: Text,
  hint: Text.optional(),
  /** Shown above the question with their source, when they help to answer it. */
  facts: z.array(CardFact).default([]),
  fields: z.array(Field).min(1),
});
export type FormPage = z.infer<typeof FormPage>;

/** A form is data. `schema` is a JSON Schema 2020-12 over all answers; both ends validate with it. */
export const FormDefinition = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.int().positive(),
  title: Text,
  /** `authenticated` asks for the PIN before the first question; `signed` for a signature over what `signs` names. */
  trust: Trust,
  /** Challenge the chip before this product: for what a copied card must not be able to do. */
  provesChip: z.boolean().default(false),
  /** What the person signs after the check page: the request as a PDF, or its text. Present when trust is `signed`. */
  signs: z.enum(['pades', 'jades']).optional(),
  reads: z.array(CardFact),
  legalGround: Text,
  /** ISO 8601 duration for which the middleware keeps what was sent. */
  retention: z.string().regex(/^P\d+[DMY]$/),
  /** Said on the check page and on the ticket page. */
  whatNext: Text,
  /** Why this is a request and not yet the thing itself; absent when nothing has to be confirmed. */
  requestOnly: Text.optional(),
  /** The PIN makes the thing itself of what is a request otherwise: offered on the check page, never demanded. */
  pinConfirms: z.boolean().default(false),
  pages: z.array(FormPage).min(1),
  schema: z.record(z.string(), z.unknown()),
});
export type FormDefinition = z.infer<typeof FormDefinition>;

export const Answers = z.record(z.string(), z.string().max(4000));
export type Answers = z.infer<typeof Answers>;

/** A product of the catalogue, in the reduced form that part of the LPDC fields needs. */
export const Product = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  name: Text,
  summary: Text,
  icon: z.enum(['certificate', 'move', 'street', 'eye', 'signature']),
  form: z.string(),
});
export type Product = z.infer<typeof Product>;
