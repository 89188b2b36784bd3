import { useEffect } from 'react';
import { askPin } from './ask-pin.ts';

/**
 * A keyboard that stands beside the kiosk types as well. Digits are taken by the place of the key: on a Belgian keyboard
 * the row above the letters gives signs unless shift is held, and nobody should have to find that out with a PIN.
 */
export function usePinKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      // A key that is held down would fill the code by itself, and a shortcut is no digit.
      if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
      const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] ?? /^\d$/.exec(event.key)?.[0];
      if (digit) askPin('pin.digit', { digit });
      else if (event.key === 'Backspace') askPin('pin.erase', {});
      else if (event.key === 'Escape') askPin('pin.cancel', {});
      else if (event.key === 'Enter' && !isOnButton(event.target)) askPin('pin.done', {});
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, []);
}

/** Enter on a button presses that button. */
function isOnButton(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button') !== null;
}
