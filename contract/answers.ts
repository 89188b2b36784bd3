import * as z from 'zod';

/** What a person answered, as JSON: text, number, yes or no, a list, an address, a list of rows. Bounded in every direction. */
const Name = z.string().max(64);
const Scalar = z.union([z.string().max(4000), z.number(), z.boolean()]);
const few = <T extends z.ZodType>(of: T) =>
  z.record(Name, of).refine((record) => Object.keys(record).length <= 40, 'more parts than any field has');
/** An address, a place. */
const Parts = few(Scalar);
const Row = few(z.union([Scalar, z.array(Scalar).max(100), Parts]));

export const Answer = z.union([Scalar, z.array(Scalar).max(100), Row, z.array(Row).max(50)]);
export type Answer = z.infer<typeof Answer>;

/** By the name of the field. What was not answered is not there. */
export const Answers = z.record(Name, Answer).refine((answers) => Object.keys(answers).length <= 200, 'more answers than any form has');
export type Answers = z.infer<typeof Answers>;

/**
 * What stands in the boxes of a page, as a person typed it. A field with several boxes has a name for each: `to.street`.
 * Main alone reads answers out of it.
 */
export const Typed = z
  .record(z.string().max(130), z.string().max(4000))
  .refine((typed) => Object.keys(typed).length <= 60, 'more boxes than any page has');
export type Typed = z.infer<typeof Typed>;

/**
 * Of the register of addresses or not: what was typed is never lost. Besides these `box`, and of a street that was found in the
 * register `municipalityCode` (NIS), `streetId` and `registerOf`, the day of the copy (forms/formats.ts has the schema).
 */
export type AddressAnswer = Record<'street' | 'number' | 'postalCode' | 'municipality', string> & Record<string, string>;

/**
 * A place that need not have an address: words, and a street where there is one, with the same of the register. Pointed at on a
 * map also `x` and `y` (whole metres, Lambert 2008), `lat` and `lon` (WGS 84), and `mapOf`, the day of the map.
 */
export type PlaceAnswer = Record<'description', string> & Record<string, string>;
