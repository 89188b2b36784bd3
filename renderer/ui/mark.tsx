import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { Pictogram } from './icons.ts';

/** A pictogram in a round field: a picture for a sentence, nothing to press. */
export function Mark({ icon }: { icon: Pictogram }) {
  return (
    <span className="mark">
      <Icon of={icon} />
    </span>
  );
}

export function Signs({ stacked, children }: { stacked?: boolean; children: ReactNode }) {
  return <ul className={stacked ? 'signs signs--stacked' : 'signs'}>{children}</ul>;
}

export function Sign({ icon, children }: { icon: Pictogram; children: ReactNode }) {
  return (
    <li>
      <Mark icon={icon} />
      <p>{children}</p>
    </li>
  );
}
