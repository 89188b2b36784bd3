import { useState } from 'react';
import type { OperatorStatus } from '../../contract/operator.ts';
import { useDates } from '../i18n/dates.ts';
import { Button } from '../ui/button.tsx';
import { ListMagnifyingGlassIcon } from '../ui/icons.ts';
import { Row, Rows } from '../ui/rows.tsx';
import { useAgo } from './ago.ts';
import { OperatorSay } from './operator-say.tsx';

type Queue = NonNullable<OperatorStatus['queue']>;

/** What waits to be sent, by form, and photos of papers; the references when asked for. No names: the terminal knows none. */
export function WaitingPart({ queue, at }: { queue: Queue; at: string }) {
  const [open, setOpen] = useState(false);
  const ago = useAgo(at);
  const count = queue.waiting.reduce((sum, form) => sum + form.count, 0);
  if (count === 0 && queue.photos === 0) return null;
  return (
    <section className="op__part" aria-labelledby="waits">
      <h2 id="waits">
        <OperatorSay id="op.waits.title" />
      </h2>
      <Rows>
        {queue.waiting.map((form) => (
          <Row key={form.title} name={form.title} source={null}>
            <OperatorSay id="op.waits.form" values={{ count: form.count, ago: ago(form.oldest) }} />
          </Row>
        ))}
        {queue.photos > 0 && (
          <Row name={<OperatorSay id="op.waits.photosOf" />} source={null}>
            <OperatorSay id="op.waits.photos" values={{ count: queue.photos }} />
          </Row>
        )}
      </Rows>
      {count > 0 && (
        <div className="op__more">
          <Button size="small" before={ListMagnifyingGlassIcon} aria-expanded={open} onPress={() => setOpen(!open)}>
            <OperatorSay id={open ? 'op.waits.hide' : 'op.waits.show'} />
          </Button>
        </div>
      )}
      {open && <References queue={queue} left={count - queue.references.length} />}
    </section>
  );
}

function References({ queue, left }: { queue: Queue; left: number }) {
  const { dayTime } = useDates();
  return (
    <>
      <ul className="op__list">
        {queue.references.map(({ reference, title, keptAt }) => (
          <li key={reference}>
            <span className="op__reference">{reference}</span> {title} <span className="op__soft">{dayTime(keptAt)}</span>
          </li>
        ))}
      </ul>
      {left > 0 && (
        <p>
          <OperatorSay id="op.waits.left" values={{ count: left }} />
        </p>
      )}
    </>
  );
}
