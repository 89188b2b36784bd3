import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { Answers } from '../answers.ts';
import { type Field, FormDefinition, type RowField } from '../form.ts';
import type { Language } from '../language.ts';
import { isNestedDeeper } from '../nesting.ts';
import { ok, type Result, refuse } from '../result.ts';
import { addDuration } from './days.ts';
import { type FormFault, findFaults, languagesOf } from './find-faults.ts';
import { checks, type FormatFault, type Profile } from './formats.ts';
import { walkShown } from './shown.ts';

/** What is the matter with an answer, as exactly as can be told: each has its sentence. */
export type Problem =
  | 'missing'
  | 'wrong'
  | FormatFault
  | 'not_a_day'
  | 'too_early'
  | 'too_late'
  | 'not_a_number'
  | 'too_small'
  | 'too_large'
  | 'too_short'
  | 'too_long'
  | 'address_street'
  | 'address_number'
  | 'address_town'
  | 'other_town'
  /** Answers a question that is not asked: no page gives that. */
  | 'not_asked';

/** By the name of the field; of a row `members/0/name`. */
export type Problems = ReadonlyMap<string, Problem>;

export type Form = FormDefinition & {
  /** Those in which every text is there. */
  languages: ReadonlySet<Language>;
  /**
   * Of all that is asked after these answers. One rule for terminal and middleware.
   * @param day ISO date on which the form was opened: ranges of dates count from it. Null: they are not looked at
   */
  findProblems(answers: Readonly<Answers>, day: string | null): Problems;
};

/** Why a definition cannot be used. */
export type CompileRefusal = { at: 'shape'; issues: string[] } | { at: 'meaning'; faults: FormFault[] } | { at: 'schema'; message: string };

/** A condition of conditions in a row of a list needs some twenty levels. */
export const deepestForm = 60;

export function compileForm(definition: unknown, validator: Ajv2020, profile: Profile): Result<Form, CompileRefusal> {
  if (isNestedDeeper(definition, deepestForm)) return refuse({ at: 'shape', issues: [': nested too deep'] });
  const parsed = FormDefinition.safeParse(definition);
  if (!parsed.success) {
    return refuse({ at: 'shape', issues: parsed.error.issues.map(({ path, message }) => `${path.join('/')}: ${message}`) });
  }
  const faults = findFaults(parsed.data);
  if (faults.length > 0) return refuse({ at: 'meaning', faults });
  try {
    const validate = validator.compile(parsed.data.schema);
    const languages = languagesOf(parsed.data);
    return ok({
      ...parsed.data,
      languages,
      findProblems: (answers, day) => findProblems(parsed.data, validate, answers, { day, profile }),
    });
  } catch (error) {
    return refuse({ at: 'schema', message: error instanceof Error ? error.message : '' });
  }
}

type Around = { day: string | null; profile: Profile };

function findProblems(form: FormDefinition, validate: ValidateFunction, answers: Readonly<Answers>, around: Around): Problems {
  const shown = walkShown(form, answers);
  const fields = new Map(shown.pages.flatMap((page) => page.fields.map((field) => [field.name, field] as const)));
  const problems = new Map<string, Problem>();
  for (const name of Object.keys(answers)) if (!fields.has(name)) problems.set(name, 'not_asked');
  if (!validate(shown.answers)) {
    for (const error of validate.errors ?? []) notice(error, fields, shown.answers, problems, around.profile);
  }
  for (const field of fields.values()) noticeDays(field, shown.answers, problems, around.day);
  return problems;
}

/** A missing answer to what is not asked is no problem: `required` means when asked. */
function notice(
  error: ErrorObject,
  fields: ReadonlyMap<string, Field>,
  answers: Readonly<Answers>,
  problems: Map<string, Problem>,
  profile: Profile,
): void {
  const [, name = '', ...within] = error.instancePath.split('/');
  if (name === '') {
    const missing = String(error.params.missingProperty ?? error.params.additionalProperty ?? '');
    if (error.keyword !== 'required') add(problems, missing || 'form', 'not_asked');
    else if (fields.has(missing)) add(problems, missing, 'missing');
    return;
  }
  const field = fields.get(name);
  if (field?.control === 'repeat') {
    noticeRow(field, error, answers, problems, { within, profile });
    return;
  }
  add(problems, name, field ? explain(field, error, answers[name], { within, profile }) : 'wrong');
}

