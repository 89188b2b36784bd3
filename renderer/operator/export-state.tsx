import type { ReactNode } from 'react';
import { useIntl } from 'react-intl';
import type { OperatorView } from '../../contract/operator.ts';
import { unreachable } from '../../contract/result.ts';
import { CheckIcon, HourglassMediumIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care, Tip } from '../ui/notice.tsx';
import { OperatorSay } from './operator-say.tsx';

type State = Extract<OperatorView['page'], { page: 'status' }>['export'];

/** Always in sight above the feet: how the export goes, and whether the stick may be pulled out. */
export function ExportState({ state }: { state: State }) {
  switch (state.state) {
    case 'idle':
      return null;
    case 'working':
      return (
        <Place>
          <Tip icon={HourglassMediumIcon}>
            <OperatorSay id="op.export.working" />
          </Tip>
        </Place>
      );
    case 'done':
      return (
        <Place>
          <Tip icon={CheckIcon}>
            <Done state={state} />
          </Tip>
          {state.unreadable > 0 && (
            <Care icon={WarningCircleIcon}>
              <OperatorSay id="op.export.unreadable" values={{ count: state.unreadable }} />
            </Care>
          )}
          {!state.portShut && <PortOpen />}
        </Place>
      );
    case 'failed':
      return (
        <Place>
          <Care icon={WarningCircleIcon}>
            <OperatorSay id={`op.export.failed.${state.why}`} />
          </Care>
          {!state.portShut && <PortOpen />}
        </Place>
      );
    default:
      return unreachable(state);
  }
}

function Place({ children }: { children: ReactNode }) {
  return (
    <div className="op__export" role="status">
      {children}
    </div>
  );
}

function Done({ state: { records, attachments, bytes, folder } }: { state: Extract<State, { state: 'done' }> }) {
  const intl = useIntl();
  const [amount, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
  const size = intl.formatNumber(amount, { style: 'unit', unit, maximumFractionDigits: 1 });
  return (
    <>
      <OperatorSay id="op.export.done" values={{ records, attachments, size }} /> <span className="op__name">{folder}</span>
    </>
  );
}

function PortOpen() {
  return (
    <Care icon={WarningCircleIcon}>
      <OperatorSay id="op.export.portOpen" />
    </Care>
  );
}
