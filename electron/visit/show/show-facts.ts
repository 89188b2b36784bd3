import type { CardFact } from '../../../contract/form.ts';
import type { CardAddress, Identity } from '../../../contract/identity.ts';
import { unreachable } from '../../../contract/result.ts';
import type { FactView } from '../../../contract/view.ts';

/** "Lotte V••••": enough to see that it is you, too little for who looks over a shoulder. */
export function maskName(identity: Identity): string {
  const first = identity.firstNames.split(' ')[0] ?? '';
  const initial = [...identity.surname][0] ?? '';
  return `${first} ${initial}••••`.trim();
}

/** `••.••.••-•••.41`. */
export function maskNationalNumber(number: string): { masked: string; ends: string } {
  const ends = number.slice(-2);
  return { masked: `••.••.••-•••.${ends}`, ends };
}

/** The facts a page asks for, as far as they have been read; an address still on its way is left out. */
export function showFacts(facts: readonly CardFact[], card: { identity: Identity; address: CardAddress | null }): FactView[] {
  return facts.flatMap((fact) => {
    const value = showFact(fact, card.identity, card.address);
    return value ? [{ fact, value, source: 'card' as const }] : [];
  });
}

function showFact(fact: CardFact, identity: Identity, address: CardAddress | null): FactView['value'] | null {
  switch (fact) {
    case 'name':
      return { kind: 'text', lines: [[identity.firstNames, identity.surname].filter(Boolean).join(' ')] };
    case 'birth':
      return { kind: 'birth', date: identity.birthDate, place: identity.birthPlace };
    case 'nationality':
      return { kind: 'text', lines: [identity.nationality] };
    case 'address':
      return address ? { kind: 'text', lines: [address.streetAndNumber, `${address.postalCode} ${address.municipality}`.trim()] } : null;
    case 'nationalNumber':
      return { kind: 'masked_number', ...maskNationalNumber(identity.nationalNumber) };
    default:
      return unreachable(fact);
  }
}
