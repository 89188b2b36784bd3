import type { Answer } from '../../../contract/answers.ts';
import type { Field, RowField } from '../../../contract/form.ts';
import { addDuration, dayInBelgium } from '../../../contract/forms/days.ts';
import { priceOf } from '../../../contract/forms/price.ts';
import { inLanguage, type Language } from '../../../contract/language.ts';
import type { FieldView, FormStep, PhotosView, RowsView, ScreenView, StreetsView } from '../../../contract/view.ts';
import { type KnownFacts, prefillOf, whoSaid } from '../../forms/known-facts.ts';
import type { Form } from '../../forms/load-forms.ts';
import { nameStreet } from '../../forms/read-answer.ts';
import { noText, sentences, sourceOf, yesText } from '../../forms/sentences.ts';
import { maskAnswer, remarkOn, sayAnswer, sayMoney, sayRow, writeTyped } from '../../forms/write-answer.ts';
import type { LineState } from '../../sync/sync.ts';
import type { Draft, Place, Visit, VisitCard, VisitRules } from '../state.ts';
import { nameOnGlass, rowsOf, shownPages } from '../steps/fill-form.ts';
import { photoRoom, photosOf } from '../steps/take-photo.ts';
import { showFacts } from './show-facts.ts';

/** `page`: its place in the definition; after the last one, the check page. Pages that are not asked do not count. */
export function showStep(form: Form, draft: Pick<Draft, 'answers'>, page: number, language: Language): FormStep {
  const pages = shownPages(form, draft);
  const at = pages.findIndex(({ index }) => index === page);
  const of = pages.length + 1;
  return { form: form.id, title: inLanguage(form.title, language), at: at < 0 ? of : at + 1, of };
}

/** Who looks at a question, and what there is to look up. */
export type Asking = { card: VisitCard | null; known: KnownFacts; language: Language; streets?: VisitRules['streets'] };

export function showQuestion(form: Form, draft: Draft, place: Extract<Place, { at: 'question' }>, asking: Asking): ScreenView {
  const { card, language } = asking;
  const shown = shownPages(form, draft).find(({ index }) => index === place.page);
  if (!shown) throw new Error('no such page');
  const { page } = shown;
  const row = place.row === undefined ? undefined : shown.fields[0];
  // A form is shown what its manifest lists, even when a page asks for more.
  const facts = row ? [] : page.facts.filter((fact) => form.reads.includes(fact));
  const drawn: Drawn = { form, draft, known: asking.known, asking };
  return {
    name: 'question',
    step: showStep(form, draft, place.page, language),
    page: nameOnGlass(shown, place),
    question: inLanguage(row?.repeat ? row.repeat.one : page.question, language),
    hint: page.hint && !row ? inLanguage(page.hint, language) : null,
    facts: card ? showFacts(facts, card) : [],
    fields: row?.repeat
      ? row.repeat.fields.map((field) => showField(field, rowsOf(draft.answers, row.name)[place.row ?? 0]?.[field.name], drawn))
      : shown.fields.map((field) => showField(field, draft.answers[field.name], drawn)),
    isRow: row !== undefined,
  };
}

type Drawn = { form: Form; draft: Draft; known: KnownFacts; asking: Asking };

function showField(field: Field | RowField, answer: Answer | undefined, { form, draft, known, asking }: Drawn): FieldView {
  const { language } = asking;
  // What is known stands in the box until the person has said something; pressing "next" is agreeing with it.
  const filled = answer === undefined && !draft.problems[field.name] ? prefillOf(field, known) : null;
  const said = filled?.answer ?? answer;
  const typed = writeTyped(field, said);
  const source = filled?.fact ?? whoSaid(field, draft.answers, known);
  return {
    name: field.name,
    control: field.control,
    keyboard: keyboards[field.control] ?? field.keyboard,
    label: inLanguage(field.label, language),
    hint: field.hint ? inLanguage(field.hint, language) : null,
    options: showOptions(field, language),
    value: typed[field.name] ?? '',
    parts: Object.fromEntries(
      Object.entries(typed).flatMap(([box, text]) => (box === field.name ? [] : [[box.slice(field.name.length + 1), text]])),
    ),
    source: source && sourceOf(source),
    masked: maskAnswer(field, said),
    error: showError(field, draft, language),
    photos: 'orDesk' in field && field.control === 'photo' ? showPhotos(field, form, draft) : null,
    ...(field.control === 'date' ? showDays(field, draft) : { days: [], calendar: null }),
    streets: field.control === 'address' || field.control === 'place' ? showStreets(field.name, draft, asking) : null,
    map: field.control === 'place' && asking.streets?.map ? { asOf: asking.streets.map.asOf } : null,
    rows: 'repeat' in field && field.repeat ? showRows(field, field.repeat, draft, language) : null,
  };
}

