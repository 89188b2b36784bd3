import * as z from 'zod';
import { Answers } from './answers.ts';
import { Attachment, attachmentLimits } from './attachment.ts';
import { Consultation } from './consultation.ts';
import { Evidence } from './evidence.ts';
import { ActingAs, ItemProof, SourceId } from './file.ts';
import { CardAddress, Identity, Proof } from './identity.ts';
import { Reference, TxId } from './ids.ts';
import { Language } from './language.ts';
import { ProfileChange } from './profile.ts';
import { Trust } from './trust.ts';

/**
 * What is sealed. Only the middleware's worker can open it. `person` holds no more than the form's manifest allows;
 * `evidence` lets the worker verify the card again.
 */
export const TransactionContent = z.object({
  txId: TxId,
  reference: Reference,
  product: z.string(),
  form: z.object({ id: z.string(), version: z.int().positive() }),
  municipalityCode: z.string().regex(/^\d{5}$/),
  language: Language,
  trust: Trust,
  /**
   * The middleware had confirmed nobody when this was sent: true unless the person signed in. `trust` says what the
   * terminal holds proof of, this says that nobody else has looked at it yet. So `signed` without a sign-in is the highest
   * rung and provisional: it counts as signed from when the middleware has verified the signature and its revocation.
   */
  provisional: z.boolean(),
  person: Identity.pick({ surname: true, firstNames: true, birthDate: true, birthPlace: true, nationality: true, nationalNumber: true })
    .partial()
    .extend({ address: CardAddress.optional() })
    .nullable(),
  answers: Answers,
  proof: Proof.nullable(),
  evidence: Evidence.nullable(),
  /** In whose name it was sent; absent: the person's own. */
  actingAs: ActingAs.optional(),
  /** A look at somebody's data, and not a request: then nothing else of this says anything. */
  consultation: Consultation.optional(),
  /** A change of the person's own profile, and not a request: then `answers` says nothing. */
  profile: ProfileChange.optional(),
  /** What it costs, and the words by which a payment is known (OGM-VCS). Kept and sent whether or not it was paid. */
  payment: z.object({ cents: z.int().positive(), communication: z.string().regex(/^\d{12}$/) }).optional(),
  /** The item of a file that it answers, with the middleware's word about it: that has to be the file of whom this is sent for. */
  answersItem: z.object({ source: SourceId, id: z.string().min(1).max(200), proof: ItemProof }).optional(),
  attachments: z.array(Attachment).max(attachmentLimits.perRecord),
  openedAt: z.iso.datetime(),
  submittedAt: z.iso.datetime(),
});
export type TransactionContent = z.infer<typeof TransactionContent>;

/** HPKE (RFC 9180) base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
export const sealSuite = 'DHKEM-P256-HKDF-SHA256/HKDF-SHA256/AES-256-GCM';

/** Bytes bound to a sealed record (HPKE `aad`): moving a record to another terminal, queue, place or key makes it unreadable. */
export function sealContext(record: { txId: string; terminal: string; generation: string; sequence: number; keyId: string }): Uint8Array {
  const { txId, terminal, generation, sequence, keyId } = record;
  return new TextEncoder().encode(JSON.stringify(['loket/transaction/2', txId, terminal, generation, sequence, keyId]));
}
