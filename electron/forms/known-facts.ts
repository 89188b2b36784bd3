import { isDeepStrictEqual } from 'node:util';
import type { Answer, Answers } from '../../contract/answers.ts';
import type { RegisterFact, Role } from '../../contract/file.ts';
import type { Field, FormDefinition, Prefill } from '../../contract/form.ts';
import { findItemOf } from '../file/find-item.ts';
import type { SeenFile } from '../file/seen-file.ts';
import { contactOf, type SeenProfile } from '../profile/seen-profile.ts';
import type { Visit, VisitCard } from '../visit/state.ts';

/** What can be filled in for this person now, by where it comes from. */
export type KnownFacts = Partial<Record<Prefill, Answer>>;

/**
 * Of the card, and of profile, registers and file what the form's manifest draws. What this visit has not read is not known:
 * nothing is read for it that nobody asked for.
 */
export function factsFor(
  { draws }: Pick<FormDefinition, 'draws'>,
  { card, profile, file, acting, draft }: Pick<Visit, 'card' | 'profile' | 'file' | 'acting' | 'draft'>,
): KnownFacts {
  const item = draft?.item ? findItemOf(file, draft.item) : null;
  // How to reach whoever stands here, and where they live, is not how it is with whom they act for.
  const own: KnownFacts = acting ? factsOfRole(acting) : { ...factsOfProfile(profile), ...factsOfRegisters(file) };
  const others: KnownFacts = {
    ...own,
    ...(item?.number && { 'file.number': item.number }),
    ...(item && { 'file.title': inOneBox(item.title.nl) }),
  };
  const drawn = Object.entries(others).filter(([fact]) => draws.some((draw) => draw === fact));
  return { ...factsOfCard(card), ...Object.fromEntries(drawn) };
}

/** What is longer fits no box, and half of it would be something else. */
const longestLine = 120;

function inOneBox(text = ''): string {
  return text.length > longestLine ? '' : text;
}

/** Of whom the person acts for, as the middleware's sources named them. Whoever gave a mandate is nobody's child. */
function factsOfRole({ as, name }: Role): KnownFacts {
  if (as.kind === 'enterprise') return { 'register.enterpriseName': inOneBox(name), 'register.enterpriseNumber': as.enterpriseNumber };
  return as.kind === 'person' && as.basis !== 'mandate' ? { 'register.childName': inOneBox(name) } : {};
}

/** Every address and number that is in it was confirmed with a code. */
function factsOfProfile(profile: SeenProfile | null): KnownFacts {
  const [email, phone] = [contactOf(profile, 'email'), contactOf(profile, 'phone')];
  return { ...(email !== null && { 'profile.email': email }), ...(phone !== null && { 'profile.phone': phone }) };
}

/** The newest word of a register of the person: one that is stale or silent fills in nothing. */
function factsOfRegisters(file: SeenFile | null): KnownFacts {
  const found: { asOf: string; fact: RegisterFact }[] = [];
  for (const { state, asOf, items, info } of file?.sources.values() ?? []) {
    if (state !== 'fresh' || asOf === null || info.owner === 'partner') continue;
    for (const item of items) if (item.kind === 'register_data' && item.fact) found.push({ asOf, fact: item.fact });
  }
  const newest = found.sort((one, other) => (one.asOf < other.asOf ? -1 : 1));
  return Object.assign({}, ...newest.map(({ fact }) => answerOf(fact)));
}

function answerOf(fact: RegisterFact): KnownFacts {
  if (fact.fact === 'household_size') return { 'register.householdSize': fact.persons };
  const { fact: _, box, ...address } = fact;
  return { 'register.address': { ...address, ...(box !== undefined && { box }) } };
}

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
