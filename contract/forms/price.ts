import type { Answers } from '../answers.ts';
import type { FormDefinition } from '../form.ts';
import { walkShown } from './shown.ts';

/** What a request costs with these answers, in cents; 0: nothing. */
export function priceOf(form: Pick<FormDefinition, 'pages' | 'price'>, answers: Readonly<Answers>): number {
  const { price } = form;
  if (price.kind === 'free') return 0;
  if (price.kind === 'fixed') return price.cents;
  const answer = walkShown(form, answers).answers[price.field];
  return typeof answer === 'string' ? (price.cents[answer] ?? 0) : 0;
}
