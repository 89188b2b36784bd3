import type { KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { AnswerSourceMark } from '../forms/answer-source.tsx';
import { useDates } from '../i18n/dates.ts';
import type { MessageId } from '../i18n/messages.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { CardSource, FactValue } from '../ui/fact.tsx';
import { Feet } from '../ui/feet.tsx';
import {
  ArrowLeftIcon,
  ArrowRightIcon,
  CameraIcon,
  CreditCardIcon,
  PasswordIcon,
  PlugsIcon,
  SealCheckIcon,
  SignatureIcon,
  WarningCircleIcon,
} from '../ui/icons.ts';
import { Care, Tip } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Row, Rows } from '../ui/rows.tsx';
import { Source } from '../ui/source.tsx';
import { Title } from '../ui/title.tsx';
import { Where } from '../ui/where.tsx';
import { Who } from '../ui/who.tsx';

type CheckView = Extract<ScreenView, { name: 'check' }>;

/** Everything that is sent, with where it comes from. No line is said before the button, and the button says what it does. */
export function CheckScreen({ view, screen }: { view: KioskView; screen: CheckView }) {
  const text = useText();
  const offline = view.line.state === 'down';
  return (
    <Page
      who={<Who view={view} />}
      where={<Where step={screen.step} />}
      feet={
        <Feet view={view}>
          <Button size="big" before={ArrowLeftIcon} onPress={() => ask('form.back', {})}>
            <Say id="button.back" />
          </Button>
          <Button size="big" kind="go" spread after={ArrowRightIcon} onPress={() => ask('form.send', {})}>
            <Say id={nextWords(screen, offline)} />
          </Button>
        </Feet>
      }
    >
      <Title>
        <Say id="check.title" />
      </Title>
      {screen.problem && (
        <Care icon={WarningCircleIcon} urgent>
          <Say id={`check.problem.${screen.problem}`} values={{ desk: view.desk }} />
        </Care>
      )}
      <Rows label={text('check.list')}>
        {screen.facts.map((fact) => (
          <Row key={fact.fact} name={<Say id={`fact.${fact.fact}`} />} source={<CardSource />}>
            <FactValue value={fact.value} />
          </Row>
        ))}
        {screen.answers.map((answer) => (
          <AnswerRow key={`${answer.page}/${answer.label}`} answer={answer} />
        ))}
      </Rows>
      {screen.price && (
        <Tip icon={CreditCardIcon}>
          <Say id="check.price" values={{ amount: screen.price }} />
        </Tip>
      )}
      <div className="after">
        <p>
          <Say id="check.after" values={{ what: screen.whatNext }} />
        </p>
        {screen.requestOnly && <p>{screen.requestOnly}</p>}
      </div>
      {screen.pin === 'offered' && <PinOffer />}
      {screen.pin === 'confirmed' && (
        <Tip icon={SealCheckIcon}>
          <Say id="check.pinDone" />
        </Tip>
      )}
      {screen.signs && (
        <Tip icon={SignatureIcon}>
          <Say id="check.signs" />
        </Tip>
      )}
      {offline && !screen.signs && !screen.problem && (
        <Care icon={PlugsIcon}>
          <Say id="check.noLine" />
        </Care>
      )}
    </Page>
  );
}

/** The button says what it does: to the document first, where the request wants a signature. */
function nextWords({ signs }: CheckView, offline: boolean): MessageId {
  if (signs) return 'check.toDocument';
  return offline ? 'check.keep' : 'check.send';
}

function PinOffer() {
  return (
    <div className="offer">
      <p>
        <Say id="check.pinWhy" />
      </p>
      <Button before={PasswordIcon} onPress={() => ask('sign_in.start', {})}>
        <Say id="check.pin" />
      </Button>
    </div>
  );
}

type Answer = CheckView['answers'][number];

function AnswerValue({ answer: { control, value } }: { answer: Answer }) {
  const dates = useDates();
  if (control === 'photo' && /^\d*$/.test(value))
    return value === '' ? <Say id="check.noPhotos" /> : <Say id="check.photos" values={{ count: Number(value) }} />;
  if (value === '') return <Say id="check.empty" />;
  if (control === 'date') return dates.day(value);
  return <Lines text={value} />;
}

function Lines({ text }: { text: string }) {
  return text.split('\n').map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines never change order
    <span key={index} className="row__line">
      {line}
    </span>
  ));
}

function AnswerRow({ answer }: { answer: Answer }) {
  const text = useText();
  const photos = answer.control === 'photo' && /^\d+$/.test(answer.value);
  const empty = answer.value === '';
  return (
    <Row
      name={answer.label}
      soft={empty}
      source={
        !empty &&
        (photos ? (
          <Source icon={CameraIcon}>
            <Say id="source.photo" />
          </Source>
        ) : (
          <AnswerSourceMark source={answer.source} />
        ))
      }
      action={
        <Button
          size="small"
          onPress={() => ask('form.change', { page: answer.page })}
          aria-label={text('button.changeWhat', { what: answer.label })}
        >
          <Say id="button.change" />
        </Button>
      }
    >
      <AnswerValue answer={answer} />
      {answer.remark && <span className="row__remark">{answer.remark}</span>}
    </Row>
  );
}
