import { useIntl } from 'react-intl';
import type { OperatorStatus } from '../../contract/operator.ts';
import { useDates } from '../i18n/dates.ts';
import { Row, Rows } from '../ui/rows.tsx';
import { OperatorSay } from './operator-say.tsx';

export function TerminalPart({ status: { terminal, queue } }: { status: OperatorStatus }) {
  const { date } = useDates();
  return (
    <section className="op__part" aria-labelledby="terminal">
      <h2 id="terminal">
        <OperatorSay id="op.terminal.title" />
      </h2>
      <Rows>
        <Row name={<OperatorSay id="op.terminal.id" />} source={null}>
          {terminal.id}
        </Row>
        <Row name={<OperatorSay id="op.terminal.standing" />} source={null}>
          <OperatorSay id={`op.terminal.standing.${terminal.standing}`} />
        </Row>
        {terminal.certificateUntil && (
          <Row name={<OperatorSay id="op.terminal.certificate" />} source={null}>
            {date(terminal.certificateUntil.slice(0, 10))}
          </Row>
        )}
        {terminal.keyStore && (
          <Row name={<OperatorSay id="op.terminal.key" />} source={null}>
            <OperatorSay id={`op.terminal.key.${terminal.keyStore}`} />
          </Row>
        )}
        {terminal.root && (
          <Row name={<OperatorSay id="op.terminal.root" />} source={null}>
            {terminal.root}
          </Row>
        )}
        {queue && <Storage queue={queue} />}
      </Rows>
    </section>
  );
}

function Storage({ queue }: { queue: NonNullable<OperatorStatus['queue']> }) {
  const intl = useIntl();
  const free = intl.formatNumber(queue.freeMebibytes / 1024, { style: 'unit', unit: 'gigabyte', maximumFractionDigits: 1 });
  return (
    <>
      <Row name={<OperatorSay id="op.storage.received" />} source={null}>
        <OperatorSay id="op.storage.receivedCount" values={{ count: queue.received }} />
      </Row>
      <Row name={<OperatorSay id="op.storage.free" />} source={null}>
        {free}
      </Row>
      <Row name={<OperatorSay id="op.storage.queue" />} source={null}>
        {queue.generation}
      </Row>
    </>
  );
}
