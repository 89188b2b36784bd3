import type { Revocation } from '../../../contract/evidence.ts';
import type { Counter } from '../../sync/counter.ts';
import type { Asked } from '../state.ts';

/** Worst first: what is known of two certificates together is what is known of the worse one. */
const worstFirst: readonly Revocation['status'][] = ['revoked', 'unchecked', 'unknown', 'good'];

/**
 * Of the certificate that signs and of the authority that issued it: one that was revoked takes everybody of its with it.
 * Base64 DER.
 */
export async function askSignerRevocation(
  counter: Pick<Counter, 'askRevocation'>,
  { certificate, issuer }: { certificate: string; issuer: string },
): Promise<Asked> {
  const [ofPerson, ofAuthority] = await Promise.all([counter.askRevocation(certificate, issuer), counter.askRevocation(issuer, null)]);
  const told = [ofPerson, ofAuthority].flatMap((answer) => (answer.ok ? [answer.value] : []));
  const worst = worstFirst.flatMap((status) => told.filter((revocation) => revocation.status === status))[0];
  // One of two answers says nothing good, but a revocation is enough by itself.
  return worst && (told.length === 2 || worst.status === 'revoked') ? worst : 'no_line';
}
