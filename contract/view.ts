import * as z from 'zod';
import { AttachmentId } from './attachment.ts';
import { CardProblem } from './card.ts';
import { ProductIcon } from './catalogue.ts';
import { Theme } from './file.ts';
import { FileEnd } from './file-view.ts';
import { CardFact, Control } from './form.ts';
import { PartialDate } from './identity.ts';
import { Language } from './language.ts';
import { PhonePayment } from './payment.ts';
import { ProfileScreenView } from './profile-view.ts';
import { Trust } from './trust.ts';

/**
 * What the kiosk's screen shows now, made by main and pushed at every change. It holds what may be shown and nothing
 * else: the national number crosses masked. Texts of forms and products are already in the visit's language; the words
 * of the app itself are the renderer's.
 */

/** A value with the place it comes from. The renderer formats; it does not decide. */
export const FactView = z.object({
  fact: CardFact,
  value: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), lines: z.array(z.string()).min(1) }),
    z.object({ kind: z.literal('birth'), date: PartialDate, place: z.string() }),
    /** `••.••.••-•••.41`; `ends` are the digits that speech says. */
    z.object({ kind: z.literal('masked_number'), masked: z.string(), ends: z.string() }),
  ]),
  source: z.literal('card'),
});
export type FactView = z.infer<typeof FactView>;

/** The photos of a field, sealed and put away. The page may still have small pictures of them; main has none. */
export const PhotosView = z.object({
  ids: z.array(AttachmentId),
  /** Without one there is no way on. */
  needed: z.boolean(),
  /** How many more there may be. */
  room: z.int().min(0),
  /** One is being sealed. */
  sealing: z.boolean(),
  /** Why the last one was not added. */
  problem: z.enum(['disk_full', 'storage_failed']).nullable(),
  /** Who has no paper here may bring it; `chosen`: that was said. Null: only a photo does. */
  desk: z.enum(['offered', 'chosen']).nullable(),
});
export type PhotosView = z.infer<typeof PhotosView>;

/** Where an answer was filled in from. */
export const AnswerSource = z.enum(['card', 'profile', 'register', 'file']);
export type AnswerSource = z.infer<typeof AnswerSource>;

/** What the register of addresses has for what is being typed. */
export const StreetsView = z.object({
  /** The day of the local copy. */
  asOf: z.iso.date(),
  /** What was typed when it was looked up; null: nothing was yet. */
  typed: z.string().nullable(),
  found: z.array(z.object({ id: z.string(), name: z.string(), municipality: z.string(), postalCode: z.string() })).max(10),
});
export type StreetsView = z.infer<typeof StreetsView>;

/** A list that a person makes: another one, change, remove. */
export const RowsView = z.object({
  rows: z.array(z.string()),
  /** How many more there may be. */
  room: z.int().min(0),
  one: z.string(),
  add: z.string(),
  none: z.string(),
});
export type RowsView = z.infer<typeof RowsView>;

/** A month to choose from: the days that make sense. `to` null: no last one. */
export const CalendarView = z.object({ today: z.iso.date(), from: z.iso.date(), to: z.iso.date().nullable() });
export type CalendarView = z.infer<typeof CalendarView>;

export const FieldView = z.object({
  name: z.string(),
  control: Control,
  keyboard: z.enum(['letters', 'digits', 'phone', 'amount', 'email']),
  label: z.string(),
  hint: z.string().nullable(),
  options: z.array(z.object({ value: z.string(), label: z.string() })).nullable(),
  /** What was answered before, or what is known: empty when nothing is. */
  value: z.string(),
  /** Of a field with several boxes, each by its name. */
  parts: z.record(z.string(), z.string()),
  /** What stands in the boxes was filled in from here; null: typed by the person, or empty. */
  source: AnswerSource.nullable(),
  /** Answered, and not shown again: `••.••.••-•••.41`. An empty box leaves it as it is. */
  masked: z.string().nullable(),
  /** Of a date: days that are likely, to be taken with one press. */
  days: z.array(z.object({ name: z.enum(['today', 'tomorrow']), day: z.iso.date() })),
  /** Of a date near today. */
  calendar: CalendarView.nullable(),
  streets: StreetsView.nullable(),
  /** Of a place: there is a map to point at it. */
  map: z.object({ asOf: z.iso.date() }).nullable(),
  rows: RowsView.nullable(),
  /** What is wrong with the answer, as a sentence a person can act on. */
  error: z.string().nullable(),
  photos: PhotosView.nullable(),
});
export type FieldView = z.infer<typeof FieldView>;

