import type { Field } from '../../../contract/form.ts';
import { inLanguage, type Language } from '../../../contract/language.ts';
import type { FieldView, FormStep, PhotosView, ScreenView } from '../../../contract/view.ts';
import type { Form } from '../../forms/load-forms.ts';
import type { LineState } from '../../sync/sync.ts';
import type { Draft, Visit, VisitCard } from '../state.ts';
import { photoRoom, photosOf } from '../steps/take-photo.ts';
import { showFacts } from './show-facts.ts';

/** The check page is the last step. */
export function showStep(form: Form, page: number, language: Language): FormStep {
  return { form: form.id, title: inLanguage(form.title, language), at: page + 1, of: form.pages.length + 1 };
}

export function showQuestion(form: Form, draft: Draft, pageNumber: number, card: VisitCard | null, language: Language): ScreenView {
  const page = form.pages[pageNumber];
  if (!page) throw new Error('no such page');
  // A form is shown what its manifest lists, even when a page asks for more.
  const facts = page.facts.filter((fact) => form.reads.includes(fact));
  return {
    name: 'question',
    step: showStep(form, pageNumber, language),
    page: page.name,
    question: inLanguage(page.question, language),
    hint: page.hint ? inLanguage(page.hint, language) : null,
    facts: card ? showFacts(facts, card) : [],
    fields: page.fields.map((field) => showField(field, form, draft, language)),
  };
}

function showField(field: Field, form: Form, draft: Draft, language: Language): FieldView {
  const isPhoto = field.control === 'photo';
  const problem = draft.problems[field.name];
  const sentence = problem === 'wrong' ? (field.wrong ?? field.missing) : field.missing;
  return {
    name: field.name,
    control: field.control,
    keyboard: field.keyboard,
    label: inLanguage(field.label, language),
    hint: field.hint ? inLanguage(field.hint, language) : null,
    options: field.options?.map((option) => ({ value: option.value, label: inLanguage(option.label, language) })) ?? null,
    value: isPhoto ? '' : (draft.answers[field.name] ?? ''),
    error: problem ? inLanguage(sentence, language) : null,
    photos: isPhoto ? showPhotos(field.name, form, draft) : null,
  };
}

function showPhotos(field: string, form: Form, draft: Draft): PhotosView {
  const { photo } = draft;
  return {
    ids: photosOf(draft, field),
    needed: form.findProblems({}).missing.has(field),
    room: photoRoom(draft),
    sealing: photo?.stage === 'sealing' && photo.field === field,
    problem: photo?.stage === 'problem' && photo.field === field ? photo.problem : null,
  };
}

export function showCheck(
  form: Form,
  draft: Draft,
  { card, findings }: Pick<Visit, 'card' | 'findings'>,
  { language, line }: { language: Language; line: LineState['state'] },
  problem: Extract<ScreenView, { name: 'check' }>['problem'],
): ScreenView {
  return {
    name: 'check',
    step: showStep(form, form.pages.length, language),
    facts: card ? showFacts(form.reads, card) : [],
    answers: form.pages.flatMap((page) =>
      page.fields.map((field) => ({
        page: page.name,
        label: inLanguage(field.label, language),
        value: showAnswer(field, draft.answers[field.name] ?? '', language),
        control: field.control,
      })),
    ),
    whatNext: inLanguage(form.whatNext, language),
    requestOnly: showRequestOnly(form, findings.signIn !== null, language),
    pin: card ? showPinOffer(form, findings.signIn !== null, line) : null,
    signs: form.signs !== undefined && draft.signed === null,
    problem,
  };
}

/** Signing in asks the middleware, so without a line nobody is invited to it. */
function showPinOffer(form: Form, signedIn: boolean, line: LineState['state']): 'offered' | 'confirmed' | null {
  if (!form.pinConfirms) return null;
  if (signedIn) return 'confirmed';
  return line === 'down' ? null : 'offered';
}

/** Why it is a request only; null where nothing has to be confirmed, or the PIN has confirmed it. */
export function showRequestOnly(form: Form, signedIn: boolean, language: Language): string | null {
  if (!form.requestOnly || (form.pinConfirms && signedIn)) return null;
  return inLanguage(form.requestOnly, language);
}

/** A choice in its words; a date stays ISO and photos are counted, since the page formats them. */
export function showAnswer(field: Field, answer: string, language: Language): string {
  if (field.control === 'photo') return answer === '' ? '' : String(photosOf({ answers: { [field.name]: answer } }, field.name).length);
  const option = field.options?.find((candidate) => candidate.value === answer);
  return option ? inLanguage(option.label, language) : answer;
}
