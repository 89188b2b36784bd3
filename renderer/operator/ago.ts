import { type OperatorMessageId, useOperatorText } from './operator-say.tsx';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, in the largest unit of which there are two or more. A moment that is still to come is now: clocks differ. */
export function measureAgo(then: string, now: string): { unit: 'now' | 'minutes' | 'hours' | 'days'; count: number } {
  const passed = Math.max(0, Date.parse(now) - Date.parse(then));
  if (passed < 2 * minute) return { unit: 'now', count: 0 };
  if (passed < 2 * hour) return { unit: 'minutes', count: Math.floor(passed / minute) };
  if (passed < 2 * day) return { unit: 'hours', count: Math.floor(passed / hour) };
  return { unit: 'days', count: Math.floor(passed / day) };
}

export function useAgo(now: string): (then: string) => string {
  const text = useOperatorText();
  return (then) => {
    const { unit, count } = measureAgo(then, now);
    return text(`op.ago.${unit}` satisfies OperatorMessageId, { count });
  };
}
