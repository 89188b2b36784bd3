import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundledForms } from '../bundled-forms.ts';
import { type Finding, lintForm } from './lint-form.ts';

type Json = Record<string, unknown>;
const shipped = (id: string) =>
  structuredClone(bundledForms.find((form) => (form as { id: string }).id === id)) as Json & {
    pages: (Json & { fields: Json[] })[];
    schema: { properties: Json };
  };
/** A shipped form with one thing changed. */
function changed(id: string, change: (form: ReturnType<typeof shipped>) => void): unknown {
  const form = shipped(id);
  change(form);
  return form;
}
const pageOf = (form: ReturnType<typeof shipped>, name: string) => {
  const page = form.pages.find((candidate) => candidate.name === name);
  if (!page) throw new Error(`no page ${name}`);
  return page;
};
const rowsOf = (form: ReturnType<typeof shipped>) => (form.schema.properties.members as { items: { properties: Json } }).items;
const nested = (levels: number) => {
  let condition: Json = { field: 'kind', equals: 'project' };
  for (let level = 0; level < levels; level++) condition = { not: condition };
  return condition;
};
const rules = (findings: Finding[], level: Finding['level']) =>
  findings.filter((finding) => finding.level === level).map(({ rule }) => rule);

describe('the shipped forms', () => {
  it.each(bundledForms.map((form) => [(form as { id: string }).id, form] as const))('%s has no error and no warning', (_id, form) => {
    expect(lintForm(form)).toEqual([]);
  });
});

const four = (nl: string) => ({ nl, fr: 'x', de: 'x', en: 'x' });

describe('an error is', () => {
  const cases: [string, string, unknown][] = [
    ['no definition at all', 'shape', null],
    [
      'an unknown widget',
      'unknown_widget',
      changed('street-defect', (form) => Object.assign(pageOf(form, 'place').fields[0] ?? {}, { control: 'hologram' })),
    ],
    ['a trust without its reason', 'trust_without_reason', changed('street-defect', (form) => delete form.trustReason)],
    [
      'a question without a field',
      'question_without_field',
      changed('street-defect', (form) => Object.assign(pageOf(form, 'place'), { fields: [] })),
    ],
    [
      'a condition that goes round',
      'cyclic_condition',
      changed('change-of-address', (form) => {
        Object.assign(pageOf(form, 'together'), { showIf: { field: 'occupied', equals: true } });
        Object.assign(pageOf(form, 'occupied'), { showIf: { field: 'together', equals: true } });
      }),
    ],
    [
      'a condition that looks ahead',
      'forward_condition',
      changed('change-of-address', (form) => Object.assign(pageOf(form, 'from'), { showIf: { field: 'occupied', equals: true } })),
    ],
    [
      'a condition over no field',
      'unknown_condition',
      changed('change-of-address', (form) => Object.assign(pageOf(form, 'from'), { showIf: { field: 'moon', equals: true } })),
    ],
    [
      'a condition that nobody can meet',
      'condition_never',
      changed('street-defect', (form) => Object.assign(pageOf(form, 'what'), { showIf: { field: 'category', equals: 'volcano' } })),
    ],
    [
      'a page that no answers lead to',
      'unreachable_page',
      changed('street-defect', (form) =>
        Object.assign(pageOf(form, 'what'), {
          showIf: { all: [{ field: 'category', equals: 'other' }, { not: { field: 'category', in: ['other', 'light'] } }] },
        }),
      ),
    ],
    ['a text without its French', 'missing_translation', changed('street-defect', (form) => delete (form.title as Json).fr)],
    [
      'what is filled in and not listed',
      'prefill_not_listed',
      changed('street-defect', (form) => Object.assign(pageOf(form, 'place').fields[0] ?? {}, { prefill: ['card.address'] })),
    ],
    ['a field without a rule', 'field_without_rule', changed('street-defect', (form) => delete form.schema.properties.place)],
    [
      'a schema that is none',
      'schema',
      changed('street-defect', (form) => Object.assign(form.schema.properties.place ?? {}, { sausage: true })),
    ],
    [
      'an account number that any text would be',
      'rule_of_another_kind',
      changed('other-subsidy', (form) => Object.assign(form.schema.properties, { iban: { type: 'string' } })),
    ],
    [
      'a day in a list that any text would be',
      'rule_of_another_kind',
      changed('change-of-address', (form) => Object.assign(rowsOf(form).properties, { birthDate: { type: 'string' } })),
    ],
    [
      'a field of a list without a rule',
      'field_without_rule',
      changed('change-of-address', (form) => delete rowsOf(form).properties.birthDate),
    ],
    [
      'an option that the rule does not let through',
      'option_not_allowed',
      changed('other-subsidy', (form) => Object.assign(form.schema.properties, { kind: { enum: ['working'] } })),
    ],
    [
      'one of several choices that the rule does not let through',
      'option_not_allowed',
      changed('event-report', (form) => Object.assign(form.schema.properties, { with: { type: 'array', items: { enum: ['music'] } } })),
    ],
    [
      'a day that is not before what is no day',
      'not_before_no_day',
      changed('hall-loan', (form) => Object.assign(pageOf(form, 'when').fields[1] ?? {}, { range: { notBefore: 'what' } })),
    ],
    [
      'a day that is not before one that is asked for later',
      'not_before_no_day',
      changed('change-of-address', (form) => {
        form.pages.push({ name: 'later', question: four('Wanneer?'), fields: [{ name: 'later', control: 'date', label: four('Dag') }] });
        Object.assign(pageOf(form, 'from').fields[0] ?? {}, { range: { notBefore: 'later' } });
        Object.assign(pageOf(form, 'later').fields[0] ?? {}, { missing: four('Kies een dag.') });
      }),
    ],
    [
      'a day in a list that is not before one outside of it',
      'not_before_no_day',
      changed('change-of-address', (form) => {
        const repeat = pageOf(form, 'members').fields[0]?.repeat as { fields: Json[] } | undefined;
        Object.assign(repeat?.fields[1] ?? {}, { range: { notBefore: 'from' } });
      }),
    ],
    [
      'a key that nobody reads',
      'unknown_key',
      changed('street-defect', (form) => Object.assign(pageOf(form, 'what'), { showif: { field: 'category', equals: 'other' } })),
    ],
    [
      'a question of a page that no answers lead to',
      'unreachable_field',
      changed('other-subsidy', (form) =>
        Object.assign(pageOf(form, 'email').fields[0] ?? {}, {
          showIf: {
            all: [
              { field: 'kind', equals: 'working' },
              { field: 'kind', equals: 'project' },
            ],
          },
        }),
      ),
    ],
    [
      'what the manifest lists and nothing is filled in from',
      'draws_unused',
      changed('other-subsidy', (form) => Object.assign(form, { draws: ['profile.email', 'register.householdSize'] })),
    ],
    ['a read card that makes more than a request', 'no_request_only', changed('hall-loan', (form) => delete form.requestOnly)],
    [
      'what is nested without end',
      'shape',
      changed('other-subsidy', (form) => Object.assign(pageOf(form, 'email'), { showIf: nested(5_000) })),
    ],
    ['u without its je', 'missing_informal', changed('street-defect', (form) => Object.assign(form, { title: four('Wat ziet u?') }))],
    [
      'u in what says je',
      'u_and_je',
      changed('street-defect', (form) =>
        Object.assign(form, { title: { ...four('Wat ziet u?'), 'nl-BE-x-informal': 'Wat zie je bij u?' } }),
      ),
    ],
    ['je beside u', 'u_and_je', changed('street-defect', (form) => Object.assign(form, { title: four('Meld hier wat je ziet') }))],
  ];
  it.each(cases)('%s', (_what, rule, form) => {
    expect(rules(lintForm(form), 'error')).toContain(rule);
  });
});

