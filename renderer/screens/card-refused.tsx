import type { KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import type { MessageId } from '../i18n/messages.ts';
import { Say } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import {
  ArrowCounterClockwiseIcon,
  ArrowDownIcon,
  ArrowRightIcon,
  EjectIcon,
  EraserIcon,
  IdentificationCardIcon,
  ListMagnifyingGlassIcon,
  type Pictogram,
  ShieldCheckIcon,
  UserFocusIcon,
  UserIcon,
} from '../ui/icons.ts';
import { Sign, Signs } from '../ui/mark.tsx';
import { Tip } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { WhoBand } from '../ui/who-band.tsx';

type RefusedView = Extract<ScreenView, { name: 'card_refused' }>;
type Advice = { icon: Pictogram; id: MessageId };

const deskCard: Advice = { icon: UserFocusIcon, id: 'refused.do.deskCard' };
const otherCard: Advice = { icon: IdentificationCardIcon, id: 'refused.do.otherCard' };
const without: Advice = { icon: ListMagnifyingGlassIcon, id: 'refused.do.without' };
const desk: Advice = { icon: UserFocusIcon, id: 'refused.do.desk' };
const withoutFirst: Advice = { icon: ListMagnifyingGlassIcon, id: 'refused.do.withoutFirst' };
const deskReader: Advice = { icon: UserFocusIcon, id: 'refused.do.deskReader' };

/** Each cause its own advice, the likeliest help first. A card that is not proven accuses nobody. */
const advice: Record<RefusedView['reason'], readonly Advice[]> = {
  not_proven: [deskCard, otherCard, without],
  issuer_unknown: [deskCard, otherCard, without],
  issuer_dates: [deskCard, otherCard, without],
  not_genuine: [deskCard, otherCard, without],
  revoked: [deskCard, otherCard, without],
  not_an_eid: [{ icon: IdentificationCardIcon, id: 'refused.do.swap' }, desk, without],
  unreadable: [{ icon: EraserIcon, id: 'refused.do.clean' }, { icon: ArrowDownIcon, id: 'refused.do.turn' }, desk, without],
  no_reader: [withoutFirst, deskReader],
  needs_attention: [withoutFirst, { icon: EjectIcon, id: 'refused.do.takeOut' }, deskReader],
};

/** Where reading the card again cannot help, going on without it is the next step. */
const readerIsGone: Record<RefusedView['reason'], boolean> = {
  not_proven: false,
  issuer_unknown: false,
  issuer_dates: false,
  not_genuine: false,
  revoked: false,
  not_an_eid: false,
  unreadable: false,
  no_reader: true,
  needs_attention: true,
};

export function CardRefusedScreen({ view, screen }: { view: KioskView; screen: RefusedView }) {
  const { reason } = screen;
  return (
    <Page
      who={
        <WhoBand
          icon={UserIcon}
          name={<Say id="who.unknown" />}
          trustIcon={IdentificationCardIcon}
          trust={<Say id={`refused.${reason}.who`} />}
        />
      }
      feet={<Feet view={view}>{readerIsGone[reason] ? <WithoutFirst /> : <AgainFirst />}</Feet>}
    >
      <Title size="calm">
        <Say id={`refused.${reason}.title`} />
      </Title>
      <p className="lead">
        <Say id={`refused.${reason}.lead`} />
      </p>
      <section className="calm" aria-labelledby="what-now">
        <h2 id="what-now">
          <Say id="refused.what" />
        </h2>
        <Signs stacked>
          {advice[reason].map(({ icon, id }) => (
            <Sign key={id} icon={icon}>
              <Say id={id} values={{ desk: view.desk, kiosk: view.kiosk }} />
            </Sign>
          ))}
        </Signs>
      </section>
      <Tip icon={ShieldCheckIcon}>
        <Say id={`refused.${reason}.note`} />
      </Tip>
    </Page>
  );
}

function AgainFirst() {
  return (
    <>
      <Button size="big" onPress={() => ask('visit.catalogue', {})}>
        <Say id="button.withoutCard" />
      </Button>
      <Button size="big" kind="go" spread after={ArrowCounterClockwiseIcon} onPress={() => ask('card.again', {})}>
        <Say id="refused.again" />
      </Button>
    </>
  );
}

function WithoutFirst() {
  return (
    <>
      <Button size="big" onPress={() => ask('card.again', {})}>
        <Say id="refused.try" />
      </Button>
      <Button size="big" kind="go" spread after={ArrowRightIcon} onPress={() => ask('visit.catalogue', {})}>
        <Say id="refused.goWithout" />
      </Button>
    </>
  );
}