type Place = { within: readonly string[]; profile: Profile };

function noticeRow(
  field: Field,
  error: ErrorObject,
  answers: Readonly<Answers>,
  problems: Map<string, Problem>,
  { within, profile }: Place,
): void {
  const [row, name = String(error.params.missingProperty ?? ''), ...deeper] = within;
  const of = field.repeat?.fields.find((one) => one.name === name);
  add(problems, field.name, 'wrong');
  if (row === undefined || !of) return;
  const rows = answers[field.name];
  const values = Array.isArray(rows) ? rows[Number(row)] : undefined;
  const value = typeof values === 'object' && values !== null && !Array.isArray(values) ? values[name] : undefined;
  const missing = error.keyword === 'required' && deeper.length === 0 && within.length === 1;
  add(problems, `${field.name}/${row}/${name}`, missing ? 'missing' : explain(of, error, value, { within: deeper, profile }));
}

/** The first thing said about a field is the one that is shown. */
function add(problems: Map<string, Problem>, name: string, problem: Problem): void {
  if (!problems.has(name)) problems.set(name, problem);
}

function explain(field: RowField | Field, error: ErrorObject, value: unknown, { within, profile }: Place): Problem {
  if (field.control === 'address') return explainAddress(error, within);
  switch (error.keyword) {
    case 'format': {
      if (field.control === 'date') return 'not_a_day';
      const checked = typeof value === 'string' ? checks[String(error.params.format)]?.(value, profile) : undefined;
      return checked && !checked.ok ? checked.error : 'wrong';
    }
    case 'type':
      return field.control === 'number' || field.control === 'amount' ? 'not_a_number' : 'wrong';
    case 'minimum':
    case 'exclusiveMinimum':
      return 'too_small';
    case 'maximum':
    case 'exclusiveMaximum':
      return 'too_large';
    case 'minLength':
      return 'too_short';
    case 'maxLength':
      return 'too_long';
    default:
      return 'wrong';
  }
}

function explainAddress(error: ErrorObject, [part = String(error.params.missingProperty ?? '')]: readonly string[]): Problem {
  if (part === 'street') return 'address_street';
  return part === 'number' || part === 'box' ? 'address_number' : 'address_town';
}

/** Of a field, and of the rows of a list. */
function noticeDays(field: Field, answers: Readonly<Answers>, problems: Map<string, Problem>, day: string | null): void {
  noticeDay(field, answers[field.name], problems, { day, name: field.name, other: answers[field.range?.notBefore ?? ''] });
  const rows: unknown = answers[field.name];
  if (field.control !== 'repeat' || !Array.isArray(rows)) return;
  rows.forEach((row: Readonly<Record<string, unknown>> | null, at) => {
    for (const of of field.repeat?.fields ?? []) {
      noticeDay(of, row?.[of.name], problems, { day, name: `${field.name}/${at}/${of.name}`, other: row?.[of.range?.notBefore ?? ''] });
      if (problems.has(`${field.name}/${at}/${of.name}`)) add(problems, field.name, 'wrong');
    }
  });
}

type Day = { day: string | null; name: string /** What `notBefore` asks for. */; other: unknown };

function noticeDay({ control, range }: RowField | Field, value: unknown, problems: Map<string, Problem>, { day, name, other }: Day): void {
  if (control !== 'date' || !range || typeof value !== 'string' || problems.has(name)) return;
  // ISO dates are in order as texts.
  if (typeof other === 'string' && value < other) problems.set(name, 'too_early');
  if (day === null || problems.has(name)) return;
  if (range.from && value < addDuration(day, range.from)) problems.set(name, 'too_early');
  else if (range.to && value > addDuration(day, range.to)) problems.set(name, 'too_late');
}
