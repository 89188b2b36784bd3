import { useRef } from 'react';
import type { FieldView, KioskView, RowsView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say, useText } from '../i18n/words.tsx';
import { useKiosk } from '../state/kiosk-store.ts';
import type { QuestionView } from '../state/use-answers.ts';
import { Button } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Feet } from '../ui/feet.tsx';
import { ArrowLeftIcon, ArrowRightIcon, PencilSimpleIcon, PlusIcon, TrashIcon } from '../ui/icons.ts';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { useSummaryFocus } from '../ui/use-summary-focus.ts';
import { Where } from '../ui/where.tsx';
import { Who } from '../ui/who.tsx';

type RepeatProps = { view: KioskView; screen: QuestionView; field: FieldView; rows: RowsView };

/** A list that a person makes: one after the other, each on a page of its own. */
export function RepeatQuestion({ view, screen, field, rows }: RepeatProps) {
  const summary = useRef<HTMLDivElement>(null);
  const wrong = field.error !== null;
  const sent = useSummaryFocus(view.revision, wrong, summary);
  const open = (row: number) => ask('form.row', { page: screen.page, row });
  const next = () => {
    sent();
    ask('form.answer', { page: screen.page, answers: {} });
  };
  return (
    <Page
      who={<Who view={view} />}
      where={<Where step={screen.step} />}
      feet={
        <Feet view={view}>
          <Button size="big" before={ArrowLeftIcon} onPress={() => ask('form.back', {})}>
            <Say id="button.back" />
          </Button>
          <Button size="big" kind="go" spread after={ArrowRightIcon} onPress={next}>
            <Say id="button.next" />
          </Button>
        </Feet>
      }
    >
      {wrong && <ErrorSummary ref={summary} fields={[field]} others={screen.step.at > 1} onMend={() => open(rows.rows.length)} />}
      <Title takesFocus={!wrong}>{screen.question}</Title>
      {screen.hint && <p className="question__hint">{screen.hint}</p>}
      <div className="answer">
        <p className={rows.rows.length > 0 ? 'unseen' : undefined} role="status">
          {rows.rows.length > 0 ? <Say id="rows.count" values={{ count: rows.rows.length }} /> : rows.none}
        </p>
        {rows.rows.length > 0 && <RowList screen={screen} rows={rows.rows} label={field.label} onOpen={open} />}
        {rows.room > 0 ? (
          <Button size="big" before={PlusIcon} onPress={() => open(rows.rows.length)}>
            {rows.add}
          </Button>
        ) : (
          <p>
            <Say id="rows.full" values={{ count: rows.rows.length }} />
          </p>
        )}
      </div>
    </Page>
  );
}

type RowListProps = { screen: QuestionView; rows: readonly string[]; label: string; onOpen: (row: number) => void };

function RowList({ screen, rows, label, onOpen }: RowListProps) {
  const text = useText();
  const forget = useKiosk((state) => state.forgetTyped);
  const remove = (row: number) => {
    // What was typed for the rows belongs to other rows now.
    forget(`${screen.page}/`);
    ask('form.row_remove', { page: screen.page, row });
  };
  return (
    <ul className="rowlist" aria-label={label}>
      {rows.map((words, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two rows may say the same, and their place is their name
        <li key={row} className="rowlist__row">
          <p className="rowlist__words">{words}</p>
          <Button
            size="small"
            before={PencilSimpleIcon}
            onPress={() => onOpen(row)}
            aria-label={text('button.changeWhat', { what: words })}
          >
            <Say id="button.change" />
          </Button>
          <Button size="small" before={TrashIcon} onPress={() => remove(row)} aria-label={text('rows.removeWhat', { what: words })}>
            <Say id="rows.remove" />
          </Button>
        </li>
      ))}
    </ul>
  );
}