const FormStep = z.object({ form: z.string(), title: z.string(), at: z.int().positive(), of: z.int().positive() });
export type FormStep = z.infer<typeof FormStep>;

export const TicketView = z.object({
  reference: z.string(),
  /** What the printed code leads to: the status page with the reference, no person and no product. */
  url: z.string(),
  /** The same with the receipt's code, once there is one: it proves more. */
  receiptUrl: z.string().optional(),
  product: z.string(),
  keptAt: z.iso.datetime(),
  receivedAt: z.iso.datetime().nullable(),
});
export type TicketView = z.infer<typeof TicketView>;

/** What the terminal's own rules found: a product (`product`) or a notice of the town. `because`: why it is shown, always said. */
export const SuggestionsView = z.object({
  /** The person wants none. */
  off: z.boolean(),
  /** How many the person put away. */
  away: z.int().min(0),
  shown: z.array(z.object({ id: z.string(), title: z.string(), text: z.string(), because: z.string(), product: z.string().nullable() })),
});
export type SuggestionsView = z.infer<typeof SuggestionsView>;

/** In whose name somebody looks and asks. */
export const ActingView = z.object({ kind: z.enum(['person', 'enterprise']), name: z.string() });
export type ActingView = z.infer<typeof ActingView>;

/** One thing that was checked about the card, as a statement with a mark. */
export const CheckView = z.object({
  check: z.enum(['identity', 'address', 'photo', 'issuer', 'validity', 'revocation', 'chip']),
  outcome: z.enum([
    'proven',
    'not_proven',
    /** Of validity: it begins on a later day. */
    'not_yet',
    /** The answer is on its way. */
    'pending',
    /** Nothing came back that could be checked, and nothing will: this card does not carry it. */
    'unchecked',
    /** No line. */
    'offline',
    /** There was a line; who knows it did not answer. */
    'no_answer',
    /** Who should know it answered that it does not. */
    'unknown',
  ]),
  /** For validity the last day (ISO date), or the first of `not_yet`; for revocation the authority's time; else null. */
  at: z.string().nullable(),
});
export type CheckView = z.infer<typeof CheckView>;

/** What is known of the revocation of the certificate that signs: `good`, or why nobody can say. Revoked, it signs nothing. */
export const SignerChecked = z.enum(['good', 'unknown', 'no_answer', 'offline']);
export type SignerChecked = z.infer<typeof SignerChecked>;

/** Why a PIN or a signature did not do, in words that lead to a sentence. */
export const PinProblem = z.enum([
  ...CardProblem.options,
  /** Signing in asks the middleware: without a line nobody can. */
  'no_line',
  'certificate_not_proven',
  'certificate_expired',
  'revoked',
  'revocation_unknown',
  /** The middleware does not believe the token. */
  'not_accepted',
]);
export type PinProblem = z.infer<typeof PinProblem>;

/** What the person signs, as the very bytes: a PDF in base64, or plain text. */
export const DocumentView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pdf'), bytes: z.base64() }),
  z.object({ kind: z.literal('text'), text: z.string() }),
]);
export type DocumentView = z.infer<typeof DocumentView>;

/** Something of the form was taken by main: it is still there. What stands in a field alone, the page knows itself. */
const filledIn = z.boolean();

