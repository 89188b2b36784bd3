import { isDeepStrictEqual } from 'node:util';
import type { Answer, Answers, Typed } from '../../../contract/answers.ts';
import type { Field, RowField } from '../../../contract/form.ts';
import type { Problem, Problems } from '../../../contract/forms/compile-form.ts';
import { dayInBelgium } from '../../../contract/forms/days.ts';
import { type ShownPage, walkShown } from '../../../contract/forms/shown.ts';
import { type KnownFacts, prefillOf } from '../../forms/known-facts.ts';
import type { Form } from '../../forms/load-forms.ts';
import { type Reading, readAnswer } from '../../forms/read-answer.ts';
import { maskAnswer } from '../../forms/write-answer.ts';
import type { Draft, Place } from '../state.ts';

/** A form, what was answered, and where the person stands in it. */
export type Walk = { form: Form; draft: Draft; place: Place };

export type Row = Record<string, Answer>;

/**
 * What reading a page needs to know: where streets are looked up first, and what can be filled in for this person. `here`: the
 * NIS code of this terminal's town.
 */
export type PageReading = Reading & { near: string; here: string; known: KnownFacts };

export function hasAnswers(draft: Draft | null): boolean {
  return draft !== null && Object.keys(draft.answers).length > 0;
}

/** The pages that these answers ask for. */
export function shownPages(form: Form, { answers }: Pick<Draft, 'answers'>): ShownPage[] {
  return walkShown(form, answers).pages;
}

/** Of all that is asked by now. */
export function problemsOf(form: Form, draft: Pick<Draft, 'answers' | 'openedAt'>): Problems {
  return form.findProblems(walkShown(form, draft.answers).answers, dayInBelgium(draft.openedAt));
}

/** Takes the answers of one page. Those that do not fit stay on the page, with what is wrong; nothing typed is lost. */
export function answerPage(walk: Walk, pageName: string, typed: Typed, reading: PageReading): Walk {
  const shown = pageOnGlass(walk);
  const { place } = walk;
  // An answer to a page that is not on the glass came late or from elsewhere.
  if (!shown || place.at !== 'question' || nameOnGlass(shown, place) !== pageName) return walk;
  if (place.row !== undefined) return answerRow(walk, shown, place.row, typed, reading);
  const answers = takeAnswers(walk.draft.answers, shown.fields, typed, reading);
  const draft = withAnswers(walk.draft, answers);
  const found = problemsOf(walk.form, draft);
  const problems = {
    ...findOtherTowns(shown.fields, answers, reading),
    ...pick(
      found,
      shown.fields.map(({ name }) => [name, name]),
    ),
  };
  if (Object.keys(problems).length > 0) return { ...walk, draft: { ...draft, problems } };
  return { ...walk, draft, place: placeAfter(walk.form, draft, place, found) };
}

/** By the postal code alone: how somebody spells a place keeps nobody from anything. */
function findOtherTowns(fields: readonly Field[], answers: Readonly<Answers>, { streets, here }: PageReading): Record<string, Problem> {
  const isElsewhere = ({ name, inTown }: Field) => {
    const answer = answers[name];
    const address = inTown && typeof answer === 'object' && !Array.isArray(answer) && 'postalCode' in answer ? answer : null;
    return address !== null && streets?.isIn(String(address.postalCode), here) === false;
  };
  return Object.fromEntries(fields.filter(isElsewhere).map(({ name }) => [name, 'other_town']));
}

/** The next page that is asked. While changing, what the change made necessary comes before the check page. */
function placeAfter(form: Form, draft: Draft, place: Extract<Place, { at: 'question' }>, found: Problems): Place {
  const pages = shownPages(form, draft);
  const next = place.changing
    ? pages.find(({ fields }) => fields.some(({ name }) => found.has(name)))
    : pages.find(({ index }) => index > place.page);
  return next ? { at: 'question', page: next.index, changing: place.changing } : { at: 'check', problem: null };
}

/** One page back; from the first page to the catalogue, from the check page to the last question, from a row to its list. */
export function goBack(walk: Walk): Walk {
  const { place, form } = walk;
  const draft: Draft = { ...walk.draft, problems: {}, photo: null, streets: undefined };
  const pages = shownPages(form, draft);
  if (place.at === 'check') return { ...walk, draft, place: questionAt(pages.at(-1)) };
  if (place.at !== 'question') return walk;
  if (place.row !== undefined) return { ...walk, draft, place: listOf(place) };
  if (place.changing) return { ...walk, draft, place: { at: 'check', problem: null } };
  return { ...walk, draft, place: questionAt(pages.findLast(({ index }) => index < place.page)) };
}

function questionAt(shown: ShownPage | undefined): Place {
  return shown ? { at: 'question', page: shown.index, changing: false } : { at: 'catalogue' };
}

function listOf({ page, changing }: Extract<Place, { at: 'question' }>): Place {
  return { at: 'question', page, changing };
}

/** To change an answer on the check page: only of what is asked. */
export function changePage(walk: Walk, pageName: string): Walk {
  const shown = shownPages(walk.form, walk.draft).find(({ page }) => page.name === pageName);
  return shown && walk.place.at === 'check' ? { ...walk, place: { at: 'question', page: shown.index, changing: true } } : walk;
}

