import * as z from 'zod';
import { ChipEvidence } from './evidence.ts';
import { CardAddress, CardEvidence, Identity, Outcome, Proof } from './identity.ts';
import { TxId } from './ids.ts';
import { WebEidAlgorithm, WebEidToken } from './web-eid.ts';

/**
 * The protocol of the card's process (native/card-process.ts). States are pushed to main, never polled, and each is
 * one that a screen can show. `insertion` numbers the insertions seen by this process: states of an older insertion
 * are out of date. A state replaces the one before it.
 */
const insertion = z.int().positive();

/** Which key, and so which certificate: to sign in, or to sign a document. */
export const KeyUse = z.enum(['authentication', 'signature']);
export type KeyUse = z.infer<typeof KeyUse>;

/**
 * Where a PIN can be given: on the reader's own keys (CKF_PROTECTED_AUTHENTICATION_PATH), in the app's PIN view (the
 * authentication key alone), or in the module's own dialog.
 */
export const PinWay = z.enum(['pinpad', 'pin_view', 'dialog']);
export type PinWay = z.infer<typeof PinWay>;

/** Milliseconds since the insertion was first seen by a poll of the slots. Figures for the report, never for a decision. */
const CardTimes = z.object({ identityMs: z.number().nullable(), provenMs: z.number().nullable(), photoMs: z.number().nullable() });

export const CardState = z.discriminatedUnion('state', [
  /** The module loads and no reader is plugged in. */
  z.object({ state: z.literal('no_reader') }),
  /** A reader, no card; also one in which a card gives no answer to reset (upside down): the library sees none then. */
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
    /**
     * How this reader and module let a PIN be given for each key, by C_GetTokenInfo after the last file: in order of
     * preference, empty when they do not. Says nothing yet of whether the card has certificates.
     */
    ways: z.object({ authentication: z.array(PinWay), signature: z.array(PinWay) }),
    times: CardTimes,
  }),
  /** A card, but no Belgian eID: bank card, library card, another country's card. */
  z.object({ state: z.literal('not_an_eid'), insertion }),
  /** A card that is seen and does not answer: dirty or broken. Also an eID whose files say nothing that can be understood. */
  z.object({ state: z.literal('upside_down_or_dirty'), insertion }),
  /**
   * The card of a visit that is over, known by its serial: not read until `read`, or until it was out. `sure`: false where
   * a serial is missing, so that it may as well be somebody else's.
   */
  z.object({ state: z.literal('left_in'), insertion, sure: z.boolean() }),
  /** Said by main itself: the card's process ended and another is being started. Whether a card is in is not known. */
  z.object({ state: z.literal('restarting') }),
  /**
   * Only staff can mend it: the PKCS#11 module is missing, refuses to start, is a virtual card in a product build, or its
   * process keeps failing.
   */
  z.object({
    state: z.literal('needs_attention'),
    reason: z.enum(['module_missing', 'module_failed', 'module_refused', 'process_failed']),
  }),
]);
export type CardState = z.infer<typeof CardState>;

/** What main tells the card's process when it starts it. Paths are absolute. */
export const CardProcessStart = z.object({
  /** The PKCS#11 module, or null to look where this operating system keeps it (eid-mw's paths). */
  module: z.string().nullable(),
  /** Further trusted roots (PEM). Main refuses to pass any in the product build. */
  testRoots: z.array(z.string()),
  pollMs: z.int().min(20).max(5000),
  /** Whether a virtual card may be loaded: never in the product build. */
  allowVirtualCard: z.boolean(),
  /** Whether the module's own PIN dialog may appear on this terminal's screen: only where that is the citizen's own. */
  allowDialog: z.boolean(),
});
export type CardProcessStart = z.infer<typeof CardProcessStart>;

/** The serial of a token (C_GetTokenInfo), which names a chip and no person. Compared in memory, never kept. */
export const CardSerial = z.string().regex(/^[\dA-Za-z]{1,16}$/);

/** The card that was in when its visit ended. Null: its serial was not known yet, so any card may be it. */
export const LeftCard = z.object({ serial: CardSerial.nullable() });
export type LeftCard = z.infer<typeof LeftCard>;

export const Pin = z.string().regex(/^\d{4,12}$/);

const question = { id: z.uuid(), insertion };

