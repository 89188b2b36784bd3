import { isDeepStrictEqual } from 'node:util';
import type { Answers, FormPage } from '../../../contract/form.ts';
import type { Form } from '../../forms/load-forms.ts';
import type { Draft, Place } from '../state.ts';

/** A form, what was answered, and where the person stands in it. */
export type Walk = { form: Form; draft: Draft; place: Place };

export function hasAnswers(draft: Draft | null): boolean {
  return draft !== null && Object.keys(draft.answers).length > 0;
}

/** Takes the answers of one page. Those that do not fit stay on the page, with what is wrong; nothing typed is lost. */
export function answerPage(walk: Walk, pageName: string, given: Answers): Walk {
  const { place } = walk;
  if (place.at !== 'question') return walk;
  const page = walk.form.pages[place.page];
  // An answer to a page that is not on the glass came late or from elsewhere.
  if (!page || page.name !== pageName) return walk;
  const answers = takeAnswers(walk.draft.answers, page, given);
  const problems = problemsOn(page, walk.form, answers);
  // What was signed is what was answered then.
  const signed = isDeepStrictEqual(answers, walk.draft.answers) ? walk.draft.signed : null;
  const draft = { ...walk.draft, answers, problems, signed, photo: null };
  if (Object.keys(problems).length > 0) return { ...walk, draft };
  const last = place.changing || place.page + 1 >= walk.form.pages.length;
  return { ...walk, draft, place: last ? { at: 'check', problem: null } : { at: 'question', page: place.page + 1, changing: false } };
}

/** One page back; from the first page to the catalogue, from the check page to the last question. */
export function goBack(walk: Walk): Walk {
  const { place } = walk;
  const draft = { ...walk.draft, problems: {}, photo: null };
  if (place.at === 'check') return { ...walk, draft, place: { at: 'question', page: walk.form.pages.length - 1, changing: false } };
  if (place.at !== 'question') return walk;
  if (place.changing) return { ...walk, draft, place: { at: 'check', problem: null } };
  return { ...walk, draft, place: place.page > 0 ? { at: 'question', page: place.page - 1, changing: false } : { at: 'catalogue' } };
}

/** A person's words without what no person sees: control characters, halves of characters, marks without a letter. */
function clean(text: string): string {
  const visible = text
    .normalize('NFC')
    .replaceAll(/[^\P{C}\n]/gu, '')
    .trim();
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(visible) ? visible : '';
}

function takeAnswers(before: Answers, page: FormPage, given: Answers): Answers {
  const after = { ...before };
  for (const { name, control } of page.fields) {
    // What was photographed main knows by itself.
    if (control === 'photo') continue;
    const value = clean(given[name] ?? '');
    if (value === '') delete after[name];
    else after[name] = value;
  }
  return after;
}

function problemsOn(page: FormPage, form: Form, answers: Answers): Record<string, 'missing' | 'wrong'> {
  const found = form.findProblems(answers);
  const problems: Record<string, 'missing' | 'wrong'> = {};
  for (const { name } of page.fields) {
    if (found.missing.has(name)) problems[name] = 'missing';
    else if (found.wrong.has(name)) problems[name] = 'wrong';
  }
  return problems;
}
