import type { ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { boxNamesOf } from '../forms/address-parts.ts';
import { toIsoDate } from '../ui/date-parts.ts';
import { useKiosk } from './kiosk-store.ts';

export type QuestionView = Extract<ScreenView, { name: 'question' }>;

/** `box`: a field's name, or `field.part` where it has several. */
export type Answering = { answerTo: (box: string) => string; change: (box: string, value: string) => void; send: () => void };

/** What stands in the fields of this page: what was typed here, else what was answered before. */
export function useAnswers(screen: QuestionView): Answering {
  const typed = useKiosk((state) => (state.typed?.form === screen.step.form ? state.typed.pages[screen.page] : undefined));
  const type = useKiosk((state) => state.type);
  const answerTo = (box: string) => {
    const [name, part] = box.split('.');
    const field = screen.fields.find((candidate) => candidate.name === name);
    return typed?.[box] ?? (part === undefined ? field?.value : field?.parts[part]) ?? '';
  };
  return {
    answerTo,
    change: (field, value) => type({ form: screen.step.form, page: screen.page }, field, value),
    send: () => {
      const answers = screen.fields.flatMap((field) =>
        boxNamesOf(field).map((box) => [box, field.control === 'date' ? toIsoDate(answerTo(box)) : answerTo(box)]),
      );
      ask('form.answer', { page: screen.page, answers: Object.fromEntries(answers) });
    },
  };
}