describe('a warning is', () => {
  it.each([
    ['a sentence of more than thirteen words', 'long_sentence', 'Dit is een zin die veel te lang is om nog in één keer te lezen'],
    ['a word of more than fourteen letters', 'hard_word', 'Vul de belastingaangifteplicht in.'],
  ])('%s', (_what, rule, words) => {
    const findings = lintForm(changed('street-defect', (form) => Object.assign(form, { title: four(words) })));
    expect([rules(findings, 'error'), rules(findings, 'warning')]).toEqual([[], [rule]]);
  });
});

it('is no error: a page that is asked after a number, a text, or some of several choices', () => {
  const after = (showIf: Json, id = 'other-subsidy', page = 'papers') =>
    changed(id, (form) => Object.assign(pageOf(form, page), { showIf }));
  for (const form of [
    after({ field: 'amount', equals: 50_000 }),
    after({ not: { field: 'organisationName', equals: 'De Weef' } }),
    after(
      { all: [{ field: 'with', equals: 'fire' }, { field: 'with', equals: 'tent' }, { not: { field: 'with', equals: 'food' } }] },
      'event-report',
    ),
  ])
    expect(lintForm(form)).toEqual([]);
});

it('warns of a second form of words that address nobody', () => {
  const title = { ...four('Een lamp'), 'nl-BE-x-informal': 'Een lampje' };
  const findings = lintForm(changed('street-defect', (form) => Object.assign(form, { title })));
  expect(findings.map(({ level, rule }) => [level, rule])).toEqual([['warning', 'needless_informal']]);
});

it('the command ends with 1 on an error, and with 0 on warnings alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loket-lint-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const lint = (form: unknown) => {
    writeFileSync(join(folder, 'form.json'), JSON.stringify(form));
    return spawnSync(process.execPath, [join(import.meta.dirname, '../../../build/lint-forms.ts'), folder], { encoding: 'utf8' });
  };
  const long = lint(changed('street-defect', (form) => Object.assign(form, { title: four('Vul de belastingaangifteplicht in.') })));
  expect([long.status, long.stdout.includes('1 forms: 0 errors, 1 warnings')]).toEqual([0, true]);
  expect(lint({}).status).toBe(1);
  writeFileSync(join(folder, 'also.json'), JSON.stringify(shipped('street-defect')));
  const twice = lint(shipped('street-defect'));
  expect([twice.status, twice.stdout]).toEqual([1, expect.stringContaining('form.json id [id_twice] is the id of also.json')]);
});
