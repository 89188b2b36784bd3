import type { FoundStreet, StreetFinder } from '../../contract/address.ts';
import type { Answers, Typed } from '../../contract/answers.ts';
import type { Attachment } from '../../contract/attachment.ts';
import type { CardState, PinWay } from '../../contract/card.ts';
import type { ChipEvidence, Revocation, SignedDocument, SignInEvidence } from '../../contract/evidence.ts';
import type { FileLine, Grant, Role } from '../../contract/file.ts';
import type { FileEnd } from '../../contract/file-view.ts';
import type { Problem } from '../../contract/forms/compile-form.ts';
import type { CardAddress, CardEvidence, Identity, Outcome, Proof } from '../../contract/identity.ts';
import type { Language } from '../../contract/language.ts';
import type { TownMap } from '../../contract/map.ts';
import type { DisplaySettings, DocumentView, PinProblem } from '../../contract/view.ts';
import type { ItemName } from '../file/find-item.ts';
import type { SeenFile } from '../file/seen-file.ts';
import type { Form } from '../forms/load-forms.ts';
import type { KeepRefusal } from '../outbox/outbox.ts';
import type { RecentlyKept } from '../outbox/recent-card.ts';
import type { SeenProfile } from '../profile/seen-profile.ts';
import type { LineState } from '../sync/sync.ts';
import type { ProfileAct, ProfileNews } from './steps/see-profile.ts';
import type { TakeStep, TakeWay, Taking } from './steps/take-item.ts';

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
  revocation: Asked | null;
  /** The chip's own answer, made for one transaction and no other; null until a product wanted it. */
  chip: { txId: string; outcome: Outcome; evidence: ChipEvidence | null } | null;
  /** The sign-in that the middleware accepted. */
  signIn: SignInEvidence | null;
  /** The card can sign documents, with a certificate of which this is known; null until a product wanted it. */
  signer: Asked | null;
};

/** What the middleware said about a revocation; `no_line`: it could not be asked. */
export type Asked = Revocation | 'no_line';

export const noFindings: Findings = { revocation: null, chip: null, signIn: null, signer: null };

/** As it travels: whoever reads it later need not know why nobody was asked. */
export function asEvidence(asked: Asked | null): Revocation {
  return asked === null || asked === 'no_line' ? { status: 'unchecked', source: null, asOf: null } : asked;
}

export type CardRefusal =
  | 'not_proven'
  | 'issuer_unknown'
  | 'issuer_dates'
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
  /** Photos of papers, sealed and on disk. A photo field's answer names its own, in the order in which they were taken. */
  attachments: readonly Attachment[];
  photo: PhotoStep | null;
  /** Of the page that was sent last, by field; of a row by the field's name within it. */
  problems: Readonly<Record<string, Problem>>;
  /** What the register has for the street that is being typed. */
  streets?: { field: string; text: string; found: readonly FoundStreet[] } | undefined;
  /** What it costs, as it stood on the check page when it was sent. */
  cents?: number | undefined;
  /** The item of the file that it answers. */
  item?: ItemName | undefined;
  /** What the person signed, where the form wants a signature: these answers, in this visit's language. */
  signed: Signed | null;
};

/** The newest photo: being sealed, or not added and why. */
export type PhotoStep = { stage: 'sealing'; field: string; shot: string } | { stage: 'problem'; field: string; problem: KeepRefusal };

export type Signed = { document: SignedDocument; revocation: Asked };

/**
 * What a person takes along. `proof`: behind the `#` of the ticket's address, the terminal's word that it was kept, or the
 * middleware's that it was received.
 */
export type TicketCode = { txId: string; reference: string; proof: string };

