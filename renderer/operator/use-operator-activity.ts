import { useEffect } from 'react';
import { askOperator } from './ask-operator.ts';

const activity = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

/** Tells main that somebody is here: at once, and then at most once a second. */
export function useOperatorActivity(): void {
  useEffect(() => {
    let quietUntil = 0;
    const report = (event: Event) => {
      if (event.timeStamp < quietUntil) return;
      quietUntil = event.timeStamp + 1000;
      askOperator('operator.active', {});
    };
    for (const type of activity) window.addEventListener(type, report, { capture: true, passive: true });
    return () => {
      for (const type of activity) window.removeEventListener(type, report, { capture: true });
    };
  }, []);
}
