import type { CardState, PinWay } from '../../contract/card.ts';
import type { ChipEvidence, Revocation, SignedDocument, SignInEvidence } from '../../contract/evidence.ts';
import type { Answers } from '../../contract/form.ts';
import type { CardAddress, CardEvidence, Identity, Outcome, Proof } from '../../contract/identity.ts';
import type { Language } from '../../contract/language.ts';
import type { DisplaySettings, DocumentView, PinProblem } from '../../contract/view.ts';
import type { Form } from '../forms/load-forms.ts';
import type { KeepRefusal } from '../outbox/outbox.ts';

/** A card that was read, proven, and belongs to this visit. */
export type VisitCard = {
  insertion: number;
  identity: Identity;
  address: CardAddress;
  photo: string | null;
  proof: Proof;
  evidence: CardEvidence;
  /** Where this reader lets a PIN be given. */
  ways: { authentication: readonly PinWay[]; signature: readonly PinWay[] };
};

/** What was found out about the visit's card after it was read. Of the chip, so it stays when the same card comes back. */
export type Findings = {
  /** Of the National Register's certificate; null until the middleware was asked. */
  revocation: Revocation | null;
  /** The chip's own answer; null until a product wanted it. */
  chip: { outcome: Outcome; evidence: ChipEvidence | null } | null;
  /** The sign-in that the middleware accepted. */
  signIn: SignInEvidence | null;
};

export const noFindings: Findings = { revocation: null, chip: null, signIn: null };

export type CardRefusal =
  | 'not_proven'
  | 'issuer_unknown'
  | 'not_genuine'
  | 'revoked'
  | 'not_an_eid'
  | 'unreadable'
  | 'no_reader'
  | 'needs_attention';

/** A form being filled in. The ids are made when it opens, so that pressing "send" twice is one transaction. */
export type Draft = {
  txId: string;
  reference: string;
  openedAt: string;
  product: string;
  form: string;
  answers: Answers;
  problems: Readonly<Record<string, 'missing' | 'wrong'>>;
  /** What the person signed, where the form wants a signature. */
  signed: SignedDocument | null;
};

export type KeptRequest = {
  txId: string;
  reference: string;
  form: string;
  keptAt: string;
  /** The PIN had confirmed who sent it. */
  signedIn: boolean;
  receivedAt: string | null;
  /** The middleware refused it: it is still here, and staff have to look. */
  needsAttention: boolean;
};

export type PinTrouble = { stage: 'problem'; problem: PinProblem; triesLeft: number | null };

/** Signing in, step by step. `pin`: somebody has to type, in the PIN view or on the reader. */
export type SignInStep =
  | { stage: 'preparing' | 'working' | 'checking' }
  | { stage: 'pin'; way: PinWay; triesLeft: number | null; wrong: boolean }
  | PinTrouble;

/** Signing a document. From `read` on, `document` is what will be signed, to the byte. */
export type SignStep =
  | { stage: 'preparing' }
  | { stage: 'read' | 'pin'; way: Exclude<PinWay, 'pin_view'>; document: DocumentView }
  | PinTrouble;

/** Where in the visit the person is. */
export type Place =
  | { at: 'reading' }
  /** `agreed`: "that is me" was pressed, the proof is still on its way. */
  | { at: 'identity'; agreed: boolean }
  | { at: 'card_refused'; reason: CardRefusal }
  | { at: 'catalogue' }
  | { at: 'insert_card' }
  /** The chip is challenged before the product opens. */
  | { at: 'proving_chip' }
  /** `attempt`: news of an earlier one is not heard. `goal`: to open the product, or to make more than a request of it. */
  | { at: 'sign_in'; attempt: string; goal: 'open' | 'confirm'; step: SignInStep }
  | { at: 'question'; page: number; changing: boolean }
  | { at: 'check'; problem: KeepRefusal | 'invalid' | null }
  | { at: 'sign'; attempt: string; step: SignStep }
  | { at: 'keeping' }
  | { at: 'kept'; txId: string };

