import * as z from 'zod';

/**
 * What may be wrong with a back office. `dead` never answers; `slow` takes five seconds more; `half` breaks off; `huge` is
 * 100 MB; `another` gives somebody else's item; `future` has a clock that is a day ahead; `twice` gives an item two times;
 * `markup` has HTML in a title.
 */
export const Fault = z.enum(['none', 'dead', 'slow', 'error', 'garbage', 'half', 'huge', 'another', 'future', 'twice', 'markup']);
export type Fault = z.infer<typeof Fault>;

/** How an invented source is told to behave: `POST /control` of the back offices. */
export const Control = z.object({
  source: z.string().max(63),
  fault: Fault.optional(),
  latencyMs: z.int().min(0).max(60_000).optional(),
});
export type Control = z.infer<typeof Control>;
