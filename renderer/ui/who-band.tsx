import type { ReactNode } from 'react';
import type { Pictogram } from './icons.ts';
import { Mark } from './mark.tsx';
import { Source } from './source.tsx';

type BandProps = { icon: Pictogram; name: ReactNode; trustIcon: Pictogram; trust: ReactNode; children?: ReactNode };

export function WhoBand({ icon, name, trustIcon, trust, children }: BandProps) {
  return (
    <>
      <Mark icon={icon} />
      <div className="who__text">
        <p className="who__name">{name}</p>
        <Source icon={trustIcon}>{trust}</Source>
      </div>
      {children}
    </>
  );
}

/** Before and after a visit there is nobody: then the town speaks. */
export function TownBand({ town, children }: { town: string; children: ReactNode }) {
  return (
    <>
      <p className="who__name who__text">{town}</p>
      <p className="who__aside">{children}</p>
    </>
  );
}
