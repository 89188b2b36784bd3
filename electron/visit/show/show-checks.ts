import type { CheckView } from '../../../contract/view.ts';
import type { LineState } from '../../sync/sync.ts';
import type { Findings, VisitCard } from '../state.ts';

/** What was checked about a card, as statements. Whatever was not looked at is said as such. */
export function showChecks({ identity, proof }: VisitCard, { revocation, chip }: Findings, line: LineState['state']): CheckView[] {
  const validity = { valid: 'proven', expired: 'not_proven', not_yet: 'not_proven', unknown: 'unchecked' } as const;
  return [
    { check: 'issuer', outcome: proof.issuer, at: null },
    { check: 'identity', outcome: proof.identity, at: null },
    { check: 'address', outcome: proof.address, at: null },
    { check: 'photo', outcome: proof.photo, at: null },
    { check: 'validity', outcome: validity[proof.validity], at: identity.validUntil.date },
    { check: 'revocation', ...showRevocation(revocation, line) },
    ...(chip ? [{ check: 'chip' as const, outcome: chip.outcome, at: null }] : []),
  ];
}

function showRevocation(revocation: Findings['revocation'], line: LineState['state']): Pick<CheckView, 'outcome' | 'at'> {
  switch (revocation?.status) {
    case 'good':
      return { outcome: 'proven', at: revocation.asOf };
    case 'revoked':
      return { outcome: 'not_proven', at: revocation.asOf };
    case 'unknown':
      return { outcome: 'unchecked', at: null };
    default:
      // Asked and not answered, or on its way: without a line it will not come.
      return { outcome: revocation || line === 'down' ? 'offline' : 'unchecked', at: null };
  }
}
