import * as z from 'zod';
import { type DossierPhase, FileItem, type ItemKind, SilentWhy, SourceInfo, type SourceText } from './file.ts';
import { PhonePayment } from './payment.ts';

/**
 * The file as it crosses to the screen: no numbers of persons or enterprises, and no source's own ids. It does not travel in
 * the view: ten thousand items would be compared and sent at each tick. Each push says what is new since the one before.
 */
const crossing = { id: true, subject: true, proof: true } as const;
/** `answeredBy`: the product's own id in this town's catalogue. */
const key = { key: z.string(), source: z.string(), answeredBy: z.string().optional() };
const [dossier, document, appointment, payment, reservation, permit, loan, message, registerData, consultation] = FileItem.options;

export const ItemView = z.discriminatedUnion('kind', [
  dossier.omit(crossing).extend(key),
  document.omit(crossing).extend(key),
  appointment.omit(crossing).extend(key),
  payment.omit({ ...crossing, payee: true }).extend({ ...key, phone: PhonePayment.optional() }),
  reservation.omit(crossing).extend(key),
  permit.omit(crossing).extend(key),
  loan.omit(crossing).extend(key),
  message.omit(crossing).extend(key),
  registerData.omit(crossing).extend(key),
  consultation.omit(crossing).extend(key),
]);
export type ItemView = z.infer<typeof ItemView>;
export type { DossierPhase, ItemKind, SourceText };

/** `asked`: it has not answered yet. `broken_off`: the line went before it could. */
export const SourceView = SourceInfo.extend({
  state: z.enum(['asked', 'broken_off', 'fresh', 'stale', 'silent', 'not_connected', 'switched_off']),
  asOf: z.string().nullable(),
  why: SilentWhy.nullable(),
});
export type SourceView = z.infer<typeof SourceView>;

export const FilePush = z.object({
  /** Of which reading; the screen forgets what it holds of another. Null: nothing may be shown. */
  reading: z.string().nullable(),
  /** Sources that are new, or of which something changed. */
  sources: z.array(SourceView),
  /** What the screen holds of these goes: it was taken back. */
  emptied: z.array(z.string()),
  items: z.array(ItemView),
});
export type FilePush = z.infer<typeof FilePush>;

/** How the reading of a file ended. */
export const FileEnd = z.enum([
  'complete',
  /** The time for which the person signed in is over. */
  'grant_ended',
  'mandate_ended',
  /** There is no line, or it went. */
  'no_line',
  /** The middleware answered about somebody else, or in no language that is known here: nothing of it is shown. */
  'not_believed',
  /** The reading could not be written down, and what is not written down is not read. */
  'not_recorded',
]);
export type FileEnd = z.infer<typeof FileEnd>;
