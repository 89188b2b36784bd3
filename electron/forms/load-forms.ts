import { compileForm, type Form } from '../../contract/forms/compile-form.ts';
import { createValidator, type Profile } from '../../contract/forms/formats.ts';
import type { Log } from '../log.ts';

export type { Form } from '../../contract/forms/compile-form.ts';

const noTests: Profile = { testNumbers: false };

/**
 * Checks the definitions and compiles their schemas. One with an error is left out and logged by its place in the
 * bundle: its product says so at the desk's door, and every other product works. Of two with one id the first counts.
 */
export function loadForms(bundle: readonly unknown[], log: Log, profile: Profile = noTests): Map<string, Form> {
  const forms = new Map<string, Form>();
  const validator = createValidator(profile);
  bundle.forEach((definition, index) => {
    const compiled = compileForm(definition, validator, profile);
    if (compiled.ok && !forms.has(compiled.value.id)) forms.set(compiled.value.id, compiled.value);
    else log('form_refused', { index });
  });
  return forms;
}
