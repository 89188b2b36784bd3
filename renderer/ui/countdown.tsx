import { type ReactNode, useEffect, useState } from 'react';
import type { Language } from '../../contract/language.ts';
import { spellNumber } from '../i18n/number-words.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Steps } from './steps.tsx';
import { playTone } from './tone.ts';

type CountdownProps = { secondsLeft: number; seconds: number; language: Language; beside?: boolean; children?: ReactNode };

/** Time that is left as a number, in words and as a bar, and in a tone. Ink in the bar is time left. */
export function Countdown({ secondsLeft, seconds, language, beside, children }: CountdownProps) {
  const pieces = Math.max(1, Math.ceil(seconds / 5));
  const left = Math.ceil((secondsLeft / Math.max(1, seconds)) * pieces);
  const words = spellNumber(language, secondsLeft);
  return (
    <div className={beside ? 'count count--beside' : 'count'}>
      <p className="count__number" aria-hidden={true}>
        {secondsLeft}
      </p>
      <div role="timer" className="count__words">
        <p className="count__say">
          <Say id="count.words" values={{ words, seconds: secondsLeft }} />
        </p>
        {children}
      </div>
      <Steps at={left} of={pieces} />
      <Spoken secondsLeft={secondsLeft} />
    </div>
  );
}

/** A voice that counts every second drowns out what to do: said at the start, at 20 and at 10, each with a tone. */
function Spoken({ secondsLeft }: { secondsLeft: number }) {
  const [said, setSaid] = useState(secondsLeft);
  const mark = secondsLeft <= 10 ? 10 : secondsLeft <= 20 ? 20 : Number.POSITIVE_INFINITY;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the marks are the occasions, not each second
  useEffect(() => {
    playTone('attention');
    setSaid(secondsLeft);
  }, [mark]);
  const text = useText();
  return (
    <p className="unseen" aria-live="assertive">
      {text('count.spoken', { seconds: said })}
    </p>
  );
}
