import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps, ToggleButton } from 'react-aria-components';
import { Icon } from './icon.tsx';
import type { Pictogram } from './icons.ts';
import { names } from './names.ts';

type Look = {
  /** `go` is the next step; there is one on a page. */
  kind?: 'plain' | 'go';
  size?: 'small' | 'usual' | 'big' | 'one';
  /** The words to the left, the pictogram at the far right. */
  spread?: boolean;
  before?: Pictogram;
  after?: Pictogram;
  className?: string;
  children: ReactNode;
};

function lookOf({ kind = 'plain', size = 'usual', spread, className }: Look): string {
  return names('btn', kind === 'go' && 'btn--go', size !== 'usual' && `btn--${size}`, spread && 'btn--spread', className);
}

function Face({ before, after, children }: Look) {
  return (
    <>
      {before && <Icon of={before} />}
      <span className="btn__words">{children}</span>
      {after && <Icon of={after} />}
    </>
  );
}

type ButtonProps = Look &
  Pick<AriaButtonProps, 'onPress' | 'type' | 'form' | 'aria-label' | 'aria-expanded' | 'autoFocus' | 'isDisabled' | 'slot'>;

/** Depth means: this can be pressed. A press must begin and end inside (React Aria's `onPress`). */
export function Button(props: ButtonProps) {
  const {
    kind: _kind,
    size: _size,
    spread: _spread,
    before: _before,
    after: _after,
    className: _className,
    children: _face,
    ...press
  } = props;
  return (
    <AriaButton {...press} className={lookOf(props)}>
      <Face {...props} />
    </AriaButton>
  );
}

type SwitchProps = Look & { isSelected: boolean; onChange: (selected: boolean) => void };

/** A button that stays down: said by its border and its mark, and as "pressed" to a screen reader. */
export function Switch(props: SwitchProps) {
  return (
    <ToggleButton isSelected={props.isSelected} onChange={props.onChange} className={lookOf(props)}>
      <Face {...props} />
    </ToggleButton>
  );
}
