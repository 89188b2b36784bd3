import * as z from 'zod';
import { CardAddress, CardEvidence, Identity, Proof } from './identity.ts';

/**
 * The protocol of the card's process (native/card-process.ts). States are pushed to main, never polled, and each is
 * one that a screen can show. `insertion` numbers the insertions seen by this process: states of an older insertion
 * are out of date. A state replaces the one before it.
 */
const insertion = z.int().positive();

/** Milliseconds since the insertion was first seen by a poll of the slots. Figures for the report, never for a decision. */
const CardTimes = z.object({ identityMs: z.number().nullable(), provenMs: z.number().nullable(), photoMs: z.number().nullable() });

export const CardState = z.discriminatedUnion('state', [
  /** The module loads and no reader is plugged in. */
  z.object({ state: z.literal('no_reader') }),
  /** A reader, no card. */
  z.object({ state: z.literal('empty') }),
  z.object({ state: z.literal('reading'), insertion }),
  /** Who the card says, before (`proof` all unchecked) and while it is being proven; address may still be on its way. */
  z.object({
    state: z.literal('identity'),
    insertion,
    identity: Identity,
    address: CardAddress.nullable(),
    proof: Proof,
    times: CardTimes,
  }),
  /** Everything read that can be read. `photo` is a JPEG, base64, or null when the card has none. */
  z.object({
    state: z.literal('complete'),
    insertion,
    identity: Identity,
    address: CardAddress,
    photo: z.base64().nullable(),
    proof: Proof,
    evidence: CardEvidence,
    times: CardTimes,
  }),
  /** A card, but no Belgian eID: bank card, library card, another country's card. */
  z.object({ state: z.literal('not_an_eid'), insertion }),
  /** A card that does not answer: upside down, dirty, or broken. Also an eID whose files cannot be parsed. */
  z.object({ state: z.literal('upside_down_or_dirty'), insertion }),
  /** Said by main itself: the card's process ended and another is being started. Whether a card is in is not known. */
  z.object({ state: z.literal('restarting') }),
  /** Only staff can mend it: the PKCS#11 module is missing, refuses to start, or its process keeps failing. */
  z.object({ state: z.literal('needs_attention'), reason: z.enum(['module_missing', 'module_failed', 'process_failed']) }),
]);
export type CardState = z.infer<typeof CardState>;

/** What main tells the card's process when it starts it. Paths are absolute. */
export const CardProcessStart = z.object({
  /** The PKCS#11 module, or null to look where this operating system keeps it (eid-mw's paths). */
  module: z.string().nullable(),
  /** Further trusted roots (PEM). Main refuses to pass any in the product build. */
  testRoots: z.array(z.string()),
  pollMs: z.int().min(20).max(5000),
});
export type CardProcessStart = z.infer<typeof CardProcessStart>;

/** From main to the card's process. */
export const CardRequest = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('start'), start: CardProcessStart }),
  /** A visit ended: drop and overwrite everything read. A card that is still in is not read again until `read` or a new insertion. */
  z.object({ ask: z.literal('forget') }),
  /** Read the card that is in once more: a person asks to try again, or begins anew with the card left in. */
  z.object({ ask: z.literal('read') }),
]);
export type CardRequest = z.infer<typeof CardRequest>;

/** From the card's process to main. */
export const CardMessage = z.discriminatedUnion('tell', [
  z.object({ tell: z.literal('state'), state: CardState }),
  /** Once, when the module has been loaded: its path and what C_GetInfo says of itself. No personal data. */
  z.object({ tell: z.literal('module'), path: z.string(), description: z.string() }),
  /** Now and then, as long as no call to the card blocks the process. */
  z.object({ tell: z.literal('alive') }),
  /** A line for the log: event and PKCS#11 code names only. */
  z.object({ tell: z.literal('log'), event: z.string().max(64), detail: z.string().max(200) }),
]);
export type CardMessage = z.infer<typeof CardMessage>;
