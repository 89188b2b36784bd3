import * as z from 'zod';
import { TerminalId } from './ids.ts';
import { Language } from './language.ts';
import { Payee } from './payment.ts';

/**
 * "My file": what town, region and other governments hold for a person and what runs. The middleware asks every source and
 * passes on each answer as it comes; the terminal holds it in memory for one visit and no longer.
 */

/** 11 digits; the check number is the source's and the card's business (contract/check-numbers.ts has the rule). */
export const Ssin = z.string().regex(/^\d{11}$/);
/** Crossroads Bank for Enterprises: ten digits, the first 0 or 1. */
export const EnterpriseNumber = z.string().regex(/^[01]\d{9}$/);

/** Whom an item is about. Every item says it, so that nobody is ever shown another person's. */
export const Subject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('person'), ssin: Ssin }),
  z.object({ kind: z.literal('enterprise'), enterpriseNumber: EnterpriseNumber }),
]);
export type Subject = z.infer<typeof Subject>;

/** Its number: persons have eleven digits, enterprises ten, so that none is another's. */
export function keyOfSubject(subject: Subject): string {
  return subject.kind === 'person' ? subject.ssin : subject.enterpriseNumber;
}

export function isSameSubject(one: Subject, other: Subject): boolean {
  return one.kind === other.kind && keyOfSubject(one) === keyOfSubject(other);
}

/** The eight themes of the Flemish catalogue (IPDC/LPDC code list `IPDCThema`), in its order. */
export const themes = [
  'citizen_and_government',
  'building_and_living',
  'culture_sport_and_leisure',
  'economy_and_work',
  'environment_and_energy',
  'mobility_and_public_works',
  'education_and_science',
  'welfare_health_and_family',
] as const;
export const Theme = z.enum(themes);
export type Theme = z.infer<typeof Theme>;

/**
 * Words of a source, in the language or languages that the source has: people's own file is not translated by a machine.
 * Plain text, at most a paragraph: whatever stands in it is shown as text.
 */
export const SourceText = z
  .partialRecord(Language, z.string().min(1).max(2_000))
  .refine((text) => Object.values(text).some((words) => words !== undefined), 'no words in any language');
export type SourceText = z.infer<typeof SourceText>;

const Day = z.iso.date();
const Moment = z.iso.datetime();
/** Euro cents: no fraction of a cent is ever owed. */
const Cents = z.int().min(-100_000_000_000).max(100_000_000_000);

/** OSLO Dossier, and MAGDA's `GeefDossiers`: Samenstelling, Behandeling, Afgerond. */
export const DossierPhase = z.enum(['assembling', 'in_treatment', 'finished']);
export type DossierPhase = z.infer<typeof DossierPhase>;

/** The middleware's word that it read an item of this name, about this subject: for a request that answers it. 128 bits, base64url. */
export const ItemProof = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

const common = {
  /** The source's own, and unique in it: together with the source it is the item's name. Never shown. */
  id: z.string().min(1).max(200),
  subject: Subject,
  title: SourceText,
  theme: Theme,
  /** The day that puts it in its place on the time line: when it began, is due, or was said. */
  on: Day,
  /** What happens next, as a sentence. */
  next: SourceText.optional(),
  /** What the person has to do, with the last day for it. Without it nothing waits for the person. */
  action: z.object({ text: SourceText, until: Day.nullable() }).optional(),
  /** The product of the catalogue that answers it: its `productNumber`. */
  answeredBy: z.string().min(1).max(100).optional(),
  /** From the middleware on; what a source says here itself is not passed on. */
  proof: ItemProof.optional(),
  /** Who handles it. */
  contact: z.object({ name: z.string().max(200), phone: z.string().max(40).optional(), email: z.string().max(200).optional() }).optional(),
  /** The source's own number, which the person may read out at the desk. */
  number: z.string().min(1).max(60).optional(),
};

