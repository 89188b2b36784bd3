import { useCallback, useEffect, useState } from 'react';
import type { OperatorStatus, OperatorView } from '../../contract/operator.ts';
import { Button } from '../ui/button.tsx';
import { ArrowLeftIcon, ArrowsClockwiseIcon, ArrowUpIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care, Tip } from '../ui/notice.tsx';
import { Title } from '../ui/title.tsx';
import { askOperator } from './ask-operator.ts';
import { ExportState } from './export-state.tsx';
import { LinePart } from './line-part.tsx';
import { NeedsPersonPart } from './needs-person.tsx';
import { OperatorFrame } from './operator-frame.tsx';
import { OperatorSay } from './operator-say.tsx';
import { TerminalPart } from './terminal-part.tsx';
import { WaitingPart } from './waiting-part.tsx';
import { Warnings } from './warnings.tsx';

type StatusPage = Extract<OperatorView['page'], { page: 'status' }>;

/** As long as it is: what is wrong first, then what waits, then who this terminal is. */
export function Status({ view, page }: { view: OperatorView; page: StatusPage }) {
  const { status } = page;
  const leave = useCallback(() => askOperator('operator.leave', {}), []);
  useEscape(leave);
  const [trying, sync] = useTrying();
  return (
    <OperatorFrame
      view={view}
      reading
      below={<Below page={page} trying={trying} />}
      feet={<StatusFeet page={page} onSync={sync} onLeave={leave} />}
    >
      <Title>
        <Headline status={status} />
      </Title>
      <Warnings status={status} />
      {status.queue && <NeedsPersonPart queue={status.queue} />}
      {status.queue && <WaitingPart queue={status.queue} at={status.at} />}
      <LinePart status={status} />
      <TerminalPart status={status} />
      <div className="op__anew">
        <Button onPress={() => askOperator('operator.enrol_anew', {})}>
          <OperatorSay id="op.enrolAnew" />
        </Button>
      </div>
    </OperatorFrame>
  );
}

function Headline({ status: { queue } }: { status: OperatorStatus }) {
  if (queue === null) return <OperatorSay id="op.head.noQueue" />;
  const waiting = queue.waiting.reduce((sum, { count }) => sum + count, 0);
  if (queue.needsPerson.length > 0) return <OperatorSay id="op.head.needsPerson" values={{ count: queue.needsPerson.length }} />;
  if (waiting > 0) return <OperatorSay id="op.head.waiting" values={{ count: waiting }} />;
  if (queue.photos > 0) return <OperatorSay id="op.head.photos" values={{ count: queue.photos }} />;
  return <OperatorSay id={queue.salvaging ? 'op.head.salvaging' : 'op.head.sent'} />;
}

/** Always in sight: what was just asked for, and how the export goes. */
function Below({ page, trying }: { page: StatusPage; trying: boolean }) {
  return (
    <>
      <div role="status">
        {trying && (
          <div className="op__export">
            <Tip icon={ArrowsClockwiseIcon}>
              <OperatorSay id="op.trying" />
            </Tip>
          </div>
        )}
      </div>
      {page.problem && (
        <div className="op__export">
          <Care icon={WarningCircleIcon} urgent>
            <OperatorSay id={`op.needs.problem.${page.problem}`} />
          </Care>
        </div>
      )}
      <ExportState state={page.export} />
    </>
  );
}

function StatusFeet({ page, onSync, onLeave }: { page: StatusPage; onSync: () => void; onLeave: () => void }) {
  return (
    <>
      <div className="feet__go feet__go--even">
        <Button before={ArrowsClockwiseIcon} onPress={onSync}>
          <OperatorSay id="op.sync" />
        </Button>
        <Button before={ArrowUpIcon} isDisabled={page.export.state === 'working'} onPress={() => askOperator('operator.export', {})}>
          <OperatorSay id="op.export" />
        </Button>
      </div>
      <div className="feet__go">
        <Button size="big" before={ArrowLeftIcon} onPress={onLeave}>
          <OperatorSay id="op.leave" />
        </Button>
      </div>
    </>
  );
}

const tryingMs = 5_000;

/** The line's answer is seen in the status; until then somebody wants to know that the button was pressed. */
function useTrying(): [trying: boolean, sync: () => void] {
  const [trying, setTrying] = useState(0);
  useEffect(() => {
    if (trying === 0) return;
    const timer = setTimeout(() => setTrying(0), tryingMs);
    return () => clearTimeout(timer);
  }, [trying]);
  const sync = useCallback(() => {
    askOperator('operator.sync', {});
    setTrying((before) => before + 1);
  }, []);
  return [trying > 0, sync];
}

function useEscape(leave: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => event.key === 'Escape' && leave();
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [leave]);
}
