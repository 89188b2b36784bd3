import { useCallback, useState } from 'react';
import type { OperatorView } from '../../contract/operator.ts';
import { Button } from '../ui/button.tsx';
import { ArrowLeftIcon, ArrowRightIcon, HourglassMediumIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Title } from '../ui/title.tsx';
import { askOperator } from './ask-operator.ts';
import { CodePad } from './code-pad.tsx';
import { OperatorFrame } from './operator-frame.tsx';
import { OperatorSay } from './operator-say.tsx';
import { Seconds } from './seconds.tsx';
import { TypedCode } from './typed-code.tsx';
import { useTypedKeys } from './use-typed-keys.ts';

type SignInPage = Extract<OperatorView['page'], { page: 'sign_in' }>;

const length = 6;
const onlyDigits = (text: string) => text.replaceAll(/\D/g, '');

export function SignIn({ view, page }: { view: OperatorView; page: SignInPage }) {
  const [typed, setTyped] = useState('');
  const add = useCallback((text: string) => setTyped((before) => (before + onlyDigits(text)).slice(0, length)), []);
  const erase = useCallback(() => setTyped((before) => before.slice(0, -1)), []);
  const send = useCallback(() => {
    if (typed.length < length) return;
    askOperator('operator.sign_in', { code: typed });
    setTyped('');
  }, [typed]);
  const leave = useCallback(() => askOperator('operator.leave', {}), []);
  useTypedKeys({ onSign: add, onPaste: add, onErase: erase, onDone: send, onLeave: leave });
  return (
    <OperatorFrame
      view={view}
      below={
        <>
          <TypedCode field="op.signIn.field" typed={typed} length={length} group={3} />
          <CodePad signs="1234567890" kind="digits" onSign={add} onErase={erase} />
        </>
      }
      feet={
        <div className="feet__go feet__go--wide">
          <Button size="big" before={ArrowLeftIcon} onPress={leave}>
            <OperatorSay id="op.leave" />
          </Button>
          <Button
            size="big"
            kind="go"
            spread
            after={ArrowRightIcon}
            isDisabled={typed.length < length || page.waitSeconds > 0}
            onPress={send}
          >
            <OperatorSay id="op.signIn.done" />
          </Button>
        </div>
      }
    >
      <Title>
        <OperatorSay id="op.signIn.title" />
      </Title>
      <p className="question__hint">
        <OperatorSay id="op.signIn.hint" />
      </p>
      {page.waitSeconds > 0 ? <Wait seconds={page.waitSeconds} /> : page.wrong && typed === '' && <Wrong />}
    </OperatorFrame>
  );
}

function Wrong() {
  return (
    <Care icon={WarningCircleIcon} urgent>
      <OperatorSay id="op.signIn.wrong" />
    </Care>
  );
}

/** Said once; only the eye follows the seconds. */
function Wait({ seconds }: { seconds: number }) {
  return (
    <Care icon={HourglassMediumIcon} urgent>
      <OperatorSay id="op.signIn.wait" /> <Seconds seconds={seconds} />
    </Care>
  );
}
