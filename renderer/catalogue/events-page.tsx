import type { EventEntry } from '../../contract/catalogue.ts';
import type { KioskView } from '../../contract/view.ts';
import { useDates } from '../i18n/dates.ts';
import { Say } from '../i18n/words.tsx';
import { useKiosk } from '../state/kiosk-store.ts';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { ArrowLeftIcon } from '../ui/icons.ts';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';
import { useCatalogue } from './catalogue-store.ts';

/** What goes on in this town and beside it, as UiTdatabank last said. */
export function EventsPage({ view }: { view: KioskView }) {
  const events = useCatalogue((state) => state.events);
  const browse = useKiosk((state) => state.browse);
  return (
    <Page
      className="catalogue"
      reading
      who={<Who view={view} />}
      feet={
        <Feet view={view}>
          <Button size="big" before={ArrowLeftIcon} onPress={() => browse({ at: 'home' })}>
            <Say id="button.back" />
          </Button>
        </Feet>
      }
    >
      <Title>
        <Say id="events.title" values={{ town: view.town }} />
      </Title>
      {events.length === 0 && (
        <p className="lead">
          <Say id="events.none" />
        </p>
      )}
      <ul className="events">
        {events.map((event) => (
          <li key={event.id} className="event">
            <h2>{event.name}</h2>
            <p>
              <When event={event} />
            </p>
            <p>{[event.place, event.town].join(', ')}</p>
            <Price price={event.price} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

function When({ event: { from, to } }: { event: EventEntry }) {
  const dates = useDates();
  if (from === null) return <Say id="events.always" />;
  const [begins, ends] = [dates.dayOf(from), to === null ? null : dates.dayOf(to)];
  if (ends === null || ends === begins) return `${begins}, ${dates.time(from)}`;
  return <Say id="events.until" values={{ day: ends }} />;
}

function Price({ price }: { price: number | null }) {
  if (price === null) return null;
  return <p>{price === 0 ? <Say id="events.free" /> : <Say id="events.price" values={{ price }} />}</p>;
}