const keyboards: Partial<Record<Field['control'], FieldView['keyboard']>> = {
  date: 'digits',
  number: 'digits',
  amount: 'amount',
  enterprise: 'digits',
  establishment: 'digits',
  national_number: 'digits',
  phone: 'phone',
  email: 'email',
};

function showOptions({ control, options }: Pick<Field, 'control' | 'options'>, language: Language): FieldView['options'] {
  const yesNo = [
    { value: 'yes', label: yesText },
    { value: 'no', label: noText },
  ];
  return (control === 'yes_no' ? yesNo : options)?.map(({ value, label }) => ({ value, label: inLanguage(label, language) })) ?? null;
}

function showError(field: Field | RowField, { problems }: Draft, language: Language): string | null {
  const problem = problems[field.name];
  if (!problem) return null;
  if (problem === 'missing') return inLanguage(field.missing, language);
  // The form's own words know the question; the general ones know what exactly is wrong with a number or a day.
  const own = problem === 'wrong' || problem === 'not_asked' || problem === 'too_short' || problem === 'too_long' ? field.wrong : undefined;
  if (own || problem === 'wrong' || problem === 'not_asked') return inLanguage(own ?? field.missing, language);
  return inLanguage(sentences[problem], language);
}

/** Today, tomorrow and a calendar, for a day of these months: nobody looks up a birthday in one. */
function showDays({ range }: Pick<Field, 'range'>, { openedAt }: Draft): Pick<FieldView, 'days' | 'calendar'> {
  const today = dayInBelgium(openedAt);
  if (today === null || !range?.from || addDuration(today, range.from) < addDuration(today, '-P1Y')) return { days: [], calendar: null };
  const from = addDuration(today, range.from);
  const to = range.to ? addDuration(today, range.to) : null;
  const days = [
    { name: 'today' as const, day: today },
    { name: 'tomorrow' as const, day: addDuration(today, 'P1D') },
  ];
  return { days: days.filter(({ day }) => day >= from && (to === null || day <= to)), calendar: { today, from, to } };
}

function showPhotos({ name, orDesk }: Field, form: Form, draft: Draft): PhotosView {
  const { photo } = draft;
  const chosen = draft.answers[name] === 'to-desk';
  return {
    ids: photosOf(draft, name),
    needed: Array.isArray(form.schema.required) && form.schema.required.includes(name),
    room: photoRoom(draft),
    sealing: photo?.stage === 'sealing' && photo.field === name,
    problem: photo?.stage === 'problem' && photo.field === name ? photo.problem : null,
    desk: orDesk ? (chosen ? 'chosen' : 'offered') : null,
  };
}

function showStreets(field: string, { streets }: Draft, { language, streets: copy }: Asking): StreetsView | null {
  if (!copy?.finder) return null;
  const mine = streets?.field === field ? streets : undefined;
  const found = (mine?.found ?? []).map((street) => ({ id: street.id, ...nameStreet(street, language), postalCode: street.postalCode }));
  return { asOf: copy.finder.asOf, typed: mine?.text ?? null, found };
}

function showRows(field: Field, repeat: NonNullable<Field['repeat']>, draft: Draft, language: Language): RowsView {
  const rows = rowsOf(draft.answers, field.name).map((row) => sayRow(field, row, language));
  const say = { one: inLanguage(repeat.one, language), add: inLanguage(repeat.add, language), none: inLanguage(repeat.none, language) };
  return { rows, room: Math.max(0, repeat.max - rows.length), ...say };
}

export function showCheck(
  form: Form,
  draft: Draft,
  { card, findings }: Pick<Visit, 'card' | 'findings'>,
  { known, language, line }: Pick<Asking, 'known' | 'language'> & { line: LineState['state'] },
  problem: Extract<ScreenView, { name: 'check' }>['problem'],
): ScreenView {
  const cents = priceOf(form, draft.answers);
  return {
    name: 'check',
    step: showStep(form, draft, form.pages.length, language),
    facts: card ? showFacts(form.reads, card) : [],
    answers: shownPages(form, draft).flatMap(({ page, fields }) =>
      fields.map((field) => {
        const answer = draft.answers[field.name];
        const fact = whoSaid(field, draft.answers, known);
        return {
          page: page.name,
          label: inLanguage(field.label, language),
          value: sayAnswer(field, answer, language),
          control: field.control,
          source: fact && sourceOf(fact),
          remark: remarkOn(field, answer, language),
        };
      }),
    ),
    price: cents > 0 ? sayMoney(cents, language) : null,
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