export const ProductState = z.enum([
  'open',
  /** Opens after a card. */
  'needs_card',
  /** The card here does not do. */
  'needs_proven_card',
  /** Opens with the PIN. */
  'needs_pin',
  /** Needs the PIN, and there is no line. */
  'needs_line',
  /** Needs a signature, and this terminal has neither pinpad nor dialog. */
  'cannot_sign',
  /** Its form has an error. */
  'broken',
]);
export type ProductState = z.infer<typeof ProductState>;

export const ProductRow = z.object({
  id: z.string(),
  name: z.string(),
  summary: z.string(),
  icon: ProductIcon.nullable(),
  theme: Theme,
  /** `elsewhere`: the town where this person lives does it; `desk`: there is no form for it. */
  state: z.enum([...ProductState.options, 'elsewhere', 'desk', 'phone']),
});
export type ProductRow = z.infer<typeof ProductRow>;

/** A thing of the file on its way to the person: by the page's own name for it. */
export const TakingView = z.object({
  item: z.string(),
  way: z.enum(['print', 'email', 'phone']),
  stage: z.enum(['working', 'done', 'problem']),
  /** Where it was sent, masked. */
  to: z.string().nullable(),
  /** The address behind the code for the telephone: random, and good once. */
  url: z.string().nullable(),
  problem: z.enum(['no_printer', 'no_line', 'sign_in', 'gone', 'no_address', 'not_sent']).nullable(),
});
export type TakingView = z.infer<typeof TakingView>;

