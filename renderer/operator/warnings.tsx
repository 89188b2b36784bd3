import { Fragment } from 'react';
import type { OperatorStatus } from '../../contract/operator.ts';
import { Button } from '../ui/button.tsx';
import { CheckIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { askOperator } from './ask-operator.ts';
import { type OperatorMessageId, OperatorSay } from './operator-say.tsx';

type Warning = { id: OperatorMessageId; values?: Record<string, number>; onRead?: () => void };

/** Seconds. Less hinders nothing and says little. */
const worthSaying = 60;

/** What somebody has to do something about, each as a sentence that says what. */
export function Warnings({ status }: { status: OperatorStatus }) {
  const warnings = listWarnings(status);
  if (warnings.length === 0) return null;
  return (
    <div className="op__warnings">
      {warnings.map(({ id, values, onRead }) => (
        <Fragment key={id}>
          <Care icon={WarningCircleIcon}>
            <OperatorSay id={id} {...(values && { values })} />
          </Care>
          {onRead && (
            <div className="op__decisions">
              <Button size="small" before={CheckIcon} onPress={onRead}>
                <OperatorSay id="op.warn.read" />
              </Button>
            </div>
          )}
        </Fragment>
      ))}
    </div>
  );
}

export function listWarnings({ terminal, line, queue, queueProblem, audit, camera }: OperatorStatus): Warning[] {
  const { standing } = terminal;
  const warnings: (Warning | false)[] = [
    queue === null ? { id: noQueue(queueProblem) } : queue.accepts !== 'ok' && { id: `op.warn.${queue.accepts}` },
    standing !== 'active' && { id: `op.warn.${standing}` },
    line.problem !== null && { id: `op.line.problem.${line.problem}` },
    clockWarning(line.clockOffset),
    queue?.salvaging === true && { id: 'op.warn.salvaging' },
    lossWarning(queue?.lost ?? 0),
    line.keySet?.late === true && { id: 'op.warn.keySetLate' },
    line.bundleProblem !== null && { id: `op.bundle.problem.${line.bundleProblem}` },
    camera !== null && { id: `op.warn.camera.${camera}` },
    audit !== 'ok' && { id: `op.warn.audit.${audit}` },
  ];
  return warnings.filter((warning) => warning !== false);
}

/** Said until somebody says to have read it: it is past, and the audit keeps it. */
function lossWarning(lost: number): Warning | false {
  return lost > 0 && { id: 'op.warn.lost', values: { count: lost }, onRead: () => askOperator('operator.losses_read', { lost }) };
}

function noQueue(problem: OperatorStatus['queueProblem']): OperatorMessageId {
  return problem === null || problem === 'failed' ? 'op.warn.noQueue' : `op.warn.noQueue.${problem}`;
}

function clockWarning(offset: number | null): Warning | false {
  if (offset === null || Math.abs(offset) <= worthSaying) return false;
  const minutes = Math.round(Math.abs(offset) / 60);
  return { id: offset > 0 ? 'op.warn.clockBehind' : 'op.warn.clockAhead', values: { minutes } };
}
