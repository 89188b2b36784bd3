import type { OperatorStatus } from '../../contract/operator.ts';
import { useDates } from '../i18n/dates.ts';
import { Row, Rows } from '../ui/rows.tsx';
import { useAgo } from './ago.ts';
import { OperatorSay } from './operator-say.tsx';

export function LinePart({ status: { line, at } }: { status: OperatorStatus }) {
  const { dayTime, date } = useDates();
  const ago = useAgo(at);
  return (
    <section className="op__part" aria-labelledby="line">
      <h2 id="line">
        <OperatorSay id="op.line.title" />
      </h2>
      <Rows>
        <Row name={<OperatorSay id="op.line.state" />} source={null}>
          <OperatorSay id={`op.line.state.${line.state}`} />
        </Row>
        <Row name={<OperatorSay id="op.line.contact" />} source={null}>
          {line.lastContact ? (
            <OperatorSay id="op.line.contactAt" values={{ ago: ago(line.lastContact), at: dayTime(line.lastContact) }} />
          ) : (
            <OperatorSay id="op.line.noContact" />
          )}
        </Row>
        <Row name={<OperatorSay id="op.line.keySet" />} source={null}>
          {line.keySet ? (
            <OperatorSay
              id="op.line.keySetUntil"
              values={{ serial: line.keySet.serial, until: date(line.keySet.nextUpdate.slice(0, 10)) }}
            />
          ) : (
            <OperatorSay id="op.none" />
          )}
        </Row>
        <Row name={<OperatorSay id="op.line.bundle" />} source={null}>
          {line.bundle ? (
            <OperatorSay id="op.line.bundleOf" values={{ serial: line.bundle.serial, ago: ago(line.bundle.madeAt) }} />
          ) : (
            <OperatorSay id="op.line.shipped" />
          )}
        </Row>
      </Rows>
    </section>
  );
}
