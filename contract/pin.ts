import * as z from 'zod';
import { Language } from './language.ts';
import { DisplaySettings } from './view.ts';

/**
 * The PIN view: a page and a renderer process of its own, laid over the kiosk's page while somebody types a PIN and there
 * is no pinpad. It sends single digits and nothing else, and knows nobody: no name, no number, no answer. Of the form it has
 * the title, to say what the PIN is for, and whether something was filled in, to say what going back would lose.
 */
export const PinView = z.object({
  revision: z.int().positive(),
  language: Language,
  display: DisplaySettings,
  pxPerMm: z.union([z.literal('fit'), z.number()]),
  desk: z.string(),
  /** What the PIN is for: the form's title in the visit's language. */
  product: z.string(),
  /** It is for the person's file, and for no product. */
  forFile: z.boolean(),
  /** In somebody else's name. Not in whose: this page knows nobody. */
  acting: z.enum(['person', 'enterprise']).nullable(),
  /** How many digits main has. A Belgian PIN has 4 to 12 (CL:card.h:52). */
  typed: z.int().min(0).max(12),
  /** A form waits behind this page with answers in it. */
  filledIn: z.boolean(),
  /** `done` can be pressed from four digits on. */
  state: z.enum(['typing', 'working']),
  /** The last entry was wrong. `triesLeft`: null where the card does not tell. */
  wrong: z.object({ triesLeft: z.int().min(0).max(3).nullable() }).nullable(),
  /** Tries before the card blocks, after a right entry three; null where the card does not tell, and once main has the PIN. */
  triesLeft: z.int().min(0).max(3).nullable(),
});
export type PinView = z.infer<typeof PinView>;

const nothing = z.strictObject({});

export const pinCommands = {
  'pin.ready': nothing,
  'pin.digit': z.strictObject({ digit: z.string().regex(/^\d$/) }),
  /** Takes the last digit back. */
  'pin.erase': nothing,
  'pin.done': nothing,
  'pin.cancel': nothing,
} as const;

export type PinCommand = keyof typeof pinCommands;
export type PinInput<C extends PinCommand> = z.infer<(typeof pinCommands)[C]>;
