import type { Attachment } from '../../contract/attachment.ts';
import type { Evidence } from '../../contract/evidence.ts';
import type { CardFact } from '../../contract/form.ts';
import { priceOf } from '../../contract/forms/price.ts';
import { walkShown } from '../../contract/forms/shown.ts';
import type { Language } from '../../contract/language.ts';
import { communicationOf } from '../../contract/payment.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { TransactionContent } from '../../contract/transaction.ts';
import { reaches } from '../../contract/trust.ts';
import { asEvidence, type Draft, type Visit, type VisitCard } from '../visit/state.ts';
import { problemsOf } from '../visit/steps/fill-form.ts';
import { trustOf } from '../visit/steps/step-visit.ts';
import { photosOf } from '../visit/steps/take-photo.ts';
import type { Form } from './load-forms.ts';

/** `answers_invalid` and `trust_too_low` cannot come from the pages: only from a renderer that was tampered with. */
export type TransactionRefusal = 'no_draft' | 'answers_invalid' | 'trust_too_low';

/**
 * What is sent, from the visit alone: who it concerns comes from the card that main read, never from the renderer, and
 * holds no more than the form's manifest lists. Without a need for a card, nothing of the card travels.
 */
export function makeTransaction(input: {
  visit: Visit;
  form: Form;
  municipalityCode: string;
  language: Language;
  submittedAt: Date;
}): Result<TransactionContent, TransactionRefusal> {
  const { visit, form } = input;
  const { draft } = visit;
  if (!draft) return refuse('no_draft');
  // A page that is not asked any more is not sent.
  const { answers } = walkShown(form, draft.answers);
  if (problemsOf(form, draft).size > 0 || Object.keys(draft.answers).some((name) => !isField(form, name))) return refuse('answers_invalid');
  if (!reaches(draft.signed ? 'signed' : trustOf(visit), form.trust)) return refuse('trust_too_low');
  const card = form.trust === 'anonymous' ? null : visit.card;
  const cents = priceOf(form, answers);
  return ok(
    TransactionContent.parse({
      txId: draft.txId,
      reference: draft.reference,
      product: draft.product,
      form: { id: form.id, version: form.version },
      municipalityCode: input.municipalityCode,
      language: input.language,
      trust: card ? (draft.signed ? 'signed' : trustOf(visit)) : 'anonymous',
      provisional: visit.findings.signIn === null,
      person: card ? takePerson(card, form.reads) : null,
      answers,
      ...(cents > 0 && { payment: { cents, communication: communicationOf(draft.reference) } }),
      ...(form.answersItem.length > 0 && nameItem(draft.item)),
      proof: card?.proof ?? null,
      evidence: card ? takeEvidence(card, visit) : null,
      // Without the card nobody is named, so nobody acts for anybody either.
      ...(card && visit.acting && { actingAs: visit.acting.as }),
      attachments: takePhotos(form, { ...draft, answers }),
      openedAt: draft.openedAt,
      submittedAt: input.submittedAt.toISOString(),
    }),
  );
}

function isField({ pages }: Form, name: string): boolean {
  return pages.some(({ fields }) => fields.some((field) => field.name === name));
}

/** Everything that the trust rests on, so that the middleware can verify it again. */
export function takeEvidence(card: VisitCard, { findings, draft }: Visit): Evidence {
  return {
    card: card.evidence,
    registerRevocation: asEvidence(findings.revocation),
    // What the chip answered for another transaction of this visit proves nothing for this one.
    chip: findings.chip?.txId === draft?.txId ? (findings.chip?.evidence ?? null) : null,
    signIn: findings.signIn,
    signed: draft?.signed?.document ?? null,
    signatureRevocation: draft?.signed ? asEvidence(draft.signed.revocation) : null,
  };
}

/** In the order of the form and of the taking; named after their field, so that nobody who reads the case looks for a page that was taken back. */
function takePhotos({ pages }: Form, draft: Draft): Attachment[] {
  const fields = pages.flatMap((page) => page.fields).filter(({ control }) => control === 'photo');
  return fields.flatMap(({ name }) =>
    photosOf(draft, name).flatMap((id, index) => {
      const attachment = draft.attachments.find((one) => one.id === id);
      return attachment ? [{ ...attachment, name: `${name}-${index + 1}.jpg` }] : [];
    }),
  );
}

function takePerson({ identity, address }: VisitCard, reads: readonly CardFact[]): TransactionContent['person'] {
  const may = (fact: CardFact) => reads.includes(fact);
  return {
    ...(may('name') && { surname: identity.surname, firstNames: identity.firstNames }),
    ...(may('birth') && { birthDate: identity.birthDate, birthPlace: identity.birthPlace }),
    ...(may('nationality') && { nationality: identity.nationality }),
    ...(may('nationalNumber') && { nationalNumber: identity.nationalNumber }),
    ...(may('address') && { address }),
  };
}

/** Only with the middleware's word: without it nobody would believe that it is this person's. */
function nameItem(item: Draft['item']): Pick<TransactionContent, 'answersItem'> {
  return item?.proof === undefined ? {} : { answersItem: { source: item.source, id: item.id, proof: item.proof } };
}
