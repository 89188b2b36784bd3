import { ProgressBar } from 'react-aria-components';

/** Something is being done and nobody knows how long it takes. What it is, is said beside it. */
export function Waiting({ label }: { label: string }) {
  return (
    <ProgressBar className="waiting" isIndeterminate aria-label={label}>
      <i />
      <i />
      <i />
    </ProgressBar>
  );
}
