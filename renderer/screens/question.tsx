import type { FieldView, KioskView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { RepeatQuestion } from '../forms/repeat-question.tsx';
import { type Answering, type QuestionView, useAnswers } from '../state/use-answers.ts';
import { useMended } from '../state/use-mended.ts';
import { AnswerField, boxesOf, firstTarget } from '../ui/answer-field.tsx';
import { Fact } from '../ui/fact.tsx';
import { QuestionPage } from '../ui/question-page.tsx';
import { Title } from '../ui/title.tsx';
import { useTyping } from '../ui/use-typing.ts';
import { Where } from '../ui/where.tsx';
import { PhotoQuestion } from './photo-question.tsx';

/** One page, one question. A paper to photograph and a list take the page for themselves. */
export function QuestionScreen({ view, screen }: { view: KioskView; screen: QuestionView }) {
  const [field] = screen.fields;
  if (field?.photos) return <PhotoQuestion view={view} screen={screen} field={field} photos={field.photos} />;
  if (field?.rows) return <RepeatQuestion view={view} screen={screen} field={field} rows={field.rows} />;
  return <TypedQuestion view={view} screen={screen} />;
}

function TypedQuestion({ view, screen }: { view: KioskView; screen: QuestionView }) {
  const answers = useAnswers(screen);
  const mended = useMended(screen.fields, view.revision);
  const answering: Answering = {
    ...answers,
    change: (field, value) => {
      mended.change(field.split('.')[0] ?? field);
      answers.change(field, value);
    },
  };
  const boxes = screen.fields.flatMap((field) => boxesOf(screen.page, field, answering));
  const typing = useTyping(boxes);
  const wrong = mended.fields.filter((field) => field.error !== null);

  const send = () => {
    mended.sent();
    answering.send();
  };
  const mend = (field: FieldView) => {
    const target = firstTarget(screen.page, field, answering);
    if (target.box) typing.focus(target.box);
    else document.querySelector<HTMLInputElement>(`[data-field="${CSS.escape(field.name)}"] input`)?.focus();
  };
  return (
    <QuestionPage
      view={view}
      where={<Where step={screen.step} />}
      typing={typing}
      boxes={boxes.length}
      wrong={wrong}
      others={screen.step.at > 1 || screen.fields.length > 1}
      onMend={mend}
      go="button.next"
      onBack={() => ask('form.back', {})}
      onSend={send}
    >
      <Question
        screen={{ ...screen, fields: [...mended.fields] }}
        takesFocus={screen.fields.every(({ error }) => error === null)}
        answering={answering}
        typing={typing}
      />
    </QuestionPage>
  );
}

type QuestionProps = { screen: QuestionView; takesFocus: boolean; answering: Answering; typing: ReturnType<typeof useTyping> };

function Question({ screen, takesFocus, answering, typing }: QuestionProps) {
  return (
    <>
      <Title takesFocus={takesFocus}>{screen.question}</Title>
      {screen.hint && <p className="question__hint">{screen.hint}</p>}
      {screen.facts.length > 0 && (
        <div className="facts">
          {screen.facts.map((fact) => (
            <Fact key={fact.fact} fact={fact} />
          ))}
        </div>
      )}
      <div className="answer">
        {screen.fields.map((field) => (
          <AnswerField
            key={field.name}
            page={screen.page}
            field={field}
            alone={screen.fields.length === 1}
            answering={answering}
            typing={typing}
          />
        ))}
      </div>
    </>
  );
}
