import type { Control, Field, FormDefinition, RowField } from '../form.ts';
import type { FormFault } from './find-faults.ts';

/** What of a rule makes a control's check real: without its format an account number is any text. */
const needed: Readonly<Partial<Record<Control, Readonly<Record<string, string>>>>> = {
  text: { type: 'string' },
  long_text: { type: 'string' },
  yes_no: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  iban: { type: 'string', format: 'iban' },
  plate: { type: 'string', format: 'number-plate' },
  enterprise: { type: 'string', format: 'enterprise-number' },
  establishment: { type: 'string', format: 'establishment-number' },
  national_number: { type: 'string', format: 'national-number' },
  phone: { type: 'string', format: 'phone' },
  email: { type: 'string', format: 'e-mail' },
  address: { $ref: 'urn:loket:answer:address' },
  place: { $ref: 'urn:loket:answer:place' },
  choices: { type: 'array' },
  repeat: { type: 'array' },
};

/** A field without a rule would accept anything; a rule without a field, or of another kind, could never be met. */
export function findRuleFaults({ schema, pages }: Pick<FormDefinition, 'schema' | 'pages'>): FormFault[] {
  return findIn(
    schema,
    pages.flatMap(({ fields }) => fields),
  );
}

type Rule = Readonly<Record<string, unknown>>;

function findIn(schema: Rule, fields: readonly (Field | RowField)[]): FormFault[] {
  const names = new Set(fields.map(({ name }) => name));
  const rules = recordOf(schema.properties);
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  return [
    ...Object.keys(rules)
      .filter((name) => !names.has(name))
      .map((where) => ({ fault: 'rule_without_field', where }) as const),
    ...[...names].filter((name) => !Object.hasOwn(rules, name)).map((where) => ({ fault: 'field_without_rule', where }) as const),
    ...required.filter((name) => !names.has(name)).map((where) => ({ fault: 'required_not_asked', where }) as const),
    ...fields.filter(({ name }) => Object.hasOwn(rules, name)).flatMap((field) => findInRule(field, recordOf(rules[field.name]))),
  ];
}

function findInRule(field: Field | RowField, rule: Rule): FormFault[] {
  const { name, control, options = [] } = field;
  if (!isOfKind(field, rule)) return [{ fault: 'rule_of_another_kind', where: name }];
  if (control === 'repeat' && 'repeat' in field) return findIn(recordOf(rule.items), field.repeat?.fields ?? []);
  if (control !== 'choice' && control !== 'choices') return [];
  const allowed = control === 'choice' ? rule.enum : recordOf(rule.items).enum;
  const isAllowed = (value: string) => Array.isArray(allowed) && allowed.includes(value);
  return options.every(({ value }) => isAllowed(value)) ? [] : [{ fault: 'option_not_allowed', where: name }];
}

function isOfKind(field: Field | RowField, rule: Rule): boolean {
  const { control } = field;
  if (control === 'number' || control === 'amount') return rule.type === 'integer' || rule.type === 'number';
  if (control === 'photo') return rule.$ref === `urn:loket:answer:photos${'orDesk' in field && field.orDesk ? '-or-desk' : ''}`;
  return Object.entries(needed[control] ?? {}).every(([keyword, value]) => rule[keyword] === value);
}

function recordOf(value: unknown): Rule {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Rule) : {};
}
