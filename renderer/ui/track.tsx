import type { ReactNode } from 'react';
import { Say } from '../i18n/words.tsx';
import { Icon } from './icon.tsx';
import { CheckIcon, type Pictogram } from './icons.ts';

/** What is done and what is open, in order: filled and dashed, and said in words. */
export function Track({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol className="track" aria-label={label}>
      {children}
    </ol>
  );
}

type TrackItemProps = { done: boolean; icon: Pictogram; title: ReactNode; children?: ReactNode };

export function TrackItem({ done, icon, title, children }: TrackItemProps) {
  return (
    <li className={done ? 'track__item is-done' : 'track__item'}>
      <span className="track__mark">
        <Icon of={done ? CheckIcon : icon} />
      </span>
      <div>
        <p className="track__name">
          <span className="unseen">
            <Say id={done ? 'kept.done' : 'kept.open'} />
          </span>
          {title}
        </p>
        {children && <p className="track__more">{children}</p>}
      </div>
    </li>
  );
}
