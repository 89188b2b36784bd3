import { unreachable } from '../../contract/result.ts';
import type { KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { ArrowCounterClockwiseIcon, ArrowLeftIcon, ArrowRightIcon, UserIcon } from '../ui/icons.ts';
import { CardAtWork } from './card-at-work.tsx';
import { PinElsewhere } from './pin-elsewhere.tsx';
import { PinProblemPage } from './pin-problem.tsx';

type SignInView = Extract<ScreenView, { name: 'sign_in' }>;

/** Signing in with the PIN, which is never typed on this page. */
export function SignInScreen({ view, screen }: { view: KioskView; screen: SignInView }) {
  const { stage, triesLeft } = screen;
  const product = useProduct(screen);
  switch (stage) {
    case 'preparing':
      return (
        <CardAtWork view={view} product={product} task={stage}>
          <Leave without={screen.without} />
        </CardAtWork>
      );
    case 'pinpad':
    case 'dialog':
    case 'pin_view':
      return (
        <PinElsewhere view={view} product={product} way={stage} triesLeft={triesLeft} why={{ icon: UserIcon, id: 'signIn.why.you' }}>
          {/* A reader or dialog that waits is stopped there, by its own red key. */}
          {stage === 'pin_view' && <Leave without={screen.without} />}
        </PinElsewhere>
      );
    case 'working':
    case 'checking':
      return <CardAtWork view={view} product={product} task={stage} />;
    case 'problem':
      return <Problem view={view} screen={screen} />;
    default:
      return unreachable(stage);
  }
}

function Problem({ view, screen }: { view: KioskView; screen: SignInView }) {
  const { problem, triesLeft, again, without } = screen;
  const product = useProduct(screen);
  return (
    <PinProblemPage
      view={view}
      product={product}
      problem={problem ?? 'failed'}
      use="authentication"
      triesLeft={triesLeft}
      again={again}
      without={without}
      filledIn={screen.filledIn}
    >
      <Leave without={without} next={!again} />
      {again && (
        <Button size="big" kind="go" spread after={ArrowCounterClockwiseIcon} onPress={() => ask('sign_in.again', {})}>
          <Say id="signIn.again" />
        </Button>
      )}
    </PinProblemPage>
  );
}

/** What the PIN is for. */
function useProduct({ product, forFile }: SignInView): string {
  const text = useText();
  return forFile ? text('file.name') : product;
}

/** Back to where the person came from, which is going on without a PIN where the product can be kept without it. */
function Leave({ without, next = false }: { without: boolean; next?: boolean }) {
  const leave = () => ask('sign_in.leave', {});
  if (!without) {
    return (
      <Button size="big" kind={next ? 'go' : 'plain'} before={ArrowLeftIcon} onPress={leave}>
        <Say id="button.back" />
      </Button>
    );
  }
  return (
    <Button size="big" kind={next ? 'go' : 'plain'} {...(next && { spread: true, after: ArrowRightIcon })} onPress={leave}>
      <Say id="signIn.without" />
    </Button>
  );
}
