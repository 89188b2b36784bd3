import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { Pictogram } from './icons.ts';

/** A source, or another small truth, beside what it is about. */
export function Source({ icon, children }: { icon: Pictogram; children: ReactNode }) {
  return (
    <p className="src">
      <Icon of={icon} />
      <span>{children}</span>
    </p>
  );
}
