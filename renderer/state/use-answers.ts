import type { ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { toIsoDate } from '../ui/date-parts.ts';
import { useKiosk } from './kiosk-store.ts';

export type QuestionView = Extract<ScreenView, { name: 'question' }>;

export type Answering = { answerTo: (field: string) => string; change: (field: string, value: string) => void; send: () => void };

/** What stands in the fields of this page: what was typed here, else what was answered before. */
export function useAnswers(screen: QuestionView): Answering {
  const typed = useKiosk((state) => (state.typed?.form === screen.step.form ? state.typed.pages[screen.page] : undefined));
  const type = useKiosk((state) => state.type);
  const answerTo = (name: string) => typed?.[name] ?? screen.fields.find((field) => field.name === name)?.value ?? '';
  return {
    answerTo,
    change: (field, value) => type({ form: screen.step.form, page: screen.page }, field, value),
    send: () => {
      const answers = screen.fields.map(({ name, control }) => [name, control === 'date' ? toIsoDate(answerTo(name)) : answerTo(name)]);
      ask('form.answer', { page: screen.page, answers: Object.fromEntries(answers) });
    },
  };
}
