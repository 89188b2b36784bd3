import type { ReactNode } from 'react';
import type { KioskView, PinProblem } from '../../contract/view.ts';
import type { MessageId } from '../i18n/messages.ts';
import { Say } from '../i18n/words.tsx';
import { Feet } from '../ui/feet.tsx';
import {
  ArrowCounterClockwiseIcon,
  ArrowRightIcon,
  IdentificationCardIcon,
  type Pictogram,
  ShieldCheckIcon,
  UserFocusIcon,
} from '../ui/icons.ts';
import { Sign, Signs } from '../ui/mark.tsx';
import { Care, Tip } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { ProductLine } from '../ui/product-line.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';

/** What helps against each cause: trying again (where that makes sense), and what the desk does for it. */
const advice: Record<PinProblem, { again: MessageId; desk: MessageId }> = {
  wrong_pin: { again: 'pinProblem.do.again', desk: 'pin.forgot' },
  pin_blocked: { again: 'pinProblem.do.again', desk: 'pinProblem.do.unblock' },
  cancelled: { again: 'pinProblem.do.again', desk: 'pin.forgot' },
  card_gone: { again: 'pinProblem.do.again', desk: 'pinProblem.do.desk' },
  no_certificate: { again: 'pinProblem.do.again', desk: 'pinProblem.do.deskOnly' },
  no_way: { again: 'pinProblem.do.again', desk: 'pinProblem.do.deskOnly' },
  not_verified: { again: 'pinProblem.do.again', desk: 'pinProblem.do.desk' },
  unsupported: { again: 'pinProblem.do.again', desk: 'pinProblem.do.deskOnly' },
  answer_lost: { again: 'pinProblem.do.sure', desk: 'pin.forgot' },
  failed: { again: 'pinProblem.do.again', desk: 'pinProblem.do.desk' },
  no_line: { again: 'pinProblem.do.later', desk: 'pinProblem.do.desk' },
  certificate_not_proven: { again: 'pinProblem.do.again', desk: 'pinProblem.do.deskOnly' },
  certificate_expired: { again: 'pinProblem.do.again', desk: 'pinProblem.do.renew' },
  revoked: { again: 'pinProblem.do.again', desk: 'pinProblem.do.ask' },
  revocation_unknown: { again: 'pinProblem.do.later', desk: 'pinProblem.do.desk' },
  not_accepted: { again: 'pinProblem.do.again', desk: 'pinProblem.do.desk' },
};

type ProblemProps = {
  view: KioskView;
  product: string;
  problem: PinProblem;
  use: 'authentication' | 'signature';
  triesLeft: number | null;
  again: boolean;
  without: boolean;
  filledIn: boolean;
  /** The ways on. */
  children: ReactNode;
};

/** What happened, whose fault it is not, and what to do: each cause its own sentence. */
export function PinProblemPage({ view, product, problem, use, triesLeft, again, without, filledIn, children }: ProblemProps) {
  const said = use === 'signature' ? ofSignature(problem) : problem;
  return (
    <Page
      who={<Who view={view} quiet />}
      where={<ProductLine product={product} />}
      feet={
        <Feet view={view} {...(without && { split: 'even' as const })}>
          {children}
        </Feet>
      }
    >
      <Title size="calm">
        <Say id={`pinProblem.${said}.title`} />
      </Title>
      <p className="lead">
        <Say id={`pinProblem.${said}.lead`} />
      </p>
      {triesLeft !== null && triesLeft > 0 && (
        <Care icon={IdentificationCardIcon}>
          <Say id="pin.tries" values={{ tries: triesLeft }} />
        </Care>
      )}
      <section className="calm" aria-labelledby="what-now">
        <h2 id="what-now">
          <Say id="refused.what" />
        </h2>
        <Signs stacked>
          {again && <Advice icon={ArrowCounterClockwiseIcon} id={advice[problem].again} desk={view.desk} />}
          {without && <Advice icon={ArrowRightIcon} id="pinProblem.do.without" desk={view.desk} />}
          <Advice icon={UserFocusIcon} id={advice[problem].desk} desk={view.desk} />
        </Signs>
      </section>
      <Tip icon={ShieldCheckIcon}>
        <Say id="pinProblem.note" /> {filledIn && <Say id="answers.kept" />}
      </Tip>
    </Page>
  );
}

/** The words of signing in would be false of the key that signs. */
function ofSignature(problem: PinProblem): PinProblem | 'no_signature' | 'signer_revoked' {
  if (problem === 'no_certificate') return 'no_signature';
  return problem === 'revoked' ? 'signer_revoked' : problem;
}

function Advice({ icon, id, desk }: { icon: Pictogram; id: MessageId; desk: string }) {
  return (
    <Sign icon={icon}>
      <Say id={id} values={{ desk }} />
    </Sign>
  );
}
