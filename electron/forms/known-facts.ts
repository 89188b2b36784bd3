import { isDeepStrictEqual } from 'node:util';
import type { Answer, Answers } from '../../contract/answers.ts';
import type { Field, Prefill } from '../../contract/form.ts';
import type { VisitCard } from '../visit/state.ts';

/** What can be filled in for this person now, by where it comes from. */
export type KnownFacts = Partial<Record<Prefill, Answer>>;

/** Of the card: proven, and in the shape of an answer. */
export function factsOfCard(card: Pick<VisitCard, 'identity' | 'address'> | null): KnownFacts {
  if (!card) return {};
  const { identity, address } = card;
  const { year, month, day } = identity.birthDate;
  const isWhole = month !== null && day !== null;
  return {
    'card.name': [identity.firstNames, identity.surname].filter(Boolean).join(' '),
    ...(isWhole && { 'card.birth': [year, pad(month), pad(day)].join('-') }),
    'card.nationality': identity.nationality,
    'card.nationalNumber': identity.nationalNumber,
    ...(address && {
      'card.address': {
        street: address.parts?.street ?? address.streetAndNumber,
        number: address.parts?.houseNumber ?? '',
        ...(address.parts?.box && { box: address.parts.box }),
        postalCode: address.postalCode,
        municipality: address.municipality,
      },
    }),
  };
}

/** The first of the places that a field may be filled in from where something is known. */
export function prefillOf({ prefill }: Pick<Field, 'prefill'>, known: KnownFacts): { fact: Prefill; answer: Answer } | null {
  for (const fact of prefill) {
    const answer = known[fact];
    if (answer !== undefined && answer !== '') return { fact, answer };
  }
  return null;
}

/** Where an answer comes from: from a fact as long as it is still what that fact says, else from the person. */
export function whoSaid(field: Pick<Field, 'name' | 'prefill'>, answers: Readonly<Answers>, known: KnownFacts): Prefill | null {
  const filled = prefillOf(field, known);
  return filled && isDeepStrictEqual(filled.answer, answers[field.name]) ? filled.fact : null;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
