import type { Pictogram } from './icons.ts';

/** A pictogram beside its word: never alone, so it says nothing to a screen reader. */
export function Icon({ of: Drawing }: { of: Pictogram }) {
  return <Drawing className="icon" weight="bold" size="1.2em" aria-hidden={true} focusable={false} />;
}
