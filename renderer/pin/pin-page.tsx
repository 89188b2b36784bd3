import type { PinView } from '../../contract/pin.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { CardPicture } from '../ui/card-picture.tsx';
import {
  ArrowLeftIcon,
  ArrowRightIcon,
  ArrowsClockwiseIcon,
  EyeSlashIcon,
  LockKeyIcon,
  ShieldCheckIcon,
  SignatureIcon,
  UserIcon,
} from '../ui/icons.ts';
import { Sign, Signs } from '../ui/mark.tsx';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { WhoBand } from '../ui/who-band.tsx';
import { askPin } from './ask-pin.ts';
import { DigitPad } from './digit-pad.tsx';
import { TypedDigits } from './typed-digits.tsx';
import { usePinKeys } from './use-pin-keys.ts';

export function PinPage({ view }: { view: PinView }) {
  return view.state === 'working' ? <Working acting={view.acting} /> : <Typing view={view} />;
}

function OwnWindow({ acting }: Pick<PinView, 'acting'>) {
  return (
    <WhoBand icon={LockKeyIcon} name={<Say id="pin.window" />} trustIcon={EyeSlashIcon} trust={<Say id="pin.window.trust" />}>
      {acting !== null && (
        <p className="who__acting">
          <Say id={`pin.acting.${acting}`} />
        </p>
      )}
    </WhoBand>
  );
}

function Typing({ view }: { view: PinView }) {
  const text = useText();
  usePinKeys();
  return (
    <Page
      className="pin"
      who={<OwnWindow acting={view.acting} />}
      below={
        <>
          <TypedDigits view={view} />
          <DigitPad />
        </>
      }
      feet={<PinFeet view={view} />}
    >
      <Title>
        <Say id="pin.title" />
      </Title>
      <p className="question__hint">
        <Say id="pin.for" values={{ product: view.forFile ? text('file.name') : view.product }} />
      </p>
      <Why filledIn={view.filledIn} />
    </Page>
  );
}

function Why({ filledIn }: { filledIn: boolean }) {
  return (
    <Signs>
      <Sign icon={UserIcon}>
        <Say id="signIn.why.you" />
      </Sign>
      <Sign icon={SignatureIcon}>
        <Say id="signIn.why.sign" />
      </Sign>
      <Sign icon={ShieldCheckIcon}>
        <Say id="pin.why.card" />
      </Sign>
      <Sign icon={ArrowsClockwiseIcon}>
        <Say id="pin.why.stop" /> {filledIn && <Say id="pin.why.kept" />}
      </Sign>
    </Signs>
  );
}

function PinFeet({ view }: { view: PinView }) {
  return (
    <>
      <div className="feet__go feet__go--wide">
        <Button size="big" before={ArrowLeftIcon} onPress={() => askPin('pin.cancel', {})}>
          <Say id="pin.stop" />
        </Button>
        <Button size="big" kind="go" spread after={ArrowRightIcon} isDisabled={view.typed < 4} onPress={() => askPin('pin.done', {})}>
          <Say id="pin.done" />
        </Button>
      </div>
      {/* Nobody is kept out by a number they cannot recall (WCAG 2.2, 3.3.8). */}
      <p>
        <Say id="pin.forgot" values={{ desk: view.desk }} />
      </p>
    </>
  );
}

/** Main has the code and the card is at work: nothing to press, since nothing can be taken back. */
function Working({ acting }: Pick<PinView, 'acting'>) {
  const text = useText();
  return (
    <Page className="pin" who={<OwnWindow acting={acting} />} feet={null}>
      <Title size="calm">
        <Say id="pin.working" />
      </Title>
      <p className="lead">
        <Say id="pin.workingMeans" />
      </p>
      <CardPicture shows="still" label={text('reading.picture')} />
      <Waiting label={text('pin.working')} />
    </Page>
  );
}
