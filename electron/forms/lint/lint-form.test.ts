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
      changed('street-defect', (form) => Object.assign(form.schema.properties, { place: { type: 'sausage' } })),
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
});
