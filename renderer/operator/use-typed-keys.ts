import { useEffect } from 'react';

type TypedKeys = {
  /** A letter or a digit of a keyboard that stands beside the kiosk, or of a reader of printed codes that acts as one. */
  onSign: (sign: string) => void;
  onPaste: (text: string) => void;
  onErase: () => void;
  onDone: () => void;
  onLeave: () => void;
};

/**
 * Digits are also taken by the place of the key: on a Belgian keyboard the row above the letters gives signs unless shift
 * is held.
 */
export function useTypedKeys({ onSign, onPaste, onErase, onDone, onLeave }: TypedKeys): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
      const sign = /^[a-z0-9]$/i.exec(event.key)?.[0] ?? /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
      if (sign) onSign(sign);
      else if (event.key === 'Backspace') onErase();
      else if (event.key === 'Escape') onLeave();
      else if (event.key === 'Enter' && !isOnButton(event.target)) onDone();
      else return;
      event.preventDefault();
    };
    const paste = (event: ClipboardEvent) => onPaste(event.clipboardData?.getData('text/plain') ?? '');
    window.addEventListener('keydown', press, { capture: true });
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('keydown', press, { capture: true });
      window.removeEventListener('paste', paste);
    };
  }, [onSign, onPaste, onErase, onDone, onLeave]);
}

/** Enter on a button presses that button. */
function isOnButton(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button') !== null;
}
