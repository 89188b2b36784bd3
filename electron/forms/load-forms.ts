import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Field, FormDefinition } from '../../contract/form.ts';
import type { Log } from '../log.ts';

/** Which of these answers are missing, and which do not fit. Names of fields. */
export type AnswerProblems = { missing: ReadonlySet<string>; wrong: ReadonlySet<string> };

export type Form = FormDefinition & { findProblems(answers: Readonly<Record<string, string>>): AnswerProblems };

/** Formats are checked too: without them a "date" would be any text. */
function createValidator(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
  addFormats.default(ajv);
  return ajv;
}

/**
 * Checks the definitions and compiles their schemas. One with an error is left out and logged by its place in the
 * bundle: its product says so at the desk's door, and every other product works.
 */
export function loadForms(bundle: readonly unknown[], log: Log): Map<string, Form> {
  const forms = new Map<string, Form>();
  const validator = createValidator();
  bundle.forEach((definition, index) => {
    const form = loadForm(definition, validator);
    if (form) forms.set(form.id, form);
    else log('form_refused', { index });
  });
  return forms;
}

const isPhoto = (field: Field | undefined) => field?.control === 'photo';

function loadForm(definition: unknown, validator: Ajv2020): Form | null {
  const parsed = FormDefinition.safeParse(definition);
  if (!parsed.success) return null;
  // Signing without saying what, or a document that nobody signs: neither can be meant.
  if ((parsed.data.trust === 'signed') !== (parsed.data.signs !== undefined)) return null;
  // The camera takes the whole page.
  if (parsed.data.pages.some(({ fields: [first, ...others] }) => others.length > 0 && [first, ...others].some(isPhoto))) return null;
  const fields = new Set(parsed.data.pages.flatMap((page) => page.fields.map((field) => field.name)));
  const known = Object.keys(parsed.data.schema.properties ?? {});
  // A field without a rule would accept anything; a rule without a field could never be met.
  if (known.length !== fields.size || !known.every((name) => fields.has(name))) return null;
  try {
    const validate = validator.compile(parsed.data.schema);
    return {
      ...parsed.data,
      findProblems(answers) {
        const missing = new Set<string>();
        const wrong = new Set<string>();
        if (!validate(answers)) {
          for (const error of validate.errors ?? []) {
            if (error.keyword === 'required') missing.add(String(error.params.missingProperty));
            else wrong.add(error.instancePath.split('/')[1] ?? String(error.params.additionalProperty ?? ''));
          }
        }
        return { missing, wrong };
      },
    };
  } catch {
    return null;
  }
}