/** What a register holds, in parts: for filling in, beside the words that are shown. */
export const RegisterFact = z.discriminatedUnion('fact', [
  z.object({
    fact: z.literal('address'),
    street: z.string().min(1).max(100),
    number: z.string().min(1).max(12),
    box: z.string().min(1).max(12).optional(),
    postalCode: z.string().regex(/^[1-9]\d{3}$/),
    municipality: z.string().min(1).max(100),
  }),
  z.object({ fact: z.literal('household_size'), persons: z.int().min(1).max(50) }),
]);
export type RegisterFact = z.infer<typeof RegisterFact>;

/** A small closed set: what people ask about, in the field's terms. */
export const FileItem = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('dossier'), phase: DossierPhase, status: SourceText.optional() }),
  z.object({ ...common, kind: z.literal('document'), issuedBy: SourceText, validUntil: Day.nullable() }),
  z.object({ ...common, kind: z.literal('appointment'), at: Moment, place: SourceText, cancelled: z.boolean() }),
  z.object({
    ...common,
    kind: z.literal('payment'),
    cents: Cents,
    due: Day.nullable(),
    paidOn: Day.nullable(),
    /** Belgian structured communication: 12 digits, the last two modulo 97 (OGM-VCS). */
    communication: z
      .string()
      .regex(/^\d{12}$/)
      .optional(),
    /** To which account; absent: as the bill says. */
    payee: Payee.optional(),
  }),
  z.object({
    ...common,
    kind: z.literal('reservation'),
    from: Moment,
    to: Moment,
    place: SourceText,
    state: z.enum(['asked', 'confirmed', 'cancelled']),
  }),
  z.object({ ...common, kind: z.literal('permit'), validFrom: Day, validUntil: Day.nullable() }),
  z.object({ ...common, kind: z.literal('loan'), due: Day, renewable: z.boolean() }),
  z.object({ ...common, kind: z.literal('message'), text: SourceText, read: z.boolean() }),
  /** A fact as a register holds it: the one kind that is no event. */
  z.object({ ...common, kind: z.literal('register_data'), value: SourceText, fact: RegisterFact.optional() }),
  /** A look at somebody's data: who, in which role, why, at which fields. */
  z.object({
    ...common,
    kind: z.literal('consultation'),
    by: SourceText,
    purpose: SourceText,
    fields: z.array(SourceText).max(50),
    at: Moment,
  }),
]);
export type FileItem = z.infer<typeof FileItem>;
export type ItemKind = FileItem['kind'];

export const SourceId = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
export type SourceId = z.infer<typeof SourceId>;

/** A place that may hold something, whether or not it answers. */
export const SourceInfo = z.object({
  id: SourceId,
  name: SourceText,
  owner: z.enum(['town', 'region', 'flanders', 'federal', 'partner']),
  theme: Theme,
  /** Where to ask when this one says nothing: a desk, a telephone number. */
  help: SourceText.optional(),
});
export type SourceInfo = z.infer<typeof SourceInfo>;

export const itemLimits = {
  /** Of one source, for one person. */
  perSource: 10_000,
  /** In one line of the stream. */
  perLine: 200,
  /** Bytes of one line of the stream. */
  line: 1024 * 1024,
  /** All that a terminal holds for one visit. */
  perFile: 50_000,
} as const;

/** Why a source says nothing. `unreadable`: it answered, and that was no answer; `not_yours`: it answered about somebody else. */
export const SilentWhy = z.enum(['no_answer', 'failed', 'unreadable', 'not_yours', 'too_much']);
export type SilentWhy = z.infer<typeof SilentWhy>;

/**
 * One envelope for every source. `asOf`: the moment that its data are of, by its own word; `stale` when that is longer ago
 * than the source itself promises. `more`: another line with items of the same answer follows.
 */
