import { useEffect, useRef, useState } from 'react';
import type { ScreenView } from '../../contract/view.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Qr } from '../ui/qr.tsx';

/** To photograph or to write down, and how long that can be done. */
export function GoodbyeCodes({ screen }: { screen: Extract<ScreenView, { name: 'goodbye' }> }) {
  const text = useText();
  return (
    <section className="codes">
      <h2>
        <Say id="goodbye.codes" values={{ count: screen.tickets.length }} />
      </h2>
      {screen.secondsLeft === null ? (
        <p>
          <Say id="goodbye.timeCard" />
        </p>
      ) : (
        <Time secondsLeft={screen.secondsLeft} />
      )}
      <ul className="codes__list">
        {screen.tickets.map(({ reference, url }) => (
          <li key={reference} className="code">
            <Qr text={url} label={text('goodbye.qr', { reference })} />
            <strong>{reference}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Time({ secondsLeft }: { secondsLeft: number }) {
  return (
    <>
      <p role="timer">
        <Say id="goodbye.time" values={{ seconds: secondsLeft }} />
      </p>
      <SpokenTime secondsLeft={secondsLeft} />
    </>
  );
}

/** Heard when the time begins anew, at 20 and at 10 seconds: a voice that counts every second drowns out the codes. */
function SpokenTime({ secondsLeft }: { secondsLeft: number }) {
  const before = useRef(secondsLeft);
  const [said, setSaid] = useState<number | null>(null);
  const text = useText();
  useEffect(() => {
    const passed = (mark: number) => before.current > mark && secondsLeft <= mark;
    if (secondsLeft > before.current || passed(20) || passed(10)) setSaid(secondsLeft);
    before.current = secondsLeft;
  }, [secondsLeft]);
  return (
    <p className="unseen" role="status">
      {said !== null && text('goodbye.time', { seconds: said })}
    </p>
  );
}
