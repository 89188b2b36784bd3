import type { Answers } from '../../../contract/answers.ts';
import { type Condition, fieldsOf } from '../../../contract/condition.ts';
import { type Field, FormDefinition } from '../../../contract/form.ts';
import { compileForm } from '../../../contract/forms/compile-form.ts';
import { textsOf } from '../../../contract/forms/find-faults.ts';
import { createValidator } from '../../../contract/forms/formats.ts';
import { walkShown } from '../../../contract/forms/shown.ts';
import { Language } from '../../../contract/language.ts';
import { findFormal, findHardWords, findInformal, findLongSentences } from './plain-words.ts';

export type Finding = { level: 'error' | 'warning'; rule: string; where: string; what: string };

const profile = { testNumbers: false };

/** Everything that is wrong with a definition, and everything that makes it hard to read. Nothing is thrown, whatever comes in. */
export function lintForm(definition: unknown): Finding[] {
  const compiled = compileForm(definition, createValidator(profile), profile);
  const texts = textsOf(definition);
  return [
    ...(compiled.ok ? [] : refusalsOf(compiled.error)),
    ...texts.flatMap(({ path, text }) => missingLanguages(path, text)),
    ...findUnreachable(definition),
    ...texts.flatMap(({ path, text }) => plainWords(path, text)),
  ];
}

type Refusal = Extract<ReturnType<typeof compileForm>, { ok: false }>['error'];

function refusalsOf(refusal: Refusal): Finding[] {
  switch (refusal.at) {
    case 'shape':
      return refusal.issues.map((what) => error(ruleOf(what), what.split(':')[0] ?? '', what));
    case 'meaning':
      return refusal.faults.map(({ fault, where }) => error(fault, where, sentences[fault] ?? fault));
    case 'schema':
      return [error('schema', 'schema', refusal.message)];
  }
}

/** The faults of the shape that have a name of their own. */
function ruleOf(issue: string): string {
  if (/\/control:/.test(issue)) return 'unknown_widget';
  if (/^trustReason/.test(issue)) return 'trust_without_reason';
  if (/^pages\/\d+\/fields:/.test(issue)) return 'question_without_field';
  return 'shape';
}

const sentences: Partial<Record<string, string>> = {
  cyclic_condition: 'is asked only after an answer that itself waits for this one',
  forward_condition: 'a condition looks at an answer that comes later, or on the same page',
  unknown_condition: 'a condition looks at a field that is not there',
  condition_never: 'a condition waits for an answer that nobody can give',
  prefill_not_listed: 'is filled in from what the manifest (reads, draws) does not list',
  field_without_rule: 'is asked and has no rule in the schema',
  rule_without_field: 'has a rule in the schema and is never asked',
  not_alone: 'photographs and lists have a page for themselves',
};

function missingLanguages(path: string, text: Readonly<Record<string, string | undefined>>): Finding[] {
  const missing = Language.options.filter((language) => (text[language] ?? '').trim() === '');
  return missing.map((language) => error('missing_translation', path, `nothing in ${language}`));
}

/** A page whose condition no combination of answers meets. */
function findUnreachable(definition: unknown): Finding[] {
  const parsed = FormDefinition.safeParse(definition);
  if (!parsed.success) return [];
  const { pages } = parsed.data;
  const fields = new Map(pages.flatMap((page) => page.fields.map((field) => [field.name, { field, page }] as const)));
  return pages.flatMap((page) => {
    if (!page.showIf) return [];
    const looked = looksAt(page.showIf, fields);
    const all = combinations([...looked].flatMap((name) => (fields.get(name) ? [fields.get(name)?.field as Field] : [])));
    const reached =
      all === null || all.some((answers) => walkShown({ pages }, answers).pages.some((shown) => shown.page.name === page.name));
    return reached ? [] : [error('unreachable_page', page.name, 'no answers lead to this page')];
  });
}

type Placed = { field: Field; page: { showIf?: Condition | undefined } };

/** Every field that a condition depends on, through the conditions of those fields too. */
function looksAt(condition: Condition, fields: ReadonlyMap<string, Placed>, seen = new Set<string>()): Set<string> {
  for (const name of fieldsOf(condition)) {
    if (seen.has(name)) continue;
    seen.add(name);
    const placed = fields.get(name);
    for (const inner of [placed?.page.showIf, placed?.field.showIf]) if (inner) looksAt(inner, fields, seen);
  }
  return seen;
}

const enough = 20_000;

/** Every way to answer these fields; null: too many to try. A field of free text is left unanswered. */
function combinations(fields: readonly Field[]): Answers[] | null {
  let all: Answers[] = [{}];
  for (const field of fields) {
    const values = valuesOf(field);
    if (all.length * (values.length + 1) > enough) return null;
    all = all.flatMap((answers) => [answers, ...values.map((value) => ({ ...answers, [field.name]: value }) as Answers)]);
  }
  return all;
}

function valuesOf({ control, options }: Field): (string | boolean | string[])[] {
  if (control === 'yes_no') return [true, false];
  if (control === 'choice') return options?.map(({ value }) => value) ?? [];
  return control === 'choices' ? [...(options?.map(({ value }) => [value]) ?? []), options?.map(({ value }) => value) ?? []] : [];
}

function plainWords(path: string, text: Readonly<Record<string, string | undefined>>): Finding[] {
  // The name of a law is what it is.
  if (path === '/legalGround') return [];
  const findings: Finding[] = Language.options.flatMap((language) =>
    findLongSentences(text[language] ?? '').map((what) => warning('long_sentence', path, `${language}: ${what}`)),
  );
  const dutch = text.nl ?? '';
  findings.push(...findHardWords(dutch).map((what) => warning('hard_word', path, `nl: ${what}`)));
  findings.push(...findInformal(dutch).map((what) => error('u_and_je', path, `nl: “${what}” beside u`)));
  return [...findings, ...lintInformal(path, dutch, text['nl-BE-x-informal'])];
}

/** A town that says “je” says it everywhere: what says “u” has that form too, and nothing else does. */
function lintInformal(path: string, formal: string, informal: string | undefined): Finding[] {
  if (informal === undefined)
    return findFormal(formal).length > 0 ? [error('missing_informal', path, 'says “u” and has no nl-BE-x-informal')] : [];
  return [
    ...findFormal(informal).map((what) => error('u_and_je', path, `nl-BE-x-informal: “${what}” beside je`)),
    ...findLongSentences(informal).map((what) => warning('long_sentence', path, `nl-BE-x-informal: ${what}`)),
    ...(findFormal(formal).length === 0 ? [warning('needless_informal', path, 'addresses nobody, so `nl` alone will do')] : []),
  ];
}

const error = (rule: string, where: string, what: string): Finding => ({ level: 'error', rule, where, what });
const warning = (rule: string, where: string, what: string): Finding => ({ level: 'warning', rule, where, what });
