import * as z from 'zod';
import type { Answer, Answers } from './answers.ts';

/** When a page or a field is asked. Data, and a closed set: whoever reads a definition sees everything that can happen. */
export type Condition =
  | { field: string; equals: string | number | boolean }
  | { field: string; in: (string | number | boolean)[] }
  | { not: Condition }
  | { all: Condition[] }
  | { any: Condition[] };

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const Field = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/);

export const Condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ field: Field, equals: Scalar }),
    z.strictObject({ field: Field, in: z.array(Scalar).min(1) }),
    z.strictObject({ not: Condition }),
    z.strictObject({ all: z.array(Condition).min(1) }),
    z.strictObject({ any: z.array(Condition).min(1) }),
  ]),
);

/** What was not answered equals nothing. Of several choices, one is enough. */
export function holds(condition: Condition, answers: Readonly<Answers>): boolean {
  if ('equals' in condition) return valuesOf(answers[condition.field]).includes(condition.equals);
  if ('in' in condition) return condition.in.some((value) => valuesOf(answers[condition.field]).includes(value));
  if ('not' in condition) return !holds(condition.not, answers);
  if ('all' in condition) return condition.all.every((each) => holds(each, answers));
  return condition.any.some((each) => holds(each, answers));
}

/** Every field that it looks at. */
export function fieldsOf(condition: Condition): string[] {
  if ('field' in condition) return [condition.field];
  if ('not' in condition) return fieldsOf(condition.not);
  return ('all' in condition ? condition.all : condition.any).flatMap(fieldsOf);
}

function valuesOf(answer: Answer | undefined): unknown[] {
  return Array.isArray(answer) ? answer : [answer];
}
