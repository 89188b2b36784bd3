import { useId } from 'react';
import type { PinView } from '../../contract/pin.ts';
import { Say } from '../i18n/words.tsx';
import { IdentificationCardIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Source } from '../ui/source.tsx';

/** How many digits there are, as dots and in words. No empty places: a code has 4 to 12 digits. It is no input: nothing to read back. */
export function TypedDigits({ view }: { view: PinView }) {
  const name = useId();
  return (
    <div className="digits">
      {view.wrong && <Wrong triesLeft={view.wrong.triesLeft} />}
      <p className="field__name" id={name}>
        <Say id="pin.field" />
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: dots are no fieldset */}
      <div className="digits__box" role="group" aria-labelledby={name}>
        <span className="digits__dots" aria-hidden={true}>
          {Array.from({ length: view.typed }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: dots are told apart by nothing else
            <i key={index} />
          ))}
        </span>
        <span className="digits__count" role="status">
          <Say id="pin.typed" values={{ count: view.typed }} />
        </span>
      </div>
      {!view.wrong && view.triesLeft !== null && (
        <Source icon={IdentificationCardIcon}>
          <Say id="pin.tries" values={{ tries: view.triesLeft }} />
        </Source>
      )}
    </div>
  );
}

function Wrong({ triesLeft }: { triesLeft: number | null }) {
  return (
    <Care icon={WarningCircleIcon} urgent>
      {triesLeft === null ? <Say id="pin.wrong" /> : <Say id="pin.wrongTries" values={{ tries: triesLeft }} />}
    </Care>
  );
}
