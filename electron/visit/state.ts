import type { CardState } from '../../contract/card.ts';
import type { Answers } from '../../contract/form.ts';
import type { CardAddress, CardEvidence, Identity, Proof } from '../../contract/identity.ts';
import type { Language } from '../../contract/language.ts';
import type { DisplaySettings } from '../../contract/view.ts';
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
};

export type CardRefusal = 'not_proven' | 'issuer_unknown' | 'not_an_eid' | 'unreadable' | 'no_reader' | 'needs_attention';

/** A form being filled in. The ids are made when it opens, so that pressing "send" twice is one transaction. */
export type Draft = {
  txId: string;
  reference: string;
  openedAt: string;
  product: string;
  form: string;
  answers: Answers;
  problems: Readonly<Record<string, 'missing' | 'wrong'>>;
};

export type KeptRequest = {
  txId: string;
  reference: string;
  form: string;
  keptAt: string;
  receivedAt: string | null;
  /** The middleware refused it: it is still here, and staff have to look. */
  needsAttention: boolean;
};

/** Where in the visit the person is. */
export type Place =
  | { at: 'reading' }
  /** `agreed`: "that is me" was pressed, the proof is still on its way. */
  | { at: 'identity'; agreed: boolean }
  | { at: 'card_refused'; reason: CardRefusal }
  | { at: 'catalogue' }
  | { at: 'insert_card' }
  | { at: 'question'; page: number; changing: boolean }
  | { at: 'check'; problem: KeepRefusal | 'invalid' | null }
  | { at: 'keeping' }
  | { at: 'kept'; txId: string };

export type Cover =
  /** The visit's card is out: covered until the same card is back and proven again, or the time is over. */
  { kind: 'card_out'; until: number; otherCard: boolean } | { kind: 'idle'; until: number };

/** One person's time at this terminal. Lives in memory and nowhere else. */
export type Visit = {
  id: string;
  begunBy: 'card' | 'touch';
  place: Place;
  /** The product that waits for a card. */
  wanted: string | null;
  card: VisitCard | null;
  draft: Draft | null;
  kept: readonly KeptRequest[];
  cover: Cover | null;
  /** Ticks of the last touch. */
  activeAt: number;
};

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

/** Each event happens at `at` (ticks); `freshId` is a random id, used when the event begins a visit. */
export type Stamp = { at: number; freshId: string };

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
  | { type: 'kept'; txId: string; keptAt: string }
  | { type: 'not_kept'; txId: string; problem: KeepRefusal | 'invalid' }
  | { type: 'received'; txId: string; receivedAt: string }
  | { type: 'needs_attention'; txId: string }
  | { type: 'tick' };
