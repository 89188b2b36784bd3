import { useState } from 'react';
import type { ContactStepView } from '../../contract/profile-view.ts';
import type { FieldView, KioskView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import type { MessageId } from '../i18n/messages.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { ArrowRightIcon, PaperPlaneTiltIcon, PasswordIcon, PlugsIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { QuestionPage } from '../ui/question-page.tsx';
import { TextField } from '../ui/text-field.tsx';
import { Title } from '../ui/title.tsx';
import { useTyping } from '../ui/use-typing.ts';
import { Waiting } from '../ui/waiting.tsx';
import { ProfilePage } from './profile-page.tsx';

type Props = { view: KioskView; step: ContactStepView };

/** An address or number, then the code that was sent there. */
export function ContactStep({ view, step }: Props) {
  switch (step.stage) {
    case 'typing':
      return <TypeContact view={view} step={step} />;
    case 'code':
      return <TypeCode view={view} step={step} />;
    case 'sending':
    case 'checking':
      return <Wait view={view} step={step} />;
    case 'problem':
      return <Problem view={view} step={step} />;
  }
}

function TypeContact({ view, step }: Props) {
  const text = useText();
  return (
    <TypeOne
      view={view}
      title={<Say id={`profile.${step.channel}.ask`} />}
      hint={<Say id={`profile.${step.channel}.askHint`} />}
      field={{
        ...noField,
        name: step.channel,
        control: step.channel,
        keyboard: step.channel === 'email' ? 'email' : 'phone',
        label: text(`profile.${step.channel}`),
        error: step.error && text(contactErrors(step.channel, step.error)),
      }}
      start={step.value}
      go="profile.sendCode"
      onSend={(value) => ask('profile.contact_value', { value })}
    />
  );
}

function contactErrors(channel: 'email' | 'phone', error: NonNullable<ContactStepView['error']>): MessageId {
  if (error === 'same') return `profile.${channel}.same`;
  return error === 'missing' ? `profile.${channel}.missing` : `profile.${channel}.wrong`;
}

function TypeCode({ view, step }: Props) {
  const text = useText();
  const error = step.error === 'code_missing' ? text('profile.code.missing') : text('profile.code.wrong', { count: step.triesLeft ?? 0 });
  return (
    <TypeOne
      view={view}
      title={<Say id="profile.code.ask" />}
      hint={<Say id={`profile.code.sent.${step.channel}`} values={{ value: step.value }} />}
      field={{ ...noField, name: 'code', control: 'number', keyboard: 'digits', label: text('profile.code'), error: step.error && error }}
      start=""
      go="profile.code.confirm"
      onSend={(code) => ask('profile.contact_code', { code })}
      more={
        <Button size="small" before={PaperPlaneTiltIcon} onPress={() => ask('profile.contact_again', {})}>
          <Say id="profile.code.again" />
        </Button>
      }
    />
  );
}

const noField = {
  hint: null,
  options: null,
  value: '',
  parts: {},
  source: null,
  masked: null,
  days: [],
  calendar: null,
  map: null,
  streets: null,
  rows: null,
  photos: null,
} satisfies Partial<FieldView>;

type OneProps = {
  view: KioskView;
  title: React.ReactNode;
  hint: React.ReactNode;
  field: FieldView;
  start: string;
  go: MessageId;
  onSend: (value: string) => void;
  more?: React.ReactNode;
};

/** One box, the keyboard under it, and the way on. */
function TypeOne({ view, title, hint, field, start, go, onSend, more }: OneProps) {
  const [value, setValue] = useState(start);
  /** What was wrong is said until something else stands there. */
  const [sent, setSent] = useState<string | null>(start);
  const shown = { ...field, error: value === sent ? field.error : null };
  const typing = useTyping([{ name: field.name, keyboard: field.keyboard, value, maxLength: 254, onChange: setValue }]);
  return (
    <QuestionPage
      view={view}
      typing={typing}
      boxes={1}
      wrong={shown.error === null ? [] : [shown]}
      others={false}
      onMend={() => typing.focus(field.name)}
      go={go}
      onBack={() => ask('profile.contact_leave', {})}
      onSend={() => {
        setSent(value);
        onSend(value);
      }}
    >
      <Title takesFocus={field.error === null}>{title}</Title>
      <p className="question__hint">{hint}</p>
      <div className="answer">
        <TextField field={shown} value={value} typing={typing} maxLength={254} onChange={setValue} />
      </div>
      {more && <div className="changed">{more}</div>}
    </QuestionPage>
  );
}

function Wait({ view, step }: Props) {
  const text = useText();
  const say: MessageId = step.stage === 'sending' ? 'profile.sending' : 'profile.checking';
  return (
    <ProfilePage view={view} title={<Say id={say} />} onBack={() => ask('profile.contact_leave', {})}>
      <p className="question__hint">{step.value}</p>
      <Waiting label={text(say)} />
    </ProfilePage>
  );
}

function Problem({ view, step }: Props) {
  const { problem } = step;
  if (problem === null) return null;
  const lasting = problem === 'too_many' || problem === 'not_connected';
  const grantEnded = problem === 'grant_ended';
  return (
    <ProfilePage
      view={view}
      title={<Say id="profile.problem.title" />}
      onBack={() => ask('profile.contact_leave', {})}
      go={
        !lasting && (
          <Button
            size="big"
            kind="go"
            spread
            after={ArrowRightIcon}
            before={grantEnded ? PasswordIcon : PaperPlaneTiltIcon}
            onPress={() => ask(grantEnded ? 'profile.again' : 'profile.contact_again', {})}
          >
            <Say id={grantEnded ? 'file.signInAgain' : 'profile.code.again'} />
          </Button>
        )
      }
    >
      <div className="changed">
        <Care icon={problem === 'no_line' ? PlugsIcon : WarningCircleIcon} urgent>
          <Say id={`profile.problem.${problem}`} values={{ desk: view.desk, value: step.value }} />
        </Care>
      </div>
    </ProfilePage>
  );
}
