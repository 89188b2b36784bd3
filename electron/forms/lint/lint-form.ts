import { FormDefinition } from '../../../contract/form.ts';
import { compileForm, deepestForm } from '../../../contract/forms/compile-form.ts';
import { textsOf } from '../../../contract/forms/find-faults.ts';
import { createValidator } from '../../../contract/forms/formats.ts';
import { Language } from '../../../contract/language.ts';
import { isNestedDeeper } from '../../../contract/nesting.ts';
import { findUnknownKeys, findUnusedDraws } from './find-unmeant.ts';
import { findUnreached } from './find-unreached.ts';
import { findFormal, findHardWords, findInformal, findLongSentences } from './plain-words.ts';

export type Finding = { level: 'error' | 'warning'; rule: string; where: string; what: string };

const profile = { testNumbers: false };

/** Everything that is wrong with a definition, and everything that makes it hard to read. Nothing is thrown, whatever comes in. */
export function lintForm(definition: unknown): Finding[] {
  const compiled = compileForm(definition, createValidator(profile), profile);
  const refusals = compiled.ok ? [] : refusalsOf(compiled.error);
  // What goes on without end is not looked at any further.
  if (isNestedDeeper(definition, deepestForm)) return refusals;
  const texts = textsOf(definition);
  const parsed = FormDefinition.safeParse(definition);
  return [
    ...refusals,
    ...texts.flatMap(({ path, text }) => missingLanguages(path, text)),
    ...(parsed.success ? findInMeaning(definition, parsed.data) : []),
    ...texts.flatMap(({ path, text }) => plainWords(path, text)),
  ];
}

/** What a terminal would take, and nobody can have meant. */
function findInMeaning(definition: unknown, form: FormDefinition): Finding[] {
  const unreached = findUnreached(form);
  return [
    ...findUnknownKeys(definition, form).map((path) => error('unknown_key', path, 'no part of a definition has this name')),
    ...unreached.pages.map((name) => error('unreachable_page', name, 'no answers lead to this page')),
    ...unreached.fields.map((name) => error('unreachable_field', name, 'no answers lead to this question')),
    ...findUnusedDraws(form).map((fact) => error('draws_unused', fact, 'the manifest lists it and no field is filled in from it')),
    ...(form.trust === 'card_read' && form.requestOnly === undefined
      ? [error('no_request_only', '', 'a read card makes no more than a request, and nothing says so')]
      : []),
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
  not_before_no_day: 'is not before something that is no day, or is asked for later',
  prefill_not_listed: 'is filled in from what the manifest (reads, draws) does not list',
  field_without_rule: 'is asked and has no rule in the schema',
  rule_without_field: 'has a rule in the schema and is never asked',
  rule_of_another_kind: 'its rule in the schema does not check what its control asks for',
  option_not_allowed: 'offers an option that its rule in the schema does not let through',
  not_alone: 'photographs and lists have a page for themselves',
};

function missingLanguages(path: string, text: Readonly<Record<string, string | undefined>>): Finding[] {
  const missing = Language.options.filter((language) => (text[language] ?? '').trim() === '');
  return missing.map((language) => error('missing_translation', path, `nothing in ${language}`));
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
