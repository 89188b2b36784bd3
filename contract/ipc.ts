import * as z from 'zod';
import { Typed } from './answers.ts';
import { AttachmentId, photoLimits } from './attachment.ts';
import { CameraProblem } from './camera.ts';
import { Language } from './language.ts';
import { DisplaySettings } from './view.ts';

/**
 * Everything a renderer may ask of main, by name, with the shape of its input. Nothing is returned: main answers by
 * pushing the next view. An input that does not fit, or a sender that is not that command's window, is refused and logged.
 */
const nothing = z.strictObject({});

/** Of the memory behind it too, which crosses as a whole. */
const isPhotoSized = ({ byteLength, buffer }: Uint8Array) => byteLength > 0 && buffer.byteLength <= photoLimits.bytes;
const name = z.string().max(64);

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
  'file.roles': nothing,
  /** Puts one suggestion away. */
  'suggestions.put_away': z.strictObject({ id: z.string().max(64) }),
  'suggestions.switch': z.strictObject({ off: z.boolean() }),
  /** The place in the list of roles; null: myself. */
  'file.act_as': z.strictObject({ role: z.int().min(0).max(200).nullable() }),
  /** What it is, what it costs, what can be done about it here. */
  'product.open': z.strictObject({ product: z.string().max(64) }),
  'form.open': z.strictObject({ product: z.string().max(64) }),
  /** `answers`: what stands in the boxes of the page, or of one row of it (`members/0`). */
  'form.answer': z.strictObject({ page: z.string().max(64), answers: Typed }),
  /** What somebody types in the box of a street: the page shows streets that begin so. */
  'form.find_street': z.strictObject({ page: z.string().max(64), field: z.string().max(64), text: z.string().max(200) }),
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
