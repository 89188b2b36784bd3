import * as z from 'zod';
import { GrantToken, Theme, VisitId } from './file.ts';
import { Hash, TerminalId, TxId } from './ids.ts';
import { Language } from './language.ts';

/**
 * What a person told the town about themself: how to be reached, what they want to hear of, what they agreed to. Kept by the
 * middleware, changed by transactions alone. There is no place in it for a language: where French may be asked for it is asked
 * for each time, and nobody keeps a list of who did (Flemish circular BA-2005/03).
 */

export const ContactChannel = z.enum(['email', 'phone']);
export type ContactChannel = z.infer<typeof ContactChannel>;

/** `ebox`: the federal digital letter box, My e-Box (law of 27 February 2019). */
export const PostWay = z.enum(['paper', 'ebox']);
export type PostWay = z.infer<typeof PostWay>;

export const PurposeId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** The words that somebody agreed to, by version and hash: in all languages at once, so that it tells nobody's. */
export const ConsentText = z.strictObject({ version: z.int().positive(), sha256: Hash });
export type ConsentText = z.infer<typeof ConsentText>;

/** Forms beyond these are the terminal's to refuse, in words; here is only what can be stored. */
const Email = z
  .string()
  .max(254)
  .regex(/^\S+@\S+\.\S+$/);
const Phone = z.string().regex(/^\+[1-9]\d{6,14}$/);

/** One thing of a profile with its value. Null: not known, or not any more. A consent that is given is its words. */
export const ProfileValue = z.discriminatedUnion('field', [
  z.strictObject({ field: z.literal('email'), value: Email.nullable() }),
  z.strictObject({ field: z.literal('phone'), value: Phone.nullable() }),
  z.strictObject({ field: z.literal('post'), value: PostWay.nullable() }),
  z.strictObject({ field: z.literal('interests'), value: z.array(Theme).max(8).nullable() }),
  z.strictObject({ field: z.literal('consent'), purpose: PurposeId, value: ConsentText.nullable() }),
]);
export type ProfileValue = z.infer<typeof ProfileValue>;
export type ProfileField = ProfileValue['field'];

/** The name of the thing that a value is of: each changes by itself. */
export function thingOf(value: Pick<ProfileValue, 'field'> & { purpose?: string }): string {
  return value.field === 'consent' ? `consent:${value.purpose}` : value.field;
}

/** A code from a message, answered: the middleware's word, random, for this value and this person. */
export const Verification = GrantToken;

/**
 * What a transaction asks of a profile. `basedOn`: the change whose outcome was on the glass, null where nothing was; by it
 * the middleware tells a change that was made in sight of another from one that was not.
 */
export const ProfileChange = z.strictObject({
  set: ProfileValue,
  basedOn: TxId.nullable(),
  /** Of an address or number that is new. */
  verification: Verification.optional(),
  /** It puts back what this change had set. Null: what was there before anything was known. */
  restores: TxId.nullable().optional(),
});
export type ProfileChange = z.infer<typeof ProfileChange>;

/** A thing as the middleware knows it. `version`: the change that made it so. */
export const ProfileEntry = z.object({
  set: ProfileValue,
  version: TxId,
  changedAt: z.iso.datetime(),
  verifiedAt: z.iso.datetime().nullable(),
});
export type ProfileEntry = z.infer<typeof ProfileEntry>;

/** Why a change took no effect. `newer`: somebody changed the same thing since, elsewhere, and that holds. */
export const MissedWhy = z.enum(['newer', 'not_proven', 'not_verified', 'text_unknown']);
export type MissedWhy = z.infer<typeof MissedWhy>;

const InAll = z.object({ nl: z.string().min(1), fr: z.string().min(1), de: z.string().min(1), en: z.string().min(1) });

/** What may be agreed to. Nothing is ever agreed to beforehand. */
export const Purpose = z.object({
  id: PurposeId,
  kind: z.enum(['newsletter', 'use']),
  version: z.int().positive(),
  title: InAll,
  text: InAll,
});
export type Purpose = z.infer<typeof Purpose>;

/** Its SHA-256 stands for the words in a consent. */
export function purposeBytes({ id, version, title, text }: Purpose): Uint8Array {
  const words = [title, text].flatMap(({ nl, fr, de, en }) => [nl, fr, de, en]);
  return new TextEncoder().encode(JSON.stringify(['loket/consent/1', id, version, ...words]));
}

/** `POST /v1/profile`, with the grant in `authorization: Bearer`. Always the person's own. */
export const ProfileRequest = z.object({ terminal: TerminalId, visit: VisitId });
export type ProfileRequest = z.infer<typeof ProfileRequest>;
export const ProfileReply = z.object({
  asOf: z.iso.datetime(),
  entries: z.array(ProfileEntry).max(100),
  purposes: z.array(Purpose).max(60),
  /** What came of this person's changes of late; null: it took effect. */
  outcomes: z.array(z.object({ txId: TxId, missed: MissedWhy.nullable() })).max(200),
  /** Where a code can be sent to. */
  reaches: z.array(ContactChannel).max(2),
});
export type ProfileReply = z.infer<typeof ProfileReply>;

/** `POST /v1/profile/codes`: send a code there. `language`: of this one message; it is kept nowhere. */
export const CodeRequest = z
  .object({ terminal: TerminalId, visit: VisitId, language: Language })
  .and(z.union([z.object({ channel: z.literal('email'), value: Email }), z.object({ channel: z.literal('phone'), value: Phone })]));
export type CodeRequest = z.infer<typeof CodeRequest>;
export const CodeReply = z.discriminatedUnion('status', [
  z.object({ status: z.literal('sent'), verification: Verification, expiresInMs: z.int().positive().max(3_600_000) }),
  /** `too_many`: for today. `not_sent`: who brings messages did not take it. */
  z.object({ status: z.literal('refused'), why: z.enum(['too_many', 'not_sent', 'not_connected']) }),
]);
export type CodeReply = z.infer<typeof CodeReply>;

/** `POST /v1/profile/confirmations`: the code that came. */
export const ConfirmRequest = z.object({
  terminal: TerminalId,
  visit: VisitId,
  verification: Verification,
  code: z.string().regex(/^\d{6}$/),
});
export type ConfirmRequest = z.infer<typeof ConfirmRequest>;
export const ConfirmReply = z.discriminatedUnion('status', [
  z.object({ status: z.literal('confirmed') }),
  z.object({ status: z.literal('wrong'), triesLeft: z.int().positive().max(10) }),
  /** Too late, or too often wrong: another code has to be sent. */
  z.object({ status: z.literal('over') }),
]);
export type ConfirmReply = z.infer<typeof ConfirmReply>;
