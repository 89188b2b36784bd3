import type { DockView } from '../../contract/dock.ts';
import { useDates } from '../i18n/dates.ts';
import { Icon } from '../ui/icon.tsx';
import { HourglassMediumIcon } from '../ui/icons.ts';
import { DockSay } from './dock-say.tsx';

/** References and products only: what the middleware may tell a developer. */
export function Received({ view }: { view: DockView }) {
  const dates = useDates();
  return (
    <section className="dock__received" aria-labelledby="received">
      <h2 id="received">
        <DockSay id="dock.received" />
      </h2>
      <p className={view.waiting > 0 ? 'dock__wait dock__wait--care' : 'dock__wait'} role="status">
        <Icon of={HourglassMediumIcon} />
        <span>
          <DockSay id="dock.waiting" values={{ count: view.waiting }} />
        </span>
      </p>
      {view.received.length === 0 ? (
        <p className="dock__note">
          <DockSay id="dock.nothing" />
        </p>
      ) : (
        <ul className="log">
          {view.received.map((item) => (
            <li key={item.reference}>
              <span>{dates.time(item.at)}</span>
              <span>
                <strong>{item.reference}</strong> {item.product}
              </span>
              <span className={item.copies > 1 ? 'log__care' : undefined}>
                <DockSay id="dock.copies" values={{ count: item.copies }} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
