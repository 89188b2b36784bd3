import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { Icon } from '../ui/icon.tsx';
import { BackspaceIcon } from '../ui/icons.ts';
import { names } from '../ui/names.ts';
import { OperatorSay, useOperatorText } from './operator-say.tsx';

type PadProps = { signs: string; kind: 'digits' | 'letters'; onSign: (sign: string) => void; onErase: () => void };

/** Keys for a code: the ten digits as on a bank's terminal, or all letters that an enrolment code can have. */
export function CodePad({ signs, kind, onSign, onErase }: PadProps) {
  const text = useOperatorText();
  return (
    <div className="pad op__pad">
      {/* biome-ignore lint/a11y/useSemanticElements: keys are no fieldset */}
      <div className={names('pad__keys', kind === 'letters' && 'op__letters')} role="group" aria-label={text('op.keys')}>
        {[...signs].map((sign) => (
          <Key key={sign} onPress={() => onSign(sign)}>
            {sign}
          </Key>
        ))}
        <Key name={text('op.eraseName')} onPress={onErase}>
          <Icon of={BackspaceIcon} />
          <span>
            <OperatorSay id="op.erase" />
          </span>
        </Key>
      </div>
    </div>
  );
}

/** A touch leaves the focus where it is, so that Enter does not type the key once more. */
function Key({ name, onPress, children }: { name?: string; onPress: () => void; children: ReactNode }) {
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