export const ScreenView = z.discriminatedUnion('name', [
  /** `left_in`: somebody's card has to come out first. */
  z.object({ name: z.literal('attract'), reader: z.enum(['ready', 'left_in', 'no_reader', 'needs_attention']) }),
  z.object({ name: z.literal('reading') }),
  /** Who the card says you are, with what has been proven so far. */
  z.object({
    name: z.literal('identity'),
    facts: z.array(FactView),
    photo: z.string().nullable(),
    proof: z.enum(['checking', 'proven']),
    expired: z.boolean(),
    checks: z.array(CheckView),
    /** Kept with this card a few minutes ago, before the app had to start again. */
    recentlyKept: z.array(z.object({ reference: z.string(), product: z.string(), keptAt: z.iso.datetime() })),
  }),
  /** A card that fills in nothing. */
  z.object({
    name: z.literal('card_refused'),
    reason: z.enum([
      'not_proven',
      'issuer_unknown',
      /** Its signer was never entitled to sign while this card was. */
      'issuer_dates',
      /** The chip does not hold the key that its files name: a copy. */
      'not_genuine',
      /** The National Register's certificate was revoked. */
      'revoked',
      'not_an_eid',
      'unreadable',
      'no_reader',
      'needs_attention',
    ]),
  }),
  z.object({
    name: z.literal('catalogue'),
    /** What people ask most: each begins at once. */
    products: z.array(ProductRow),
    /** Of each form that a product of the catalogue begins with; the page has the catalogue itself (contract/catalogue.ts). */
    states: z.record(z.string(), ProductState),
    /** The town where this person lives, when that is another one: it does what is bound to residence. */
    livesIn: z.string().nullable(),
    portals: z.array(z.object({ id: z.string(), name: z.string() })),
    suggestions: SuggestionsView,
  }),
  /** What a product is, and what can be done about it here. */
  z.object({
    name: z.literal('product'),
    id: z.string(),
    title: z.string(),
    theme: Theme,
    description: z.string(),
    facts: z.array(
      z.object({
        fact: z.enum(['costs', 'conditions', 'procedures', 'advantages', 'by', 'regulation']),
        lines: z.array(z.string()).min(1),
      }),
    ),
    start: z.discriminatedUnion('how', [
      /** `instead`: what can be begun here now, where this cannot. */
      z.object({ how: z.literal('form'), state: ProductState, instead: z.object({ product: z.string(), name: z.string() }).nullable() }),
      /** `portal`: a page of another government. */
      z.object({ how: z.literal('phone'), url: z.string(), portal: z.boolean() }),
      z.object({ how: z.literal('desk') }),
      /** `url`: null where nobody here knows it. */
      z.object({ how: z.literal('elsewhere'), town: z.string(), url: z.string().nullable() }),
    ]),
  }),
  /** A product was chosen that wants a card: put it in, or go back. `leftIn`: somebody's card has to come out first. */
  z.object({ name: z.literal('insert_card'), product: z.string(), leftIn: z.boolean() }),
  z.object({
    name: z.literal('question'),
    step: FormStep,
    page: z.string(),
    question: z.string(),
    hint: z.string().nullable(),
    facts: z.array(FactView),
    fields: z.array(FieldView).min(1),
    /** One of a list: "back" leads to the list. */
    isRow: z.boolean(),
  }),
  z.object({
    name: z.literal('check'),
    step: FormStep,
    facts: z.array(FactView),
    /** Of a photo field the value is how many; empty when none. */
    answers: z.array(
      z.object({
        page: z.string(),
        label: z.string(),
        value: z.string(),
        control: Control,
        source: AnswerSource.nullable(),
        /** Accepted, with something to look at once more. */
        remark: z.string().nullable(),
      }),
    ),
    /** What it costs, as it is written; null: nothing. */
    price: z.string().nullable(),
    whatNext: z.string(),
    requestOnly: z.string().nullable(),
    /** `offered`: the PIN would make more than a request of it. `confirmed`: it did. */
    pin: z.enum(['offered', 'confirmed']).nullable(),
    /** "Send" leads to the document to sign: false once these answers are signed. */
    signs: z.boolean(),
    /** Why nothing was kept the last time "send" was pressed. */
    problem: z.enum(['disk_full', 'storage_failed', 'invalid']).nullable(),
  }),
  z.object({ name: z.literal('keeping'), step: FormStep }),
  /** "My file". Its sources and items come beside the view (file-view.ts). `none`: nothing can be read now. */
  z.object({
    name: z.literal('file'),
    stage: z.enum(['none', 'reading', 'ended']),
    end: FileEnd.nullable(),
    /** In whose name; null: the person's own. */
    acting: ActingView.nullable(),
    otherRoles: z.int().min(0),
    /** Until what the sign-in gave ends, when that is soon; 0: it is over. Null: there is time, or nothing to end. */
    secondsLeft: z.int().min(0).nullable(),
    suggestions: SuggestionsView,
    /** This terminal has a printer. */
    prints: z.boolean(),
    /** The thing that the page begins with, by its key; null: with all. */
    opened: z.string().nullable(),
    taking: TakingView.nullable(),
    /** What this visit kept: known without a line. */
    kept: z.array(TicketView.pick({ reference: true, product: true, keptAt: true, receivedAt: true })),
  }),
  ProfileScreenView,
  z.object({
    name: z.literal('roles'),
    self: z.boolean(),
    roles: z.array(
      ActingView.extend({
        /** What `file.act_as` names it by. */
        place: z.int().min(0),
        basis: z.enum(['parent', 'guardian', 'mandate']).nullable(),
        seat: z.string().nullable(),
        until: z.iso.date().nullable(),
        chosen: z.boolean(),
      }),
    ),
  }),
  /**
   * Signing in with the PIN. `pin_view`: the PIN view lies over this page. `pinpad`: type on the reader. `problem`: what
   * went wrong, with the way on; `again` says whether trying again makes sense.
   */
  z.object({
    name: z.literal('sign_in'),
    product: z.string(),
    /** It is asked for the person's file, and for no product. */
    forFile: z.boolean(),
    stage: z.enum(['preparing', 'pin_view', 'pinpad', 'dialog', 'working', 'checking', 'problem']),
    triesLeft: z.int().min(0).max(3).nullable(),
    problem: PinProblem.nullable(),
    again: z.boolean(),
    /** The product can be kept as a request without the PIN. */
    without: z.boolean(),
    filledIn,
  }),
  /**
   * Reading the document, then signing it. `finding_out`: before the first question, whether this card can sign.
   * `pinpad`, `dialog`: until the signature is there; the library does not say when the PIN was right.
   */
  z.object({
    name: z.literal('sign'),
    product: z.string(),
    stage: z.enum(['finding_out', 'preparing', 'read', 'pinpad', 'dialog', 'problem']),
    document: DocumentView.nullable(),
    /** With the document. */
    checked: SignerChecked.nullable(),
    /** Where the PIN will be asked: the button says so. */
    way: z.enum(['pinpad', 'dialog']).nullable(),
    /** After a wrong PIN, where the card tells. */
    triesLeft: z.int().min(0).max(3).nullable(),
    problem: PinProblem.nullable(),
    again: z.boolean(),
    filledIn,
  }),
  z.object({
    name: z.literal('kept'),
    ticket: TicketView,
    whatNext: z.string(),
    requestOnly: z.string().nullable(),
    /** What is still to be paid: with the own phone (EPC069-12, scanned by a banking app), or at the desk. */
    payment: z
      .object({
        amount: z.string(),
        communication: z.string(),
        phone: PhonePayment.nullable(),
      })
      .nullable(),
    cardStillIn: z.boolean(),
    needsAttention: z.boolean(),
  }),
  /** After wiping, so it holds no name. */
  z.object({
    name: z.literal('goodbye'),
    cardStillIn: z.boolean(),
    /** The card that is in may be somebody else's, who then has to put it in again. */
    mayBeAnother: z.boolean(),
    /** What this visit kept, to photograph or write down. */
    tickets: z.array(TicketView.pick({ reference: true, url: true })),
    /** Until this page goes; null while it waits for the card to be taken. */
    secondsLeft: z.int().min(0).nullable(),
    why: z.enum(['stopped', 'idle', 'card_out', 'not_me']),
  }),
  /** This kiosk can keep nothing (storage broken): it says so before anybody types. */
  z.object({ name: z.literal('broken'), reason: z.enum(['storage_failed', 'disk_full', 'not_enrolled']) }),
]);
export type ScreenView = z.infer<typeof ScreenView>;

