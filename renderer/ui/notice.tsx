import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { Pictogram } from './icons.ts';

/** What needs care: a bar, a mark and a sentence, never a colour alone. */
export function Care({ icon, urgent, children }: { icon: Pictogram; urgent?: boolean; children: ReactNode }) {
  return (
    <div className="care" role={urgent ? 'alert' : undefined}>
      <Icon of={icon} />
      <p>{children}</p>
    </div>
  );
}

/** Good to know, without haste. */
export function Tip({ icon, children }: { icon: Pictogram; children: ReactNode }) {
  return (
    <div className="tip">
      <Icon of={icon} />
      <p>{children}</p>
    </div>
  );
}
