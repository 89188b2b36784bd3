import { names } from './names.ts';

/** A bar in pieces, for the eye: the same is always said in words beside it. Done is filled, here is taller. */
export function Steps({ at, of }: { at: number; of: number }) {
  return (
    <div className="steps" aria-hidden={true}>
      {Array.from({ length: of }, (_, index) => index + 1).map((step) => (
        <i key={step} className={names(step < at && 'is-done', step === at && 'is-here') || undefined} />
      ))}
    </div>
  );
}
