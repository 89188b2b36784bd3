import { type ReactNode, useEffect, useRef } from 'react';

/** The page's heading. A new page begins here for whoever reads with keys or ears, unless something more urgent asks. */
export function Title({ size, takesFocus = true, children }: { size?: 'wall' | 'calm'; takesFocus?: boolean; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) heading.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  return (
    <h1 ref={heading} tabIndex={-1} className={size && `title--${size}`}>
      {children}
    </h1>
  );
}
