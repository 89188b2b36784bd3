import { unreachable } from '../../contract/result.ts';
import type { KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { ArrowCounterClockwiseIcon, ArrowLeftIcon, SignatureIcon } from '../ui/icons.ts';
import { CardAtWork } from './card-at-work.tsx';
import { PinElsewhere } from './pin-elsewhere.tsx';
import { PinProblemPage } from './pin-problem.tsx';
import { ReadDocument } from './read-document.tsx';

type SignView = Extract<ScreenView, { name: 'sign' }>;

/** Reading the document, and signing it with the card. What is shown is what is signed: the bytes. */
export function SignScreen({ view, screen }: { view: KioskView; screen: SignView }) {
  const { product, stage, triesLeft } = screen;
  switch (stage) {
    case 'finding_out':
    case 'preparing':
      return (
        <CardAtWork view={view} product={product} task={stage === 'preparing' ? 'document' : 'signer'}>
          <Leave />
        </CardAtWork>
      );
    case 'read':
      return <ReadDocument view={view} screen={screen} />;
    case 'pinpad':
    case 'dialog':
      return <PinElsewhere view={view} product={product} way={stage} triesLeft={triesLeft} why={{ icon: SignatureIcon, id: 'sign.why' }} />;
    case 'problem':
      return <Problem view={view} screen={screen} />;
    default:
      return unreachable(stage);
  }
}

function Problem({ view, screen }: { view: KioskView; screen: SignView }) {
  const { product, problem, triesLeft, again } = screen;
  return (
    <PinProblemPage
      view={view}
      product={product}
      problem={problem ?? 'failed'}
      use="signature"
      triesLeft={triesLeft}
      again={again}
      without={false}
      filledIn={screen.filledIn}
    >
      <Leave next={!again} />
      {again && (
        <Button size="big" kind="go" spread after={ArrowCounterClockwiseIcon} onPress={() => ask('sign.again', {})}>
          <Say id="signIn.again" />
        </Button>
      )}
    </PinProblemPage>
  );
}

function Leave({ next = false }: { next?: boolean }) {
  return (
    <Button size="big" kind={next ? 'go' : 'plain'} before={ArrowLeftIcon} onPress={() => ask('sign.leave', {})}>
      <Say id="button.back" />
    </Button>
  );
}
