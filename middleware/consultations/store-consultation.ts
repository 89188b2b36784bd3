import { isDeepStrictEqual } from 'node:util';
import type { Consultation } from '../../contract/consultation.ts';
import { keyOfSubject } from '../../contract/file.ts';
import { subjectOf } from '../roles/roles.ts';
import type { Queries } from '../store/database.ts';
import { timeOf, type Verified } from '../worker/verify-content.ts';

/** Why a terminal's word about a look is not known to be true. It is kept and shown all the same, and marked. */
export type ConsultationDoubt =
  /** The record carries no sign-in that was accepted here, for this terminal. */
  | 'not_signed_in'
  /** Somebody else signed in than the record says. */
  | 'somebody_else'
  /** The record came from another terminal than it says. */
  | 'other_terminal'
  /** It says another subject than the one in whose name it says that somebody acted. */
  | 'other_subject';

type Given = {
  tx_id: string;
  terminal: string;
  received_at: Date;
  consultation: Consultation;
  verified: Pick<Verified, 'checks' | 'holder'>;
};

/** What a terminal wrote down of a look at somebody's data: a row that nobody changes or deletes. */
export async function storeConsultation(queries: Queries, { tx_id, terminal, received_at, consultation, verified }: Given): Promise<void> {
  const { at, visit, role, by, subject, actingAs, purpose, sources, kinds } = consultation;
  await queries.query(
    `INSERT INTO consultation (told_by, tx_id, at, terminal, visit, role, looked_by, subject, acting_as, purpose, sources, kinds, doubts)
     VALUES ('terminal', $1::uuid, $2::timestamptz, $3, $4::uuid, $5, $6::text, $7, $8::text::jsonb, $9, $10::text[], $11::text[], $12::text[])
     ON CONFLICT (tx_id) DO NOTHING`,
    [
      tx_id,
      timeOf(at, received_at).toISOString(),
      terminal,
      visit,
      role,
      by,
      keyOfSubject(subject),
      JSON.stringify(actingAs),
      purpose,
      sources,
      kinds,
      judgeConsultation(consultation, { terminal, verified }),
    ],
  );
}

/** A clerk's or helper's own proof does not travel with a record, so what is said of them stays marked. */
export function judgeConsultation(
  { role, by, subject, actingAs, terminal: said }: Consultation,
  { terminal, verified: { checks, holder } }: Pick<Given, 'terminal' | 'verified'>,
): ConsultationDoubt[] {
  const isSignedIn = checks.signIn === 'proven' && holder !== null;
  const doubts: ConsultationDoubt[] = [];
  if (!isSignedIn || role === 'clerk' || role === 'helper') doubts.push('not_signed_in');
  if (isSignedIn && role === 'citizen' && by !== holder) doubts.push('somebody_else');
  if (said !== terminal) doubts.push('other_terminal');
  if (isSignedIn && !isDeepStrictEqual(subjectOf(holder, actingAs), subject)) doubts.push('other_subject');
  return doubts;
}
