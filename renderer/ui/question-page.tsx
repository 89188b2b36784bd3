import { type ReactNode, useId, useRef } from 'react';
import type { FieldView, KioskView } from '../../contract/view.ts';
import type { MessageId } from '../i18n/messages.ts';
import { Say } from '../i18n/words.tsx';
import { Button } from './button.tsx';
import { ErrorSummary } from './error-summary.tsx';
import { Feet } from './feet.tsx';
import { ArrowLeftIcon, ArrowRightIcon } from './icons.ts';
import { OnScreenKeyboard } from './on-screen-keyboard.tsx';
import { Page } from './page.tsx';
import { useSummaryFocus } from './use-summary-focus.ts';
import type { Typing } from './use-typing.ts';
import { Who } from './who.tsx';

type QuestionPageProps = {
  view: KioskView;
  where?: ReactNode;
  typing: Typing;
  /** How many the keyboard may walk through. */
  boxes: number;
  /** The fields whose answers do not fit. */
  wrong: readonly FieldView[];
  /** There are answers besides, which stay. */
  others: boolean;
  onMend: (field: FieldView) => void;
  go: MessageId;
  onBack: () => void;
  onSend: () => void;
  children: ReactNode;
};

/** The frame of a page with boxes to type in: what is wrong above, the keyboard below, and the ways back and on. */
export function QuestionPage({ view, where, typing, boxes, wrong, others, onMend, go, onBack, onSend, children }: QuestionPageProps) {
  const summary = useRef<HTMLDivElement>(null);
  const noteSent = useSummaryFocus(view.revision, wrong.length > 0, summary);
  const form = useId();
  return (
    <Page
      who={<Who view={view} />}
      where={where}
      below={typing.active && <OnScreenKeyboard kind={typing.active.keyboard} boxes={boxes} onKey={typing.press} onMove={typing.move} />}
      feet={
        <Feet view={view}>
          <Button size="big" before={ArrowLeftIcon} onPress={onBack}>
            <Say id="button.back" />
          </Button>
          <Button size="big" kind="go" spread after={ArrowRightIcon} type="submit" form={form}>
            <Say id={go} />
          </Button>
        </Feet>
      }
    >
      <form
        id={form}
        className="question"
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          noteSent();
          onSend();
        }}
      >
        {wrong.length > 0 && <ErrorSummary ref={summary} fields={wrong} others={others} onMend={onMend} />}
        {children}
      </form>
    </Page>
  );
}
