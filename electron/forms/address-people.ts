import type { AddressForm } from '../../contract/catalogue.ts';
import type { Form } from './load-forms.ts';

/**
 * The forms as the town speaks to people. A text that addresses somebody has both forms of Dutch (`nl`: "u"; the language tag
 * of the product catalogue for "je"); where the second is missing the first stands.
 */
export function addressPeople(forms: ReadonlyMap<string, Form>, address: AddressForm): Map<string, Form> {
  if (address === 'formal') return new Map(forms);
  return new Map([...forms].map(([id, form]) => [id, informal(form)]));
}

function informal(form: Form): Form {
  const { schema, languages, findProblems, ...definition } = form;
  return { ...(chooseIn(definition) as typeof definition), schema, languages, findProblems };
}

function chooseIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(chooseIn);
  if (typeof value !== 'object' || value === null) return value;
  const { 'nl-BE-x-informal': chosen, ...others } = value as Record<string, unknown>;
  if (typeof chosen === 'string') return { ...others, nl: chosen };
  return Object.fromEntries(Object.entries(others).map(([key, each]) => [key, chooseIn(each)]));
}