export const CoverView = z.discriminatedUnion('kind', [
  /** The card left: everything is covered; the same card uncovers it. */
  z.object({ kind: z.literal('card_out'), secondsLeft: z.int().min(0), seconds: z.int().positive(), otherCard: z.boolean() }),
  /** The card's process starts anew, or its reader is back: for a moment nobody knows whether the card is in. */
  z.object({ kind: z.literal('looking'), filledIn }),
  /** The reader left with the card, or fails: only staff can help, so the visit waits longer. */
  z.object({
    kind: z.literal('reader_gone'),
    reason: z.enum(['no_reader', 'needs_attention']),
    secondsLeft: z.int().min(0),
    seconds: z.int().positive(),
    filledIn,
  }),
  z.object({ kind: z.literal('idle'), secondsLeft: z.int().min(0), seconds: z.int().positive() }),
]);
export type CoverView = z.infer<typeof CoverView>;

export const DisplaySettings = z.object({
  text: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  theme: z.enum(['default', 'contrast']),
});
export type DisplaySettings = z.infer<typeof DisplaySettings>;

export const KioskView = z.object({
  /** Grows with every push; an older one is dropped. */
  revision: z.int().positive(),
  /** Random, new for every visit; the screen forgets what it holds when it changes. */
  visit: z.string().nullable(),
  town: z.string(),
  kiosk: z.string(),
  desk: z.string(),
  pxPerMm: z.union([z.literal('fit'), z.number()]),
  languages: z.array(Language),
  language: Language,
  display: DisplaySettings,
  line: z.object({ state: z.enum(['up', 'down', 'unknown']), since: z.iso.datetime().nullable() }),
  /** Masked: "Lotte V••••". */
  who: z.object({ name: z.string(), trust: Trust, proof: z.enum(['checking', 'proven']), acting: ActingView.nullable() }).nullable(),
  screen: ScreenView,
  cover: CoverView.nullable(),
});
export type KioskView = z.infer<typeof KioskView>;