export const SourceAnswer = z.discriminatedUnion('state', [
  z.object({
    source: SourceId,
    state: z.literal('fresh'),
    asOf: Moment,
    items: z.array(FileItem).max(itemLimits.perLine),
    more: z.boolean(),
  }),
  z.object({
    source: SourceId,
    state: z.literal('stale'),
    asOf: Moment,
    items: z.array(FileItem).max(itemLimits.perLine),
    more: z.boolean(),
  }),
  z.object({ source: SourceId, state: z.literal('silent'), why: SilentWhy }),
  z.object({ source: SourceId, state: z.literal('not_connected') }),
  z.object({ source: SourceId, state: z.literal('switched_off') }),
]);
export type SourceAnswer = z.infer<typeof SourceAnswer>;
export type SourceState = SourceAnswer['state'];

/**
 * In whose name somebody acts. `basis`: a parent or guardian represents by law; a mandate was given by the person themself
 * (CSAM, the Flemish mandate system).
 */
export const ActingAs = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('self') }),
  z.object({ kind: z.literal('person'), ssin: Ssin, basis: z.enum(['parent', 'guardian', 'mandate']) }),
  z.object({ kind: z.literal('enterprise'), enterpriseNumber: EnterpriseNumber, role: z.string().min(1).max(100) }),
]);
export type ActingAs = z.infer<typeof ActingAs>;

/** What a person may be, as the middleware's sources for it say: names to choose by. */
export const Role = z.object({
  as: ActingAs,
  /** Of the person or enterprise. */
  name: z.string().min(1).max(300),
  /** Of an enterprise: its seat. */
  seat: z.string().max(300).nullable(),
  /** Until when; null: no end is known. */
  until: Day.nullable(),
});
export type Role = z.infer<typeof Role>;

/**
 * A grant: the middleware's word that this person signed in, for this terminal and this visit, for minutes. 32 random bytes,
 * base64url. It travels in a body or a header, never in an address.
 */
export const GrantToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
/** `expiresInMs`: from now; a terminal's clock may be years off. */
export const Grant = z.object({ token: GrantToken, expiresInMs: z.int().positive().max(3_600_000) });
export type Grant = z.infer<typeof Grant>;

/** Random, of one visit: main makes it. */
export const VisitId = z.uuid();

/** `POST /v1/roles`. The grant stands in `authorization: Bearer`. */
export const RolesRequest = z.object({ terminal: TerminalId, visit: VisitId });
export type RolesRequest = z.infer<typeof RolesRequest>;
export const RolesReply = z.object({ roles: z.array(Role).max(200), silent: z.array(SourceInfo).max(10) });
export type RolesReply = z.infer<typeof RolesReply>;

/** Why a file is read: part of every consultation. */
export const ReadPurpose = z.enum(['own_file', 'suggestions', 'desk', 'help']);
export type ReadPurpose = z.infer<typeof ReadPurpose>;

/** `POST /v1/file`; answered by a stream of `FileLine`, one in each line (`application/x-ndjson`). */
export const FileRequest = z.object({
  terminal: TerminalId,
  visit: VisitId,
  actingAs: ActingAs,
  /** Empty: every source. Else those that somebody asks once more. */
  sources: z.array(SourceId).max(500),
});
export type FileRequest = z.infer<typeof FileRequest>;

export const FileLine = z.discriminatedUnion('line', [
  /** The first: who will be asked, and about whom. */
  z.object({ line: z.literal('sources'), subject: Subject, sources: z.array(SourceInfo).max(500) }),
  z.object({ line: z.literal('answer'), answer: SourceAnswer }),
  /** The last. Without it the line broke off, and what has not answered by then is not known to be silent. */
  z.object({ line: z.literal('end'), why: z.enum(['complete', 'grant_ended', 'mandate_ended']) }),
]);
export type FileLine = z.infer<typeof FileLine>;

/** `POST /v1/grants/end`: the visit is over. */
export const GrantEndRequest = z.object({ terminal: TerminalId, visit: VisitId });
export type GrantEndRequest = z.infer<typeof GrantEndRequest>;
export const GrantEndReply = z.object({ ended: z.literal(true) });
export type GrantEndReply = z.infer<typeof GrantEndReply>;