export type KeptRequest = {
  txId: string;
  reference: string;
  proof: string;
  form: string;
  keptAt: string;
  /** What it costs; absent: nothing. */
  cents?: number | undefined;
  /** The PIN had confirmed who sent it. */
  signedIn: boolean;
  receivedAt: string | null;
  /** Behind the `#` of the ticket's address once it was received: the middleware's word. */
  receipt: string | null;
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
  | { stage: 'read' | 'pin'; way: Exclude<PinWay, 'pin_view'>; document: DocumentView; revocation: Asked }
  | PinTrouble;

/** "My file". `item`: the thing of it that somebody left for a form, and came back to. */
export type FilePlace = { at: 'file'; item?: ItemName };

/** Where in the visit the person is. */
export type Place =
  | { at: 'reading' }
  /** `agreed`: "that is me" was pressed, the proof is still on its way. */
  | { at: 'identity'; agreed: boolean }
  | { at: 'card_refused'; reason: CardRefusal }
  | { at: 'catalogue' }
  /** What a product is; from here it is begun. `back`: from where somebody came, when that was not the list. */
  | { at: 'product'; product: string; back?: FilePlace }
  | { at: 'insert_card' }
  /** The chip is challenged before the product opens. */
  | { at: 'proving_chip' }
  /**
   * `attempt`: news of an earlier one is not heard. `goal`: to open the product, to make more than a request of it, or to see
   * the file; `from` it, whoever leaves is there again.
   */
  | { at: 'sign_in'; attempt: string; goal: 'open' | 'confirm' | 'file'; from?: 'file'; step: SignInStep }
  /** `row`: one of the list on this page. */
  | { at: 'question'; page: number; changing: boolean; row?: number }
  | { at: 'check'; problem: KeepRefusal | 'invalid' | null }
  /** `goal`: to find out, before the product opens, whether this card can sign; or to sign. */
  | { at: 'sign'; attempt: string; goal: 'open' | 'sign'; step: SignStep }
  | { at: 'keeping' }
  | { at: 'kept'; txId: string }
  | FilePlace
  /** In whose name the file is looked at. */
  | { at: 'roles' }
  | { at: 'profile' };

/**
 * Why the visit's card cannot be seen. `looking`: its process is being replaced, or its reader is back, and whether the card
 * is in will be known in a moment.
 */
export type CardOutReason = 'out' | 'other_card' | 'looking' | 'no_reader' | 'needs_attention';

export type Cover =
  /** Covered until the same card is back and proven again, or the time is over. */
  { kind: 'card_out'; until: number; why: CardOutReason } | { kind: 'idle'; until: number };

/** One person's time at this terminal. Lives in memory and nowhere else. */
export type Visit = {
  id: string;
  begunBy: 'card' | 'touch';
  place: Place;
  /** What waits for a card, or for the PIN: the draft's product, the file, or the profile. */
  wanted: 'product' | 'file' | 'profile' | null;
  card: VisitCard | null;
  findings: Findings;
  /** The middleware's word that the holder signed in, until `until` (ticks). */
  grant: { token: string; until: number } | null;
  /** What the person may be besides themself; null until the middleware said so. */
  roles: readonly Role[] | null;
  /** In whose name; null: the person's own. */
  acting: Role | null;
  /** What the terminal may suggest: `off` when the person wants none, those that were put away, and the reading that the rules may look at. */
  suggestions: { off: boolean; away: readonly string[]; noted: string | null };
  file: SeenFile | null;
  /** A thing of the file on its way to the person. */
  taking: Taking | null;
  profile: SeenProfile | null;
  draft: Draft | null;
  kept: readonly KeptRequest[];
  /** With this card, before the app came back from a crash: so that nobody sends twice by mistake. */
  recentlyKept: readonly RecentlyKept[];
  earlier: Earlier | null;
  /** Its card may be used no more; said as soon as it can be (enter-form.ts). */
  refusal: CardRefusal | null;
  cover: Cover | null;
  /** Ticks of the last touch. */
  activeAt: number;
};

/**
 * References of what was kept with a card that was then refused: still to be taken along by whoever stands there. The
 * chip number tells that card, read again, from another person's.
 */
export type Earlier = { chipNumber: string; tickets: readonly TicketCode[] };

/** What the person may take along, in the order in which it was kept. Made by chance: names nobody. */
export function ticketsOf({ earlier, kept, profile }: Visit): TicketCode[] {
  const changes = (profile?.changes ?? []).flatMap(({ txId, reference, kept, receipt }) =>
    kept ? [{ txId, reference, receipt, ...kept }] : [],
  );
  const own = [...kept, ...changes].sort((one, other) => (one.keptAt < other.keptAt ? -1 : one.keptAt > other.keptAt ? 1 : 0));
  return [...(earlier?.tickets ?? []), ...own.map(({ txId, reference, proof, receipt }) => ({ txId, reference, proof: receipt ?? proof }))];
}

/** The middleware's word in place of the terminal's. */
export function withReceipt(tickets: readonly TicketCode[], txId: string, receipt: string | null): readonly TicketCode[] {
  return receipt === null ? tickets : tickets.map((ticket) => (ticket.txId === txId ? { ...ticket, proof: receipt } : ticket));
}

export function newVisit(stamp: Stamp, begunBy: 'card' | 'touch', place: Place): Visit {
  return {
    id: stamp.freshId,
    begunBy,
    place,
    wanted: null,
    card: null,
    findings: noFindings,
    grant: null,
    roles: null,
    acting: null,
    suggestions: { off: false, away: [], noted: null },
    file: null,
    taking: null,
    profile: null,
    draft: null,
    kept: [],
    recentlyKept: [],
    earlier: null,
    refusal: null,
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
  | { phase: 'over'; why: EndReason; tickets: readonly TicketCode[]; until: number };

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
  storage: 'ok' | 'storage_failed' | 'disk_full' | 'not_enrolled';
};

export type VisitRules = {
  forms: ReadonlyMap<string, Form>;
  /** Whether somebody who lives there gets this product from another town. */
  isElsewhere?: ((product: string, address: CardAddress) => boolean) | undefined;
  /** The local copy of the register of addresses, and the town that is looked in first where the card names none. */
  streets?: { finder: StreetFinder | null; near: string; map?: TownMap | null } | undefined;
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
  | { type: 'product'; product: string }
  /** `answers`: from a thing of the file, as the page calls it, to the product of this number. */
  | { type: 'open'; draft: Draft; line: LineState['state']; answers?: { item: string; productNumber: string } | undefined }
  | { type: 'answer'; page: string; answers: Typed }
  | { type: 'find_street'; page: string; field: string; text: string }
  | { type: 'row'; page: string; row: number }
  | { type: 'row_remove'; page: string; row: number }
  | { type: 'back' }
  | { type: 'change'; page: string }
  | { type: 'send' }
  /** `shot`: random, for this photo; its bytes are held beside the state until they are sealed. */
  | { type: 'photo'; page: string; field: string; shot: string }
  | { type: 'photo_remove'; page: string; field: string; photo: string }
  | { type: 'photo_sealed'; shot: string; attachment: Attachment }
  | { type: 'photo_not_sealed'; shot: string; problem: KeepRefusal }
  | { type: 'sign_in' }
  | { type: 'sign_in_again' }
  | { type: 'sign_in_leave' }
  | { type: 'sign_in_step'; attempt: string; step: SignInStep }
  | { type: 'signed_in'; attempt: string; evidence: SignInEvidence; grant?: Grant | null }
  | { type: 'file'; line: LineState['state'] }
  /** Once more: these sources, or all (empty). */
  | { type: 'file_again'; sources: readonly string[] }
  | { type: 'renew' }
  | { type: 'take_item'; item: string; way: TakeWay }
  | { type: 'leave_item' }
  | { type: 'item_taken'; attempt: string; step: TakeStep }
  | { type: 'roles' }
  /** `id`: that one; null: none any more, or again. */
  | { type: 'suggestions'; off: boolean; id: string | null }
  /** Which of `roles`; null: oneself. */
  | { type: 'act_as'; role: number | null }
  | { type: 'file_line'; reading: string; line: FileLine }
  /** `token`: of the grant that was read with. */
  | { type: 'file_end'; reading: string; end: FileEnd; token?: string }
  | { type: 'roles_known'; token: string; roles: readonly Role[] }
  /** It is written down that the rules look at this reading. */
  | { type: 'suggestions_noted'; reading: string }
  | { type: 'profile'; act: ProfileAct }
  | { type: 'profile_news'; news: ProfileNews }
  | { type: 'sign' }
  | { type: 'sign_again' }
  | { type: 'sign_leave' }
  | { type: 'sign_step'; attempt: string; step: SignStep }
  | { type: 'can_sign'; attempt: string; revocation: Asked }
  | { type: 'signed'; attempt: string; signed: Signed }
  /** Of the Register's certificate. News of a card goes by its chip: it may be out and in again by now. */
  | { type: 'revocation'; chipNumber: string; revocation: Asked }
  /** The middleware knows the holder's own certificate as revoked. */
  | { type: 'card_revoked'; chipNumber: string }
  | { type: 'chip'; insertion: number; txId: string; chip: ChipNews }
  | { type: 'recently_kept'; chipNumber: string; kept: readonly RecentlyKept[] }
  | { type: 'kept'; txId: string; keptAt: string; proof: string }
  | { type: 'not_kept'; txId: string; problem: KeepRefusal | 'invalid' }
  | { type: 'received'; txId: string; receivedAt: string; receipt: string | null }
  | { type: 'needs_attention'; txId: string }
  | { type: 'tick' };
