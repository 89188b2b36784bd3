import * as z from 'zod';
import { Typed } from './answers.ts';
import { AttachmentId, photoLimits } from './attachment.ts';
import { CameraProblem } from './camera.ts';
import { Theme } from './file.ts';
import { Language } from './language.ts';
import { ContactChannel, PostWay, PurposeId } from './profile.ts';
import { DisplaySettings } from './view.ts';

/**
 * Everything a renderer may ask of main, by name, with the shape of its input. Nothing is returned: main answers by
 * pushing the next view. An input that does not fit, or a sender that is not that command's window, is refused and logged.
 */
const nothing = z.strictObject({});

/** Of the memory behind it too, which crosses as a whole. */
const isPhotoSized = ({ byteLength, buffer }: Uint8Array) => byteLength > 0 && buffer.byteLength <= photoLimits.bytes;
const name = z.string().max(64);
/** What the page calls a thing of the file (file-view.ts). */
const ItemKey = z.string().max(80);

/** What of the profile is to be so. An address or number comes by `profile.contact`; here it is taken away. */
export const ProfileWish = z.discriminatedUnion('field', [
  z.strictObject({ field: z.literal('email'), value: z.null() }),
  z.strictObject({ field: z.literal('phone'), value: z.null() }),
  z.strictObject({ field: z.literal('post'), value: PostWay.nullable() }),
  z.strictObject({ field: z.literal('interests'), value: z.array(Theme).max(8) }),
  /** `version`: of the words that stood there. */
  z.strictObject({ field: z.literal('consent'), purpose: PurposeId, given: z.boolean(), version: z.int().positive() }),
]);
type WishOfPage = z.infer<typeof ProfileWish>;
/** With what main alone may wish: an address or number whose code came. */
export type ProfileWish = WishOfPage | { field: 'email' | 'phone'; value: string };

export const kioskCommands = {
  /** The page has drawn its first view and listens. */
  'screen.ready': nothing,
  /** Somebody touched, typed or moved: the idle clock starts again. Sent at most once a second. */
  'screen.active': nothing,
  /** The page drew the screen of this name: measured by the report, decides nothing. */
  'screen.shown': z.strictObject({ screen: z.string().max(40), revision: z.int() }),
  'visit.begin': nothing,
  'visit.language': z.strictObject({ language: Language }),
  'visit.display': z.strictObject({ display: DisplaySettings }),
  /** "That is me": on to the catalogue. */
  'visit.continue': nothing,
  'visit.catalogue': nothing,
  /** Ends and wipes the visit. */
  'visit.stop': z.strictObject({ why: z.enum(['stopped', 'not_me']) }),
  /** "I am still here". */
  'visit.stay': nothing,
  'card.again': nothing,
  /** Staff: the operator's page. Nothing happens while a visit is open. */
  'operator.open': nothing,
  /** "My file", with the PIN where nobody signed in yet. */
  'file.open': nothing,
  /** Ask again: these sources, or all where none is named. */
  'file.again': z.strictObject({ sources: z.array(z.string().max(64)).max(500) }),
  /** The PIN once more, before or after its time is over; the page stays where it is. */
  'file.renew': nothing,
  /** On paper, to the verified address, to the own telephone. */
  'item.take': z.strictObject({ item: ItemKey, way: z.enum(['print', 'email', 'phone']) }),
  'item.leave': nothing,
  'file.roles': nothing,
  /** The own profile, from the file. */
  'profile.open': nothing,
  'profile.again': nothing,
  'profile.contact': z.strictObject({ channel: ContactChannel }),
  'profile.contact_value': z.strictObject({ value: z.string().max(300) }),
  /** The code that came with a message. */
  'profile.contact_code': z.strictObject({ code: z.string().max(20) }),
  'profile.contact_again': nothing,
  'profile.contact_leave': nothing,
  'profile.set': z.strictObject({ wish: ProfileWish }),
  /** Of this thing (`post`, `consent:news-town`). */
  'profile.undo': z.strictObject({ thing: z.string().max(60) }),
  /** Puts one suggestion away. */
  'suggestions.put_away': z.strictObject({ id: z.string().max(64) }),
  'suggestions.switch': z.strictObject({ off: z.boolean() }),
  /** The place in the list of roles; null: myself. */
  'file.act_as': z.strictObject({ role: z.int().min(0).max(200).nullable() }),
  /** What it is, what it costs, what can be done about it here. */
  'product.open': z.strictObject({ product: z.string().max(64) }),
  /** `item`: the thing of the file that it answers. */
  'form.open': z.strictObject({ product: z.string().max(64), item: ItemKey.optional() }),
  /** `answers`: what stands in the boxes of the page, or of one row of it (`members/0`). */
  'form.answer': z.strictObject({ page: z.string().max(64), answers: Typed }),
  /** What somebody types in the box of a street: the page shows streets that begin so. */
  'form.find_street': z.strictObject({ page: z.string().max(64), field: z.string().max(64), text: z.string().max(200) }),
  /** Somebody opens the map: it is pushed, once for each document. */
  'form.map': nothing,
  /** One of a list, to change it; its place after the last is a new one. */
  'form.row': z.strictObject({ page: z.string().max(64), row: z.int().min(0).max(50) }),
  'form.row_remove': z.strictObject({ page: z.string().max(64), row: z.int().min(0).max(50) }),
  'form.back': nothing,
  'form.change': z.strictObject({ page: z.string().max(64) }),
  'form.send': nothing,
  /** A paper was photographed, and the person looked at it: a JPEG. */
  'form.photo': z.strictObject({ page: name, field: name, bytes: z.instanceof(Uint8Array).refine(isPhotoSized) }),
  /** The camera was asked for: why it did not come on, or went off by itself; null: it is on. For the operator's page. */
  'form.camera': z.strictObject({ problem: CameraProblem.nullable() }),
  'form.photo_remove': z.strictObject({ page: name, field: name, photo: AttachmentId }),
  /** From the check page: sign in with the PIN, so that it is more than a request. */
  'sign_in.start': nothing,
  'sign_in.again': nothing,
  /** Stops asking for the PIN; on to where the person came from. */
  'sign_in.leave': nothing,
  /** The document was read: sign it. */
  'sign.start': nothing,
  /** After a problem with signing. */
  'sign.again': nothing,
  'sign.leave': nothing,
} as const;

export type KioskCommand = keyof typeof kioskCommands;
export type KioskInput<C extends KioskCommand> = z.infer<(typeof kioskCommands)[C]>;
