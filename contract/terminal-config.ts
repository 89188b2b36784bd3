import * as z from 'zod';
import { Language, Text } from './language.ts';

/** The one file that configures a terminal. Public keys only: nothing in it is secret. */
export const TerminalConfig = z.object({
  terminal: z.string().regex(/^[a-z0-9-]{1,64}$/),
  /** What staff call this kiosk; shown on pages that send a person to somebody. */
  name: z.string().min(1).max(40),
  municipality: z.object({
    code: z.string().regex(/^\d{5}$/),
    name: Text,
    /** Three letters before each reference. */
    prefix: z.string().regex(/^[A-Z]{3}$/),
    /** Where the desk is, as a sentence's end: "de balie, rechts van de ingang". */
    desk: Text,
  }),
  /** In the order shown, the first at rest; others than Dutch are a policy of the town (language law). Those with words. */
  languages: z.array(Language.extract(['nl', 'fr'])).min(1),
  middleware: z.object({
    url: z.url({ protocol: /^https$/ }),
    /**
     * The origin that sign-ins are signed for, where it is not the address's own (a proxy in between). A challenge for any
     * other is refused: it would be a sign-in at somebody else's counter.
     */
    origin: z.url({ protocol: /^https$/ }).optional(),
    /** PEM of the root that the middleware's TLS certificate must chain to. No other root is believed. */
    root: z.string(),
    /** HPKE key (P-256) to seal to. */
    sealKey: z.object({ id: z.string(), jwk: z.record(z.string(), z.unknown()) }),
    /** Key that signs receipts. */
    receiptKey: z.object({ id: z.string(), jwk: z.record(z.string(), z.unknown()) }),
    /** Where the ticket's code leads: the public page, with the reference at its end. */
    ticketUrl: z.url(),
  }),
  /** `fit` scales the page to the window (desktops, demo); a kiosk's glass is measured once. */
  screen: z.object({ pxPerMm: z.union([z.literal('fit'), z.number().min(1).max(30)]), kiosk: z.boolean() }),
  /** How the line is used: milliseconds. The cap bounds the random wait after failures. */
  sync: z
    .object({
      retryBaseMs: z.int().min(100).default(2_000),
      retryCapMs: z.int().min(1_000).default(300_000),
      healthMs: z.int().min(1_000).default(30_000),
    })
    .prefault({}),
  card: z.object({
    module: z.string().nullable(),
    pollMs: z.int().min(20).max(5000).default(150),
    /** The module's own PIN dialog may appear here. Never where anybody but the citizen sees or touches the screen. */
    dialog: z.boolean().default(false),
  }),
  visit: z
    .object({
      idleSeconds: z.int().min(20).default(120),
      /** WCAG 2.2.1: at least 20 s to extend by one simple action. */
      warningSeconds: z.int().min(20).default(45),
      cardOutSeconds: z.int().min(5).default(30),
      goodbyeSeconds: z.int().min(5).default(60),
    })
    .prefault({}),
});
export type TerminalConfig = z.infer<typeof TerminalConfig>;
