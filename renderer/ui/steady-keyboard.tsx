import { memo, useCallback, useLayoutEffect, useRef } from 'react';
import { OnScreenKeyboard } from './on-screen-keyboard.tsx';
import type { Typing } from './use-typing.ts';

const Keys = memo(OnScreenKeyboard);
const stay = () => undefined;

/** Letters for one box. Its library makes every key anew when it is drawn again: a key pressed draws none of them. */
export function SteadyKeyboard({ typing }: { typing: Typing }) {
  const newest = useRef(typing.press);
  useLayoutEffect(() => {
    newest.current = typing.press;
  });
  const press = useCallback((key: string, byTouch: boolean) => newest.current(key, byTouch), []);
  return <Keys kind="letters" boxes={1} onKey={press} onMove={stay} />;
}
