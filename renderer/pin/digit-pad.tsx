import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { Say, useText } from '../i18n/words.tsx';
import { Icon } from '../ui/icon.tsx';
import { BackspaceIcon, HandIcon, KeyboardIcon } from '../ui/icons.ts';
import { names } from '../ui/names.ts';
import { askPin } from './ask-pin.ts';

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;

/** The keys as on a bank's terminal, in that order: hands remember a code by its places. */
export function DigitPad() {
  const text = useText();
  return (
    <div className="pad">
      {/* biome-ignore lint/a11y/useSemanticElements: keys are no fieldset */}
      <div className="pad__keys" role="group" aria-label={text('pin.keys')}>
        {digits.map((digit) => (
          <Key key={digit} onPress={() => askPin('pin.digit', { digit })}>
            {digit}
          </Key>
        ))}
        <Key name={text('pin.eraseName')} onPress={() => askPin('pin.erase', {})}>
          <Icon of={BackspaceIcon} />
          <span>
            <Say id="pin.erase" />
          </span>
        </Key>
      </div>
      <div className="pad__side">
        <p className="pad__tip">
          <Icon of={HandIcon} />
          <span>
            <Say id="pin.hand" />
          </span>
        </p>
        <p className="pad__tip">
          <Icon of={KeyboardIcon} />
          <span>
            <Say id="pin.length" />
          </span>
        </p>
      </div>
    </div>
  );
}

type KeyProps = { name?: string; onPress: () => void; children: ReactNode };

/** A touch leaves the focus where it is: it would show the last digit, and Enter would type it once more. */
function Key({ name, onPress, children }: KeyProps) {
  return (
    <AriaButton
      className={names('pad__key', name !== undefined && 'pad__key--word')}
      preventFocusOnPress
      onPress={onPress}
      {...(name !== undefined && { 'aria-label': name })}
    >
      {children}
    </AriaButton>
  );
}
