import { useEffect, useRef } from 'react';
import type { KioskView, ScreenView, TicketView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { useDates } from '../i18n/dates.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import {
  ArrowRightIcon,
  ChatTextIcon,
  HourglassMediumIcon,
  IdentificationCardIcon,
  PaperPlaneTiltIcon,
  UserFocusIcon,
} from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Payment } from '../ui/payment.tsx';
import { ProductLine } from '../ui/product-line.tsx';
import { Qr } from '../ui/qr.tsx';
import { Title } from '../ui/title.tsx';
import { playTone } from '../ui/tone.ts';
import { Track, TrackItem } from '../ui/track.tsx';
import { Who } from '../ui/who.tsx';

type KeptView = Extract<ScreenView, { name: 'kept' }>;

/** The state is the heading: kept is not yet received, and the page says which. */
export function KeptScreen({ view, screen }: { view: KioskView; screen: KeptView }) {
  const state = screen.ticket.receivedAt === null ? 'kept' : 'received';
  useToneOnReceipt(state === 'received');
  return (
    <Page
      className="kept"
      who={<Who view={view} />}
      where={
        <ProductLine product={screen.ticket.product}>
          <Say id="where.done" />
        </ProductLine>
      }
      feet={
        <Feet view={view} split="even">
          <Button size="big" onPress={() => ask('visit.catalogue', {})}>
            <Say id="kept.more" />
          </Button>
          <Button size="big" kind="go" spread after={ArrowRightIcon} onPress={() => ask('visit.stop', { why: 'stopped' })}>
            <Say id="kept.close" />
          </Button>
        </Feet>
      }
    >
      <Title>
        <Say id={`kept.title.${state}`} />
      </Title>
      <p className="question__hint" role="status">
        <Say id={`kept.lead.${state}`} />
      </p>
      <Way view={view} screen={screen} short={screen.payment !== null} />
      <Ticket town={view.town} ticket={screen.ticket} state={state} />
      {screen.payment && (
        <Payment {...screen.payment}>
          <Say id={screen.payment.phone ? 'kept.pay.phone' : 'kept.pay.deskOnly'} />
        </Payment>
      )}
      <div className="after">
        <p>
          <Say id="kept.whatNext" values={{ what: screen.whatNext }} />
        </p>
        {screen.requestOnly && <p>{screen.requestOnly}</p>}
      </div>
      {screen.cardStillIn && (
        <Care icon={IdentificationCardIcon}>
          <Say id="kept.cardIn" />
        </Care>
      )}
    </Page>
  );
}

/** `short`: what is still open alone, so that what there is to pay stands on the same page. */
function Way({ view, screen, short }: { view: KioskView; screen: KeptView; short: boolean }) {
  const text = useText();
  const dates = useDates();
  const { keptAt, receivedAt } = screen.ticket;
  if (short) {
    return (
      <Track label={text('kept.track')}>
        <SendingItem view={view} screen={screen} />
      </Track>
    );
  }
  return (
    <Track label={text('kept.track')}>
      <TrackItem done icon={HourglassMediumIcon} title={<Say id="kept.step.kept" />}>
        <Say id="kept.at" values={{ time: dates.time(keptAt) }} />
      </TrackItem>
      <SendingItem view={view} screen={screen} />
      <TrackItem done={receivedAt !== null} icon={ChatTextIcon} title={<Say id="kept.step.received" />}>
        {receivedAt === null ? <Say id="kept.follow" /> : <Say id="kept.at" values={{ time: dates.time(receivedAt) }} />}
      </TrackItem>
    </Track>
  );
}

/** The middle step: sent, on its way, waiting for the line, or in the hands of a person. */
function SendingItem({ view, screen }: { view: KioskView; screen: KeptView }) {
  if (screen.ticket.receivedAt !== null) return <TrackItem done icon={PaperPlaneTiltIcon} title={<Say id="kept.step.sent" />} />;
  if (screen.needsAttention) {
    return (
      <TrackItem done={false} icon={UserFocusIcon} title={<Say id="kept.step.attention" />}>
        <Say id="kept.attention" />
      </TrackItem>
    );
  }
  if (view.line.state === 'down') {
    return (
      <TrackItem done={false} icon={HourglassMediumIcon} title={<Say id="kept.step.sendLater" />}>
        <NoLine since={view.line.since} />
      </TrackItem>
    );
  }
  return (
    <TrackItem done={false} icon={PaperPlaneTiltIcon} title={<Say id="kept.step.sending" />}>
      <Say id="kept.sendingNow" />
    </TrackItem>
  );
}

function NoLine({ since }: { since: string | null }) {
  const dates = useDates();
  return since === null ? <Say id="kept.noLine" /> : <Say id="kept.noLineSince" values={{ time: dates.time(since) }} />;
}

/**
 * What is photographed says the day and not the minute: whoever finds it does not learn when somebody stood here. After the
 * receipt the code is the receipt's. Whoever photographed the ticket's keeps something that is still true.
 */
function Ticket({ town, ticket, state }: { town: string; ticket: TicketView; state: 'kept' | 'received' }) {
  const text = useText();
  const dates = useDates();
  const paper = ticket.receiptUrl === undefined ? 'ticket' : 'receipt';
  return (
    <section className="ticketbox" aria-label={text(`kept.${paper}`)}>
      <div className={`ticket ticket--${paper}`}>
        <p className="ticket__town">{town}</p>
        <Qr text={ticket.receiptUrl ?? ticket.url} label={text(`kept.${paper}.qr`)} />
        <p className="ticket__small">{paper === 'receipt' ? <Say id="kept.receipt" /> : <Say id={`kept.ticket.state.${state}`} />}</p>
        <p className="ticket__small">{dates.dayOf(ticket.receivedAt ?? ticket.keptAt)}</p>
      </div>
      <div className="ticketbox__say">
        <h2>
          <Say id={`kept.${paper}.title`} />
        </h2>
        <p className="reference">
          <span>
            <Say id="kept.ticket.code" />
          </span>
          <strong>{ticket.reference}</strong>
        </p>
        <p>
          <Say id={`kept.${paper}.say`} />
        </p>
      </div>
    </section>
  );
}

/** The quiet "done", when the receipt comes while somebody looks. */
function useToneOnReceipt(received: boolean): void {
  const before = useRef(received);
  useEffect(() => {
    if (received && !before.current) playTone('done');
    before.current = received;
  }, [received]);
}
