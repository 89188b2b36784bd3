import * as z from 'zod';
import type { Root } from '../../native/eid/roots.ts';
import { storeConsultation } from '../consultations/store-consultation.ts';
import type { JudgeAnswers } from '../forms/judge-answers.ts';
import { executeChange } from '../profile/execute-change.ts';
import { findActing, judgeActing } from '../roles/judge-acting.ts';
import { hashNonce } from '../sign-in/challenges.ts';
import type { ItemProofs } from '../sources/item-proof.ts';
import type { Database, Queries } from '../store/database.ts';
import type { Question, Word } from './ask-first.ts';
import type { JudgeAttachments } from './attachments.ts';
import { judgeSignature, postpone } from './judge-signature.ts';
import type { Opened, OpenSealed } from './open-sealed.ts';
import { findTargets, isToBeAsked } from './signature-word.ts';
import { type Doubt, timeOf, type Verified, verifyContent } from './verify-content.ts';

const bytes = z.instanceof(Uint8Array);
const WaitingRow = z.object({
  tx_id: z.string(),
  terminal: z.string(),
  generation: z.string(),
  sequence: z.number(),
  reference: z.string(),
  key_id: z.string(),
  encapsulated: bytes,
  ciphertext: bytes,
  tries: z.number(),
  received_at: z.date(),
});
type WaitingRow = z.infer<typeof WaitingRow>;

/** `ask`: somebody else has to be asked first, which takes long: outside of the transaction, and then again with their word. */
export type Processed = 'executed' | 'quarantined' | 'postponed' | 'nothing_waits' | { ask: string; about: Question };

export type ProcessParts = {
  database: Database;
  opening: OpenSealed;
  /** Whom a card's evidence may lead to. */
  roots: readonly Root[];
  judgeAttachments: JudgeAttachments;
  /** Absent: the terminal's word is taken for what was answered. */
  judgeAnswers?: JudgeAnswers;
  judgeItem?: ItemProofs['judge'];
  now: () => Date;
};

/** A record at which our own program failed: the round goes on without it, the next round tries it again. */
export class RecordFailed extends Error {
  readonly txId: string;

  constructor(txId: string, cause: unknown) {
    super('a record could not be processed', { cause });
    this.name = 'RecordFailed';
    this.txId = txId;
  }
}

/**
 * The oldest that waits, of those before which nothing of the same lane is unsettled: not yet carried out, held, or not to
 * be opened. Within a queue the terminal's numbers are the order; across queues it is the arrival.
 */
const nextRecord = `SELECT i.tx_id::text, i.terminal, i.generation, i.sequence::float8 AS sequence, i.reference, i.key_id, i.encapsulated,
    i.ciphertext, i.tries, d.received_at
  FROM inbox i JOIN delivery d ON d.log_sequence = i.delivery
  WHERE i.state = 'received' AND i.key_id = ANY($1::text[]) AND NOT i.tx_id = ANY($2::uuid[])
    AND (i.try_after IS NULL OR i.try_after <= $3::timestamptz) AND NOT EXISTS (
    SELECT 1 FROM inbox e WHERE e.lane = i.lane AND e.state NOT IN ('executed', 'rejected') AND e.terminal = i.terminal AND e.tx_id <> i.tx_id
      AND CASE WHEN e.generation = i.generation AND e.sequence <> i.sequence THEN e.sequence < i.sequence ELSE e.arrival < i.arrival END)
  ORDER BY i.arrival LIMIT 1 FOR UPDATE OF i SKIP LOCKED`;

/**
 * Takes the next record and carries it out: effect and inbox row in one transaction. SKIP LOCKED lets several workers, in
 * one process or many, take different records; the row stays locked until it is settled. A record whose key is not here
 * waits for an instance that has it.
 * @param words what others said of records that were looked at before; each is used once
 */
export async function processNext(parts: ProcessParts, leaveOut: readonly string[], words: Map<string, Word>): Promise<Processed> {
  return await parts.database.transaction(async (queries) => {
    const [raw] = await queries.query(nextRecord, [parts.opening.keyIds, leaveOut, parts.now().toISOString()]);
    if (raw === undefined) return 'nothing_waits';
    const row = WaitingRow.parse(raw);
    try {
      const opened = await parts.opening.open({ ...row, txId: row.tx_id, keyId: row.key_id });
      const word = words.get(row.tx_id) ?? null;
      words.delete(row.tx_id);
      const opening = opened.ok ? await openCase(queries, parts, { row, word }, opened.value) : null;
      if (opening === 'postponed' || (opening !== null && typeof opening === 'object')) return opening;
      await queries.query('UPDATE inbox SET state = $2, quarantine_reason = $3, settled_at = $4::timestamptz WHERE tx_id = $1::uuid', [
        row.tx_id,
        opened.ok ? 'executed' : 'quarantined',
        opened.ok ? null : opened.error,
        parts.now().toISOString(),
      ]);
      return opened.ok ? 'executed' : 'quarantined';
    } catch (error) {
      throw new RecordFailed(row.tx_id, error);
    }
  });
}