/** Onto one of the list, or a new one where there is room. */
export function openRow(walk: Walk, pageName: string, row: number): Walk {
  const list = listOnGlass(walk, pageName);
  if (!list || row > list.rows.length || row >= list.max) return walk;
  return { ...walk, draft: { ...walk.draft, problems: {} }, place: { ...list.place, row } };
}

export function removeRow(walk: Walk, pageName: string, row: number): Walk {
  const list = listOnGlass(walk, pageName);
  if (!list || row >= list.rows.length) return walk;
  const rows = list.rows.filter((_, index) => index !== row);
  return { ...walk, draft: withAnswers(walk.draft, withRows(walk.draft.answers, list.field.name, rows)) };
}

function listOnGlass(walk: Walk, pageName: string) {
  const { place } = walk;
  const shown = pageOnGlass(walk);
  const field = shown?.fields[0];
  if (place.at !== 'question' || place.row !== undefined || shown?.page.name !== pageName || !field?.repeat) return null;
  return { place, field, max: field.repeat.max, rows: rowsOf(walk.draft.answers, field.name) };
}

export function rowsOf(answers: Readonly<Answers>, field: string): Row[] {
  const rows = answers[field];
  return Array.isArray(rows) ? (rows as unknown[]).filter((row): row is Row => typeof row === 'object' && row !== null) : [];
}

function withRows(answers: Readonly<Answers>, field: string, rows: readonly Row[]): Answers {
  const { [field]: _, ...others } = answers;
  return rows.length === 0 ? others : { ...others, [field]: [...rows] as Answers[string] };
}

/** A row that does not fit is kept nowhere but in its boxes: the list holds only what is right. */
function answerRow(walk: Walk, shown: ShownPage, row: number, typed: Typed, reading: PageReading): Walk {
  const field = shown.fields[0];
  if (walk.place.at !== 'question' || !field?.repeat) return walk;
  const rows = rowsOf(walk.draft.answers, field.name);
  const taken: Row = takeAnswers(rows[row] ?? {}, field.repeat.fields, typed, reading);
  const draft = withAnswers(walk.draft, withRows(walk.draft.answers, field.name, replaceAt(rows, row, taken)));
  const found = problemsOf(walk.form, draft);
  const problems = pick(
    found,
    field.repeat.fields.map(({ name }) => [`${field.name}/${row}/${name}`, name]),
  );
  if (Object.keys(problems).length > 0) return { ...walk, draft: { ...walk.draft, problems } };
  return { ...walk, draft, place: listOf(walk.place) };
}

function replaceAt(rows: readonly Row[], at: number, row: Row): Row[] {
  return [...rows.slice(0, at), row, ...rows.slice(at + 1)];
}

/** What the register has for a street that is being typed, for the box that is on the glass. */
export function findStreet(walk: Walk, asked: { page: string; field: string; text: string }, { streets, near }: PageReading): Walk {
  const shown = pageOnGlass(walk);
  if (!streets || shown?.page.name !== asked.page) return walk;
  const field = shown.fields.find(({ name }) => name === asked.field);
  if (field?.control !== 'address' && field?.control !== 'place') return walk;
  return { ...walk, draft: { ...walk.draft, streets: { field: asked.field, text: asked.text, found: streets.find(asked.text, near) } } };
}

function pageOnGlass({ form, draft, place }: Walk): ShownPage | undefined {
  return place.at === 'question' ? shownPages(form, draft).find(({ index }) => index === place.page) : undefined;
}

/** `members/0`: one of a list has a name of its own, so that an answer never lands in another. */
export function nameOnGlass({ page }: Pick<ShownPage, 'page'>, { row }: { row?: number }): string {
  return row === undefined ? page.name : `${page.name}/${row}`;
}

/** What was signed is what was answered then. */
function withAnswers(draft: Draft, answers: Answers): Draft {
  const signed = isDeepStrictEqual(answers, draft.answers) ? draft.signed : null;
  return { ...draft, answers, signed, problems: {}, photo: null, streets: undefined };
}

function takeAnswers<A extends Answers | Row>(before: A, fields: readonly (Field | RowField)[], typed: Typed, reading: PageReading): A {
  const after: Record<string, unknown> = { ...before };
  for (const field of fields) {
    const { name, control } = field;
    const answer = readAnswer(field, typed, reading);
    // A list is changed row by row; photos main knows by itself, until somebody would rather bring the paper.
    if (control === 'repeat' || (control === 'photo' && answer === undefined && typed[name] === undefined)) continue;
    if (control === 'photo' && Array.isArray(before[name]) && answer === undefined) continue;
    // A number that is not shown again stays, unless another is typed.
    const hidden = before[name] ?? prefillOf(field, reading.known)?.answer;
    if (answer === undefined && hidden !== undefined && maskAnswer(field, hidden) !== null) {
      after[name] = hidden;
      continue;
    }
    if (answer === undefined) delete after[name];
    else after[name] = answer;
  }
  return after as A;
}

function pick(found: Problems, names: readonly (readonly [string, string])[]): Record<string, Problem> {
  return Object.fromEntries(
    names.flatMap(([name, as]) => {
      const problem = found.get(name);
      return problem ? [[as, problem]] : [];
    }),
  );
}