export type Cover =
  /**
   * The visit's card is out: covered until the same card is back and proven again, or the time is over. `restarted`: the
   * card's process is being replaced, and whether the card is in will be known in a moment.
   */
  { kind: 'card_out'; until: number; otherCard: boolean; restarted: boolean } | { kind: 'idle'; until: number };

/** One person's time at this terminal. Lives in memory and nowhere else. */
export type Visit = {
  id: string;
  begunBy: 'card' | 'touch';
  place: Place;
  /** The product that waits for a card. */
  wanted: string | null;
  card: VisitCard | null;
  findings: Findings;
  draft: Draft | null;
  kept: readonly KeptRequest[];
  cover: Cover | null;
  /** Ticks of the last touch. */
  activeAt: number;
};

export function newVisit(stamp: Stamp, begunBy: 'card' | 'touch', place: Place): Visit {
  return {
    id: stamp.freshId,
    begunBy,
    place,
    wanted: null,
    card: null,
    findings: noFindings,
    draft: null,
    kept: [],
    cover: null,
    activeAt: stamp.at,
  };
}

export type EndReason = 'stopped' | 'idle' | 'card_out' | 'not_me';

export type Situation =
  /** `resetAt`: when a language or size that somebody chose and left behind goes back to rest (ticks). */
  | { phase: 'waiting'; resetAt: number | null }
  | { phase: 'open'; visit: Visit }
  /** Already wiped: holds nothing that names anybody. References of kept requests are made by chance. */
  | { phase: 'over'; why: EndReason; references: readonly string[]; until: number };

/** The terminal as the visit sees it. */
export type KioskState = {
  situation: Situation;
  language: Language;
  display: DisplaySettings;
  /** What is in the reader. Stripped to `reading` when a visit ends, so that no identity outlives it. */
  reader: CardState;
  /** The insertion that belonged to an ended visit: that card begins nothing until the reader was seen without it. */
  spent: number | null;
  /** Whether anything can be kept; where not, nobody is let in. */
  storage: 'ok' | 'storage_failed' | 'disk_full';
};

export type VisitRules = {
  forms: ReadonlyMap<string, Form>;
  restLanguage: Language;
  idleMs: number;
  warningMs: number;
  cardOutMs: number;
  goodbyeMs: number;
};

/** What a step may look at besides the visit. */
export type Scene = { rules: VisitRules; stamp: Stamp };

/** Each event happens at `at` (ticks); `freshId` is a random id, used when the event begins a visit. */
export type Stamp = { at: number; freshId: string };

/** `null`: it is in and does not answer. */
export type ChipNews = { outcome: Outcome; evidence: ChipEvidence | null } | 'gone' | null;

export type VisitEvent =
  | { type: 'card'; state: CardState }
  | { type: 'storage'; state: KioskState['storage'] }
  | { type: 'begin' }
  | { type: 'language'; language: Language }
  | { type: 'display'; display: DisplaySettings }
  | { type: 'continue' }
  | { type: 'catalogue' }
  | { type: 'stop'; why: 'stopped' | 'not_me' }
  | { type: 'stay' }
  | { type: 'active' }
  | { type: 'card_again' }
  | { type: 'open'; draft: Draft }
  | { type: 'answer'; page: string; answers: Answers }
  | { type: 'back' }
  | { type: 'change'; page: string }
  | { type: 'send' }
  | { type: 'sign_in' }
  | { type: 'sign_in_again' }
  | { type: 'sign_in_leave' }
  | { type: 'sign_in_step'; attempt: string; step: SignInStep }
  | { type: 'signed_in'; attempt: string; evidence: SignInEvidence }
  | { type: 'sign' }
  | { type: 'sign_leave' }
  | { type: 'sign_step'; attempt: string; step: SignStep }
  | { type: 'signed'; attempt: string; document: SignedDocument }
  | { type: 'revocation'; insertion: number; revocation: Revocation }
  | { type: 'chip'; insertion: number; chip: ChipNews }
  | { type: 'kept'; txId: string; keptAt: string }
  | { type: 'not_kept'; txId: string; problem: KeepRefusal | 'invalid' }
  | { type: 'received'; txId: string; receivedAt: string }
  | { type: 'needs_attention'; txId: string }
  | { type: 'tick' };
