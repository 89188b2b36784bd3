import { Icon } from './icon.tsx';
import { WarningCircleIcon } from './icons.ts';

/** The same words as in the summary above. */
export function FieldProblem({ say }: { say: string | null }) {
  return (
    <span className="problem">
      <Icon of={WarningCircleIcon} />
      <span>{say}</span>
    </span>
  );
}
