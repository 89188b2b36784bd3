import { useCallback, useState } from 'react';
import type { OperatorView } from '../../contract/operator.ts';
import { Button } from '../ui/button.tsx';
import { ArrowLeftIcon, ArrowRightIcon, CheckIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care, Tip } from '../ui/notice.tsx';
import { Title } from '../ui/title.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { askOperator } from './ask-operator.ts';
import { codeLength, codeLetters, readLetters } from './code-letters.ts';
import { CodePad } from './code-pad.tsx';
import { OperatorFrame } from './operator-frame.tsx';
import { OperatorSay, useOperatorText } from './operator-say.tsx';
import { TypedCode } from './typed-code.tsx';
import { useTypedKeys } from './use-typed-keys.ts';

type EnrolPage = Extract<OperatorView['page'], { page: 'enrol' }>;

/** What was typed stays here while main asks: after "no connection" nobody types 32 letters again. */
export function Enrol({ view, page }: { view: OperatorView; page: EnrolPage }) {
  const [typed, setTyped] = useState('');
  const asking = page.state === 'asking';
  const add = useCallback((text: string) => setTyped((before) => (before + readLetters(text)).slice(0, codeLength)), []);
  const paste = useCallback((text: string) => setTyped(readLetters(text).slice(0, codeLength)), []);
  const erase = useCallback(() => setTyped((before) => before.slice(0, -1)), []);
  const whole = typed.length === codeLength;
  const send = useCallback(() => {
    if (asking && whole) askOperator('operator.enrol', { code: typed });
  }, [asking, whole, typed]);
  const anew = page.why === 'anew';
  const leave = useCallback(() => askOperator(anew ? 'operator.back' : 'operator.leave', {}), [anew]);
  useTypedKeys({ onSign: add, onPaste: paste, onErase: erase, onDone: send, onLeave: leave });
  return (
    <OperatorFrame
      view={view}
      below={
        asking && (
          <>
            <TypedCode field="op.enrol.field" typed={typed} length={codeLength} group={4} />
            <CodePad signs={codeLetters} kind="letters" onSign={add} onErase={erase} />
          </>
        )
      }
      feet={asking && <EnrolFeet anew={anew} whole={whole} onLeave={leave} onDone={send} />}
    >
      <Title>
        <OperatorSay id={anew ? 'op.enrol.titleAnew' : 'op.enrol.title'} />
      </Title>
      <What page={page} />
    </OperatorFrame>
  );
}

type FeetProps = { anew: boolean; whole: boolean; onLeave: () => void; onDone: () => void };

function EnrolFeet({ anew, whole, onLeave, onDone }: FeetProps) {
  return (
    <div className="feet__go feet__go--wide">
      <Button size="big" before={ArrowLeftIcon} onPress={onLeave}>
        <OperatorSay id={anew ? 'op.enrol.back' : 'op.leave'} />
      </Button>
      <Button size="big" kind="go" spread after={ArrowRightIcon} isDisabled={!whole} onPress={onDone}>
        <OperatorSay id="op.enrol.done" />
      </Button>
    </div>
  );
}

function What({ page }: { page: EnrolPage }) {
  const text = useOperatorText();
  if (page.state === 'done')
    return (
      <Tip icon={CheckIcon}>
        <OperatorSay id="op.enrol.isDone" />
      </Tip>
    );
  if (page.state === 'working')
    return (
      <>
        <p className="lead" role="status">
          <OperatorSay id="op.enrol.working" />
        </p>
        <Waiting label={text('op.enrol.working')} />
      </>
    );
  return (
    <>
      <p className="question__hint">
        <OperatorSay id={`op.enrol.why.${page.why}`} />
      </p>
      {page.problem && (
        <Care icon={WarningCircleIcon} urgent>
          <OperatorSay id={`op.enrol.problem.${page.problem}`} />
        </Care>
      )}
    </>
  );
}
