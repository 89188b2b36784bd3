import { type Condition, fieldsOf } from '../condition.ts';
import type { Field, FormDefinition } from '../form.ts';
import { Language } from '../language.ts';
import { findRuleFaults } from './find-rule-faults.ts';

/** Why a definition cannot be used. `where`: a page, a field, or what a condition looks at. */
export type FormFault = {
  fault:
    | 'signs_without_signature'
    | 'name_twice'
    | 'not_alone'
    | 'no_options'
    | 'no_rows'
    | 'rule_without_field'
    | 'field_without_rule'
    | 'required_not_asked'
    | 'rule_of_another_kind'
    | 'option_not_allowed'
    | 'unknown_condition'
    | 'cyclic_condition'
    | 'forward_condition'
    | 'condition_never'
    | 'not_before_no_day'
    | 'prefill_not_listed'
    | 'price_without_choice';
  where: string;
};

/** Everything that makes a definition unusable beyond its shape. Nothing found: the loader takes it. */
export function findFaults(form: FormDefinition): FormFault[] {
  const fields = form.pages.flatMap((page) => page.fields);
  // Signing without saying what, or a document that nobody signs: neither can be meant.
  const signs: FormFault[] =
    (form.trust === 'signed') === (form.signs !== undefined) ? [] : [{ fault: 'signs_without_signature', where: '' }];
  return [
    ...signs,
    ...findTwice([...form.pages.map(({ name }) => name)]),
    ...findTwice(fields.map(({ name }) => name)),
    ...form.pages
      .filter(({ fields: all }) => all.length > 1 && all.some(needsPage))
      .map(({ name }) => ({ fault: 'not_alone', where: name }) as const),
    ...fields.flatMap(findInField),
    ...findRuleFaults(form),
    ...findInConditions(form),
    ...findInRanges(form),
    ...fields.flatMap((field) => findInPrefill(field, form)),
    ...findInPrice(form, fields),
  ];
}

/** The camera and a list of rows take the whole page. */
const needsPage = ({ control }: Field) => control === 'photo' || control === 'repeat';

function findTwice(names: readonly string[]): FormFault[] {
  return names.filter((name, index) => names.indexOf(name) !== index).map((where) => ({ fault: 'name_twice', where }));
}

function findInField(field: Field): FormFault[] {
  const all = [field, ...(field.repeat?.fields ?? [])];
  const chosen = all.filter(({ control }) => control === 'choice' || control === 'choices');
  const faults: FormFault[] = chosen.filter(({ options }) => !options).map(({ name }) => ({ fault: 'no_options', where: name }));
  if ((field.control === 'repeat') !== (field.repeat !== undefined)) faults.push({ fault: 'no_rows', where: field.name });
  return [...faults, ...findTwice(field.repeat?.fields.map(({ name }) => name) ?? [])];
}

/** Conditions look back: at answers of pages that come before, so that each page is asked or not for good once it is reached. */
function findInConditions({ pages }: FormDefinition): FormFault[] {
  const pageOf = new Map(pages.flatMap((page, index) => page.fields.map((field) => [field.name, { index, field }] as const)));
  const needs = new Map<string, string[]>();
  for (const page of pages) {
    const ofPage = page.showIf ? fieldsOf(page.showIf) : [];
    for (const { name, showIf } of page.fields) needs.set(name, [...ofPage, ...(showIf ? fieldsOf(showIf) : [])]);
  }
  const check = (condition: Condition | undefined, at: number): FormFault[] =>
    (condition ? leavesOf(condition) : []).flatMap((leaf): FormFault[] => {
      const looked = pageOf.get(leaf.field);
      if (!looked) return [{ fault: 'unknown_condition', where: leaf.field }];
      if (looked.index >= at) return [{ fault: isCyclic(leaf.field, needs) ? 'cyclic_condition' : 'forward_condition', where: leaf.field }];
      return leaf.values.every((value) => canBe(looked.field, value)) ? [] : [{ fault: 'condition_never', where: leaf.field }];
    });
  return pages.flatMap((page, index) => [...check(page.showIf, index), ...page.fields.flatMap(({ showIf }) => check(showIf, index))]);
}

