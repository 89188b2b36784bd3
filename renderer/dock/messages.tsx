import type { DockView } from '../../contract/dock.ts';
import { useDates } from '../i18n/dates.ts';
import { DockSay } from './dock-say.tsx';

/** In place of somebody's telephone and letter box: codes are read here. */
export function Messages({ messages }: { messages: DockView['messages'] }) {
  const dates = useDates();
  return (
    <section className="dock__received" aria-labelledby="messages">
      <h2 id="messages">
        <DockSay id="dock.messages" />
      </h2>
      {messages.length === 0 ? (
        <p className="dock__note">
          <DockSay id="dock.noMessages" />
        </p>
      ) : (
        <ul className="log">
          {messages.map(({ at, to, text }) => (
            <li key={`${at} ${to} ${text}`}>
              <span>{dates.time(at)}</span>
              <span>
                <strong>
                  <DockSay id="dock.messageTo" values={{ to }} />
                </strong>
                {text}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
