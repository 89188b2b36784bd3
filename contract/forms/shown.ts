import type { Answers } from '../answers.ts';
import { holds } from '../condition.ts';
import type { Field, FormDefinition, FormPage } from '../form.ts';

/** A page as these answers make it: without the fields that are not asked. `index`: its place in the definition. */
export type ShownPage = { index: number; page: FormPage; fields: Field[] };

type Pages = Pick<FormDefinition, 'pages'>;

/**
 * The pages that are asked, in order, and their answers. A condition sees answers of pages that are themselves asked: what
 * somebody answered and then made unneeded decides nothing any more, and is not sent.
 */
export function walkShown({ pages }: Pages, answers: Readonly<Answers>): { pages: ShownPage[]; answers: Answers } {
  const sent: Answers = {};
  const shown: ShownPage[] = [];
  pages.forEach((page, index) => {
    if (page.showIf && !holds(page.showIf, sent)) return;
    const fields = page.fields.filter(({ showIf }) => !showIf || holds(showIf, sent));
    if (fields.length === 0) return;
    shown.push({ index, page, fields });
    // After the page's conditions: a field is never asked because of another on its own page.
    for (const { name } of fields) {
      const answer = answers[name];
      if (answer !== undefined) sent[name] = answer;
    }
  });
  return { pages: shown, answers: sent };
}