/** The effect. A claim that its evidence does not bear becomes a case too, one that a person looks at: nothing is dropped. */
async function openCase(
  queries: Queries,
  parts: ProcessParts,
  { row, word }: { row: WaitingRow; word: Word | null },
  { content, json }: Opened,
): Promise<'opened' | 'postponed' | Extract<Processed, object>> {
  const at = timeOf(content.submittedAt, row.received_at);
  const verified = verifyContent(content, {
    roots: parts.roots,
    at,
    signInAccepted: await wasAccepted(queries, row.terminal, content.evidence?.signIn?.nonce ?? null),
  });
  if (content.consultation !== undefined) {
    await storeConsultation(queries, { ...row, consultation: content.consultation, verified });
    return 'opened';
  }
  if (content.profile !== undefined) {
    await executeChange(queries, { row, content, change: content.profile, verified, now: parts.now() });
    return 'opened';
  }
  const isAsked = verified.checks.document === 'proven' && content.evidence !== null && isToBeAsked(content.evidence);
  const signature = isAsked ? findTargets(content, parts.roots, at) : null;
  const acting = findActing(content, verified);
  if ((signature !== null || acting !== null) && word === null) return { ask: row.tx_id, about: { signature, acting } };
  const judged = isAsked ? judgeSignature(word?.signature ?? { status: 'unknown' }, { at, row, now: parts.now() }) : 'accepted';
  const mayAct = judgeActing(content, acting, word?.acting ?? null, { receivedAt: row.received_at, now: parts.now() });
  if (judged === 'postponed' || mayAct === 'postponed') {
    await postpone(queries, row, parts.now());
    return 'postponed';
  }
  const isUsed = await isDocumentUsed(queries, row.tx_id, verified);
  const attachments = content.attachments.length === 0 ? 'whole' : await parts.judgeAttachments(queries, content.attachments);
  const doubts: Doubt[] = [...verified.doubts];
  for (const one of [judged, mayAct]) if (one !== 'accepted' && one !== 'refused') doubts.push(one);
  const refusal = judged === 'refused' ? 'signature_revoked' : mayAct === 'refused' ? 'mandate_ended' : null;
  if (isUsed) doubts.push('document_used_before');
  if (attachments === 'broken') doubts.push('attachment_broken');
  if ((await parts.judgeAnswers?.(queries, content)) === 'wrong') doubts.push('answers_not_valid');
  if (parts.judgeItem?.(content, verified.holder) === 'not_theirs') doubts.push('item_not_theirs');
  const whole = attachments === 'waiting' ? 'awaiting_attachment' : doubts.length > 0 ? 'doubted' : 'open';
  await queries.query(
    `WITH opened AS (
       INSERT INTO cases (tx_id, product, content, opened_at, status, doubts, trust, checks, document_sha256, refusal, look_at, holder)
       VALUES ($1::uuid, $2, $3::text::jsonb, $4::timestamptz, $5, $6::text[], $7, $8::text::jsonb, $9::bytea, $10::text, $4::timestamptz, $12::text)
       ON CONFLICT (tx_id) DO NOTHING RETURNING case_id, status)
     INSERT INTO awaited SELECT attachment, case_id FROM opened, unnest($11::uuid[]) AS attachment WHERE status = 'awaiting_attachment'`,
    [
      row.tx_id,
      content.product,
      json,
      parts.now().toISOString(),
      refusal === null ? whole : 'refused',
      doubts,
      verified.trust,
      JSON.stringify({ ...verified.checks, ...(isAsked && { signature: word?.signature?.status ?? 'unknown' }) }),
      isUsed ? null : verified.documentSha256,
      refusal,
      [...new Set(content.attachments.map(({ id }) => id))],
      verified.holder,
    ],
  );
  return 'opened';
}

/** By its hash: whether this challenge was given to this terminal and answered well. */
async function wasAccepted(queries: Queries, terminal: string, nonce: string | null): Promise<boolean> {
  if (nonce === null) return false;
  const rows = await queries.query(`SELECT 1 FROM sign_in WHERE nonce_sha256 = $1 AND terminal = $2 AND outcome = 'accepted' LIMIT 1`, [
    hashNonce(nonce),
    terminal,
  ]);
  return rows.length > 0;
}

async function isDocumentUsed(queries: Queries, txId: string, { documentSha256 }: Verified): Promise<boolean> {
  if (documentSha256 === null) return false;
  const rows = await queries.query('SELECT 1 FROM cases WHERE document_sha256 = $1 AND tx_id <> $2::uuid', [documentSha256, txId]);
  return rows.length > 0;
}
