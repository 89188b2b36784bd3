import { useId } from 'react';
import { names } from '../ui/names.ts';
import { OperatorSay } from './operator-say.tsx';

type TypedProps = { field: 'op.signIn.field' | 'op.enrol.field'; typed: string; length: number; group: number };

/** What was typed so far, in groups, with a line for each sign that is still to come. A code is good once: it may be read. */
export function TypedCode({ field, typed, length, group }: TypedProps) {
  const name = useId();
  const groups = Array.from({ length: length / group }, (_, at) => typed.slice(at * group, (at + 1) * group).padEnd(group, '_'));
  return (
    <div className="digits">
      <p className="field__name" id={name}>
        <OperatorSay id={field} />
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: signs are no fieldset */}
      <div className={names('digits__box op__code', length > 8 && 'op__code--long')} role="group" aria-labelledby={name}>
        {groups.map((signs, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a group is told by its place
          <span key={at} className="op__group" aria-hidden={signs.startsWith('_')}>
            {signs}
          </span>
        ))}
        <span className="unseen" role="status">
          <OperatorSay id="op.typed" values={{ count: typed.length, length }} />
        </span>
      </div>
    </div>
  );
}
