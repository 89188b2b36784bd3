import type { Answers } from '../../../contract/answers.ts';
import { type Condition, fieldsOf } from '../../../contract/condition.ts';
import type { Field, FormDefinition } from '../../../contract/form.ts';
import { leavesOf } from '../../../contract/forms/find-faults.ts';
import { walkShown } from '../../../contract/forms/shown.ts';

type Page = FormDefinition['pages'][number];
type Placed = { field: Field; page: Page };
type Value = string | number | boolean | string[];

/** Pages and fields whose condition no combination of answers meets. */
export function findUnreached({ pages }: Pick<FormDefinition, 'pages'>): { pages: string[]; fields: string[] } {
  const placed = new Map(pages.flatMap((page) => page.fields.map((field) => [field.name, { field, page }] as const)));
  const asked = askedValues(pages);
  /** Every way to answer what decides about it; null: too many to try. */
  const shownFor = (conditions: readonly (Condition | undefined)[]) => {
    const looked = conditions.reduce((seen, condition) => (condition ? looksAt(condition, placed, seen) : seen), new Set<string>());
    const fields = [...looked].flatMap((name) => placed.get(name)?.field ?? []);
    return combinations(fields, asked)?.map((answers) => walkShown({ pages }, answers).pages) ?? null;
  };
  const isReached = (page: Page) =>
    !page.showIf || (shownFor([page.showIf])?.some((shown) => shown.some((each) => each.page.name === page.name)) ?? true);
  const isAsked = ({ field, page }: Placed) =>
    !field.showIf ||
    (shownFor([page.showIf, field.showIf])?.some((shown) => shown.some(({ fields }) => fields.some(({ name }) => name === field.name))) ??
      true);
  const lost = pages.filter((page) => !isReached(page));
  const fields = [...placed.values()].filter((each) => !lost.includes(each.page) && !isAsked(each));
  return { pages: lost.map(({ name }) => name), fields: fields.map(({ field }) => field.name) };
}

/** Every field that a condition depends on, through the conditions of those fields too. */
function looksAt(condition: Condition, placed: ReadonlyMap<string, Placed>, seen: Set<string>): Set<string> {
  for (const name of fieldsOf(condition)) {
    if (seen.has(name)) continue;
    seen.add(name);
    const found = placed.get(name);
    for (const inner of [found?.page.showIf, found?.field.showIf]) if (inner) looksAt(inner, placed, seen);
  }
  return seen;
}

/** What conditions compare each field with: of a number or a text no other value decides anything. */
function askedValues(pages: readonly Page[]): ReadonlyMap<string, Value[]> {
  const conditions = pages.flatMap((page) => [page.showIf, ...page.fields.map(({ showIf }) => showIf)]);
  const asked = new Map<string, Value[]>();
  for (const { field, values } of conditions.flatMap((condition) => (condition ? leavesOf(condition) : [])))
    asked.set(field, [...(asked.get(field) ?? []), ...(values as Value[])]);
  return asked;
}

const enough = 20_000;

/** With each left unanswered too; null: too many to try. */
function combinations(fields: readonly Field[], asked: ReadonlyMap<string, Value[]>): Answers[] | null {
  let all: Answers[] = [{}];
  for (const field of fields) {
    const values = valuesOf(field, asked.get(field.name) ?? []);
    if (values === null || all.length * (values.length + 1) > enough) return null;
    all = all.flatMap((answers) => [answers, ...values.map((value) => ({ ...answers, [field.name]: value }) as Answers)]);
  }
  return all;
}

const mostChoices = 8;

function valuesOf({ control, options }: Field, asked: readonly Value[]): Value[] | null {
  const offered = options?.map(({ value }) => value) ?? [];
  if (control === 'yes_no') return [true, false];
  if (control === 'choice') return offered;
  if (control !== 'choices') return [...new Set(asked)];
  return offered.length > mostChoices ? null : subsetsOf(offered);
}

function subsetsOf(values: readonly string[]): string[][] {
  let sets: string[][] = [[]];
  for (const value of values) sets = sets.flatMap((set) => [set, [...set, value]]);
  return sets;
}
