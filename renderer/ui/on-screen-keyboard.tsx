import { useEffect, useRef, useState } from 'react';
import { KeyboardReact } from 'react-simple-keyboard';
import { useText } from '../i18n/words.tsx';
import { useKiosk } from '../state/kiosk-store.ts';
import { digitsLayout, emailLayout, type KeyboardKind, type Layer, lettersLayout } from './keyboard-layouts.ts';

type KeyboardProps = {
  kind: KeyboardKind;
  /** How many boxes on this page take typing. */
  boxes: number;
  /** A character, `{space}` or `{bksp}`. `byTouch` is false when the key was pressed with a physical keyboard. */
  onKey: (key: string, byTouch: boolean) => void;
  onMove: (step: 1 | -1) => void;
};

const line = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
const shiftDrawing = `<svg viewBox="0 0 24 24" aria-hidden="true" ${line}><path d="M12 3.5 3.5 12H8v8h8v-8h4.5z"/></svg>`;
const backspaceDrawing = `<svg viewBox="0 0 24 24" aria-hidden="true" ${line}><path d="M8 5h13v14H8L2.5 12zM12 9.5l5 5M17 9.5l-5 5"/></svg>`;

/** Part of the page, never over it. Pressing a key leaves the focus in the box that is being filled in. */
export function OnScreenKeyboard({ kind, boxes, onKey, onMove }: KeyboardProps) {
  const text = useText();
  const order = useKiosk((state) => state.keyboardOrder);
  const orderKeys = useKiosk((state) => state.orderKeys);
  const [shifted, setShifted] = useState(false);
  const [layer, setLayer] = useState<Layer>('plain');
  const layout =
    kind === 'email' ? emailLayout(order) : kind === 'letters' ? lettersLayout(order, layer, shifted) : digitsLayout(boxes, kind);
  const frame = useRef<HTMLDivElement>(null);
  const keepFocusOn = useKeptFocus(frame, layout.join(' '));

  const press = (key: string, byTouch: boolean) => {
    keepFocusOn(byTouch ? null : key);
    switch (key) {
      case '{shift}':
        return setShifted(!shifted);
      case '{accents}':
        return setLayer('accents');
      case '{letters}':
        return setLayer('plain');
      case '{alphabet}':
        return orderKeys('alphabet');
      case '{azerty}':
        return orderKeys('azerty');
      case '{previous}':
        return onMove(-1);
      case '{next}':
        return onMove(1);
      default:
        // One capital at a time: a lock that nobody notices makes a whole address shout.
        if (key !== '{bksp}') setShifted(false);
        return onKey(key, byTouch);
    }
  };

  const named = {
    '{shift}': text('keyboard.shift'),
    '{bksp}': text('keyboard.backspace'),
    // The words that are seen stay in the name that is heard (WCAG 2.5.3).
    '{accents}': `${text('keyboard.accents')}: ${text('keyboard.accentsName')}`,
    '{alphabet}': `${text('keyboard.alphabet')}: ${text('keyboard.alphabetName')}`,
    '{azerty}': `${text('keyboard.azerty')}: ${text('keyboard.azertyName')}`,
    '@': text('keyboard.at'),
    '+': text('keyboard.plus'),
    _: text('keyboard.underscore'),
    "'": text('keyboard.apostrophe'),
    '-': text('keyboard.hyphen'),
    '.': text('keyboard.period'),
    ',': text('keyboard.comma'),
  };
  const onKeys = new Set(layout.flatMap((row) => row.split(' ')));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a keyboard is no fieldset
    <div ref={frame} className="keys" role="group" aria-label={text('keyboard.label')}>
      <KeyboardReact
        layout={{ default: layout }}
        layoutName="default"
        theme="keys__board"
        display={{
          '{shift}': shiftDrawing,
          '{bksp}': backspaceDrawing,
          '{space}': text('keyboard.space'),
          '{accents}': text('keyboard.accents'),
          '{letters}': text('keyboard.letters'),
          '{alphabet}': text('keyboard.alphabet'),
          '{azerty}': text('keyboard.azerty'),
          '{previous}': text('keyboard.previous'),
          '{next}': text('keyboard.next'),
        }}
        buttonAttributes={[
          { attribute: 'type', value: 'button' },
          ...Object.entries(named)
            .filter(([key]) => onKeys.has(key))
            .map(([buttons, value]) => ({ attribute: 'aria-label', value, buttons })),
          { attribute: 'aria-pressed', value: String(shifted), buttons: '{shift}' },
        ]}
        useButtonTag
        // Presses, not pointers: a press begins and ends inside the key (VVSG 7.2-H), and Enter and the space bar press too.
        useMouseEvents
        preventMouseDownDefault
        // A hand that trembles or rests must not type a row of the same letter.
        disableButtonHold
        onKeyPress={(key: string, event?: MouseEvent) => press(key, (event?.detail ?? 0) > 0)}
      />
    </div>
  );
}

/** The library draws its keys anew for another layout; who works with Tab would be thrown out of the keyboard. */
function useKeptFocus(frame: { current: HTMLDivElement | null }, layout: string): (key: string | null) => void {
  const pressed = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each new layout
  useEffect(() => {
    const key = pressed.current;
    pressed.current = null;
    if (!key || frame.current?.contains(document.activeElement)) return;
    const keys = [...(frame.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
    const keyOf = (button: HTMLButtonElement) => button.dataset.skbtn?.toLowerCase();
    const inPlace = keys.find((button) => keyOf(button) === key.toLowerCase()) ?? keys.find((button) => keyOf(button) === twins[key]);
    inPlace?.focus();
  }, [layout]);
  return (key) => {
    pressed.current = key;
  };
}

const twins: Readonly<Record<string, string>> = {
  '{accents}': '{letters}',
  '{letters}': '{accents}',
  '{alphabet}': '{azerty}',
  '{azerty}': '{alphabet}',
};