/** From main to the card's process. The ones with an `id` get one `answer`; one at a time. */
export const CardRequest = z.discriminatedUnion('ask', [
  /** `left`: a process before this one ended with the card of an ended visit in; if it is still that one, it is not read. */
  z.object({ ask: z.literal('start'), start: CardProcessStart, left: LeftCard.optional() }),
  /**
   * A visit ended: drop and overwrite everything read of this insertion and earlier ones. Such a card that is still in is
   * not read again until `read` or until it was out; one that is found again is told as `left_in`. A later one is the next person's: asked while a call blocked, this
   * may arrive only then. 0: none was seen.
   */
  z.object({ ask: z.literal('forget'), insertion: z.int().min(0) }),
  /** Read the card that is in once more: a person asks to try again, or begins anew with the card left in. */
  z.object({ ask: z.literal('read') }),
  /** Reads the certificate of a key and its issuer, and says how a PIN can be given. Needs no PIN. */
  z.object({ ask: z.literal('prepare'), ...question, use: KeyUse }),
  /**
   * Logs in, signs the challenge with the authentication key, verifies that signature, logs out. `pin`: null where the
   * reader has keys of its own. A PIN is given to the card at most once, whatever happens.
   */
  z.object({ ask: z.literal('sign_in'), ...question, origin: z.url(), nonce: z.string().min(44).max(128), pin: Pin.nullable() }),
  /** Signs a hash (SHA-384 on EC cards, SHA-256 on RSA cards) with the signature key. The PIN is asked for each. */
  z.object({ ask: z.literal('sign'), ...question, digest: z.base64().max(64), way: PinWay.exclude(['pin_view']) }),
  /** Challenges the chip (applet 1.8) for one transaction. A card answers 5,000 of these in its life: only when asked for. */
  z.object({ ask: z.literal('prove_chip'), ...question, txId: TxId }),
]);
export type CardRequest = z.infer<typeof CardRequest>;

/** The real cause, in words that lead to a sentence. */
export const CardProblem = z.enum([
  'wrong_pin',
  /** After three wrong entries: only the town hall unblocks it, with the PUK. */
  'pin_blocked',
  /** Stopped on the pinpad or in the dialog, or nobody typed for 30 s. */
  'cancelled',
  /** Pulled, or swapped for another card: nothing of it is used. */
  'card_gone',
  /** The card carries no certificate for this key: Kids-ID, or its holder does not want one. */
  'no_certificate',
  /** No pinpad, and no dialog that may appear here: this reader cannot do it. */
  'no_way',
  /** The signature that came back does not verify: not the chip of this certificate, or "logged in" by mistake. */
  'not_verified',
  /** This generation of cards has no such key, or does not know the hash. */
  'unsupported',
  /** The process or the library ended while it had the PIN: whether the card counted a try is not known. */
  'answer_lost',
  'failed',
]);
export type CardProblem = z.infer<typeof CardProblem>;

export const CardAnswer = z.discriminatedUnion('answer', [
  z.object({
    answer: z.literal('prepared'),
    /** DER, base64. */
    certificate: z.base64(),
    issuer: z.base64(),
    algorithm: WebEidAlgorithm,
    /** Certificate and issuer chain to a pinned root, with this key's usage, and are the card holder's. */
    chain: z.enum(['proven', 'not_proven', 'expired']),
    /** In order of preference; empty: `no_way`. */
    ways: z.array(PinWay),
    /** Null where the card does not tell (1.7), or tells nothing fresh. */
    triesLeft: z.int().min(0).max(3).nullable(),
  }),
  z.object({ answer: z.literal('token'), token: WebEidToken }),
  /** ECDSA as `r‖s`, RSA as PKCS#1 v1.5, base64. Who holds the signed bytes has to verify it. */
  z.object({ answer: z.literal('signature'), signature: z.base64() }),
  z.object({ answer: z.literal('chip'), outcome: Outcome, evidence: ChipEvidence.nullable() }),
  z.object({ answer: z.literal('problem'), problem: CardProblem, triesLeft: z.int().min(0).max(3).nullable() }),
]);
export type CardAnswer = z.infer<typeof CardAnswer>;

/** From the card's process to main. */
export const CardMessage = z.discriminatedUnion('tell', [
  z.object({ tell: z.literal('state'), state: CardState }),
  /** Once, when the module has been loaded: its path and what C_GetInfo says of itself. No personal data. */
  z.object({ tell: z.literal('module'), path: z.string(), description: z.string() }),
  /** For main to pass on to the next process, should this one end: see `left`. Told with `complete`. */
  z.object({ tell: z.literal('serial'), insertion, serial: CardSerial }),
  z.object({ tell: z.literal('answer'), id: z.uuid(), answer: CardAnswer }),
  /** Now and then, as long as no call to the card blocks the process. */
  z.object({ tell: z.literal('alive') }),
  /** A line for the log: event and PKCS#11 code names only. */
  z.object({ tell: z.literal('log'), event: z.string().max(64), detail: z.string().max(200) }),
]);
export type CardMessage = z.infer<typeof CardMessage>;