/** What a condition compares with what. */
export function leavesOf(condition: Condition): { field: string; values: unknown[] }[] {
  if ('equals' in condition) return [{ field: condition.field, values: [condition.equals] }];
  if ('in' in condition) return [{ field: condition.field, values: condition.in }];
  if ('not' in condition) return leavesOf(condition.not);
  return ('all' in condition ? condition.all : condition.any).flatMap(leavesOf);
}

/** A page whose condition waits for an answer that nobody can give is never reached. */
function canBe({ control, options }: Field, value: unknown): boolean {
  if (control === 'choice' || control === 'choices') return options?.some((option) => option.value === value) ?? false;
  if (control === 'yes_no') return typeof value === 'boolean';
  if (control === 'number' || control === 'amount') return typeof value === 'number';
  return typeof value === 'string' && control !== 'address' && control !== 'place' && control !== 'photo' && control !== 'repeat';
}

function isCyclic(start: string, needs: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const waiting = [...(needs.get(start) ?? [])];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === start) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...(needs.get(name) ?? []));
  }
  return false;
}

/** A day is compared with one that was asked for on its page or before; in a list, with one of the same row. */
function findInRanges({ pages }: FormDefinition): FormFault[] {
  const days = new Map(
    pages.flatMap((page, at) => page.fields.flatMap(({ name, control }) => (control === 'date' ? [[name, at] as const] : []))),
  );
  const isDay = (name: string, at: number) => (days.get(name) ?? Number.POSITIVE_INFINITY) <= at;
  return pages.flatMap((page, at) =>
    page.fields.flatMap(({ name, range, repeat }): FormFault[] => {
      const rows = repeat?.fields ?? [];
      const ofRow = new Set(rows.filter(({ control }) => control === 'date').map((row) => row.name));
      const lost = rows.filter((row) => row.range?.notBefore !== undefined && !ofRow.has(row.range.notBefore)).map((row) => row.name);
      if (range?.notBefore !== undefined && !isDay(range.notBefore, at)) lost.push(name);
      return lost.map((where) => ({ fault: 'not_before_no_day', where }));
    }),
  );
}

/** Nothing is read that the manifest does not list, whatever a field asks for. */
function findInPrefill(field: Field, { reads, draws }: FormDefinition): FormFault[] {
  const listed = new Set<string>([...reads.map((fact) => `card.${fact}`), ...draws]);
  const wanted = [field, ...(field.repeat?.fields ?? [])].flatMap(({ prefill }) => prefill);
  return wanted.filter((fact) => !listed.has(fact)).map((where) => ({ fault: 'prefill_not_listed', where }));
}

function findInPrice({ price }: FormDefinition, fields: readonly Field[]): FormFault[] {
  if (price.kind !== 'by_answer') return [];
  const field = fields.find(({ name }) => name === price.field);
  const all = field?.control === 'choice' && field.options?.every(({ value }) => price.cents[value] !== undefined);
  return all ? [] : [{ fault: 'price_without_choice', where: price.field }];
}

/** Every text of a definition, with the way to it. */
export function textsOf(value: unknown, path = ''): { path: string; text: Readonly<Record<string, string | undefined>> }[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => textsOf(each, `${path}/${nameOf(each) ?? index}`));
  if (!isRecord(value)) return [];
  if (typeof value.nl === 'string') return [{ path, text: value as Record<string, string> }];
  return Object.entries(value).flatMap(([key, each]) => (key === 'schema' ? [] : textsOf(each, `${path}/${key}`)));
}

/** The languages in which nothing is missing. In another the form would be half Dutch, so it is not offered. */
export function languagesOf(form: FormDefinition): Set<Language> {
  const texts = textsOf(form);
  return new Set(Language.options.filter((language) => texts.every(({ text }) => (text[language] ?? '').trim() !== '')));
}

function nameOf(value: unknown): string | null {
  if (!isRecord(value)) return null;
  return typeof value.name === 'string' ? value.name : typeof value.value === 'string' ? value.value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
