import type { CheckView, SignerChecked } from '../../../contract/view.ts';
import type { LineState } from '../../sync/sync.ts';
import type { Asked, Findings, VisitCard } from '../state.ts';

/** What was checked about a card, as statements. Whatever was not looked at is said as such. */
export function showChecks({ identity, proof }: VisitCard, { revocation, chip }: Findings, line: LineState['state']): CheckView[] {
  const validity = { valid: 'proven', expired: 'not_proven', not_yet: 'not_yet', unknown: 'unchecked' } as const;
  const day = proof.validity === 'not_yet' ? identity.validFrom : identity.validUntil;
  return [
    { check: 'issuer', outcome: proof.issuer === 'other_time' ? 'not_proven' : proof.issuer, at: null },
    { check: 'identity', outcome: proof.identity, at: null },
    { check: 'address', outcome: proof.address, at: null },
    { check: 'photo', outcome: proof.photo, at: null },
    { check: 'validity', outcome: validity[proof.validity], at: day.date },
    { check: 'revocation', ...showRevocation(revocation, line) },
    ...(chip ? [{ check: 'chip' as const, outcome: chip.outcome, at: null }] : []),
  ];
}

/** Not answered yet: without a line no answer will come. */
function showRevocation(revocation: Findings['revocation'], line: LineState['state']): Pick<CheckView, 'outcome' | 'at'> {
  if (revocation === null) return { outcome: line === 'down' ? 'offline' : 'pending', at: null };
  if (revocation === 'no_line') return { outcome: 'offline', at: null };
  switch (revocation.status) {
    case 'good':
      return { outcome: 'proven', at: revocation.asOf };
    case 'revoked':
      return { outcome: 'not_proven', at: revocation.asOf };
    case 'unknown':
      return { outcome: 'unknown', at: null };
    case 'unchecked':
      return { outcome: 'no_answer', at: null };
  }
}

/** Of the certificate that signs; a revoked one never comes to a document. */
export function showSignerChecked(asked: Asked): SignerChecked {
  if (asked === 'no_line') return 'offline';
  if (asked.status === 'good') return 'good';
  return asked.status === 'unchecked' ? 'no_answer' : 'unknown';
}
