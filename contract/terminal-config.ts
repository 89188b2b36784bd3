import * as z from 'zod';
import { AddressForm } from './catalogue.ts';
import { Language, Text } from './language.ts';
import { Payee } from './payment.ts';

/** The one file that configures a terminal. Nothing in it is secret once the terminal is enrolled. */
export const TerminalConfig = z.object({
  terminal: z.string().regex(/^[a-z0-9-]{1,64}$/),
  /** What staff call this kiosk; shown on pages that send a person to somebody. */
  name: z.string().min(1).max(40),
  municipality: z.object({
    code: z.string().regex(/^\d{5}$/),
    name: Text,
    /** Three letters before each reference. */
    prefix: z.string().regex(/^[A-Z]{3}$/),
    /** "u" or "je", in the words of the catalogue. */
    address: AddressForm.default('formal'),
    /** Where the desk is, as a sentence's end: "de balie, rechts van de ingang". */
    desk: Text,
    /** Where what costs something is paid to; absent: at the desk alone. */
    payee: Payee.optional(),
  }),
  /**
   * In the order shown, Dutch first and at rest. Others are a policy of the town: French where there are facilities, German and
   * English as help for newcomers (vlaanderen.be, Taalwetwijzer: bestuurstaal in het Vlaamse Gewest).
   */
  languages: z
    .array(Language)
    .refine(([first]) => first === 'nl', 'Dutch comes first')
    .refine((all) => new Set(all).size === all.length, 'each language once'),
  middleware: z.object({
    url: z.url({ protocol: /^https$/ }),
    /**
     * The origin that sign-ins are signed for, where it is not the address's own (a proxy in between). A challenge for any
     * other is refused: it would be a sign-in at somebody else's counter.
     */
    origin: z.url({ protocol: /^https$/ }).optional(),
    /**
     * The one-time code by which this terminal gets its identity, once; it also says whom to believe. Of no use afterwards.
     * Absent: an operator types it at the terminal.
     */
    enrolmentCode: z.string().max(80).optional(),
    /** Where the ticket's code leads: the public page, with the reference at its end. */
    ticketUrl: z.url(),
  }),
  /** `fit` scales the page to the window (desktops, demo); a kiosk's glass is measured once. */
  screen: z.object({ pxPerMm: z.union([z.literal('fit'), z.number().min(1).max(30)]), kiosk: z.boolean() }),
  /**
   * How the line is used: milliseconds. The cap bounds the random wait after failures. `healthMs`: between two looks at a line
   * that nothing is sent over; ten thousand terminals that looked each half minute would be most of a middleware's work.
   */
  sync: z
    .object({
      retryBaseMs: z.int().min(100).max(60_000).default(2_000),
      retryCapMs: z.int().min(1_000).max(3_600_000).default(300_000),
      healthMs: z.int().min(1_000).max(3_600_000).default(300_000),
    })
    .prefault({}),
  /** What is kept, and where an operator may take it. */
  storage: z
    .object({
      /** New forms are refused below this much free space, so that what is there can still be sent. */
      reserveMebibytes: z.int().min(8).max(10_000).default(64),
      /** Kept after the receipt, besides what no backup of the middleware has yet. */
      keepDays: z.int().min(1).max(400).default(30),
      /** Folder that an operator's export goes to; null: the operator chooses one. */
      exportFolder: z.string().nullable().default(null),
      /**
       * Programs (path and arguments) that open and shut the USB port around an export. The first ends when the folder can be
       * written; each has 30 s. The second is run whatever happened, and at each start.
       */
      openPort: z.array(z.string()).nullable().default(null),
      shutPort: z.array(z.string()).nullable().default(null),
    })
    .prefault({}),
  /** Paper. `printer`: the name that the system has for it. `folder`: PDFs in its place, in the demo and the tests alone. */
  printing: z
    .discriminatedUnion('to', [
      z.object({ to: z.literal('printer'), name: z.string().min(1).max(200) }),
      z.object({ to: z.literal('folder'), folder: z.string().min(1) }),
    ])
    .nullable()
    .default(null),
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
