import { type ReactNode, useEffect, useRef } from 'react';
import { ask } from '../api.ts';
import { TownBand } from './who-band.tsx';

const heldMs = 5_000;

/** Staff press the town's name for five seconds. It is no button: a visitor has nothing to find there, and keys have a chord. */
export function StaffTown({ town, children }: { town: string; children: ReactNode }) {
  const name = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = name.current;
    if (!place) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const release = () => clearTimeout(timer);
    const press = () => {
      release();
      timer = setTimeout(() => ask('operator.open', {}), heldMs);
    };
    place.addEventListener('pointerdown', press);
    for (const end of ['pointerup', 'pointerleave', 'pointercancel']) place.addEventListener(end, release);
    return () => {
      release();
      place.removeEventListener('pointerdown', press);
      for (const end of ['pointerup', 'pointerleave', 'pointercancel']) place.removeEventListener(end, release);
    };
  }, []);
  return (
    <div className="who__held" ref={name}>
      <TownBand town={town}>{children}</TownBand>
    </div>
  );
}
