import { useEffect, useRef } from 'react';
import type { TakingView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { CheckIcon, DeviceMobileIcon, EnvelopeSimpleIcon, type Pictogram, PrinterIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care, Tip } from '../ui/notice.tsx';
import { Qr } from '../ui/qr.tsx';

const ways: readonly { way: TakingView['way']; icon: Pictogram }[] = [
  { way: 'print', icon: PrinterIcon },
  { way: 'email', icon: EnvelopeSimpleIcon },
  { way: 'phone', icon: DeviceMobileIcon },
];

/** What somebody may take along, and how: on paper, to the own letter box, on the own telephone. */
export function TakeAlong({ item, prints, taking }: { item: string; prints: boolean; taking: TakingView | null }) {
  const text = useText();
  const own = taking?.item === item ? taking : null;
  const isWorking = taking?.stage === 'working';
  const said = useRef<HTMLDivElement>(null);
  const stage = own?.stage;
  // In large text it would come below what is seen.
  useEffect(() => {
    if (stage !== undefined) said.current?.scrollIntoView({ block: 'nearest' });
  }, [stage]);
  return (
    <section className="take" aria-label={text('file.take')}>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons are no fieldset */}
      <div className="tools__row" role="group" aria-label={text('file.take')}>
        {ways
          .filter(({ way }) => way !== 'print' || prints)
          .map(({ way, icon }) => (
            <Button key={way} before={icon} isDisabled={isWorking} onPress={() => ask('item.take', { item, way })}>
              <Say id={`file.take.${way}`} />
            </Button>
          ))}
      </div>
      <div role="status" ref={said}>
        {own && <Outcome taking={own} />}
      </div>
    </section>
  );
}

function Outcome({ taking }: { taking: TakingView }) {
  const text = useText();
  const { stage, way, to, url, problem } = taking;
  if (stage === 'working') {
    return (
      <p className="question__hint">
        <Say id="file.take.working" />
      </p>
    );
  }
  if (problem !== null) {
    return (
      <Care icon={WarningCircleIcon}>
        <Say id={`file.take.problem.${problem}`} />
      </Care>
    );
  }
  if (url === null) {
    return (
      <Tip icon={CheckIcon}>{way === 'print' ? <Say id="file.take.printed" /> : <Say id="file.take.sent" values={{ to: to ?? '' }} />}</Tip>
    );
  }
  return (
    <div className="handover">
      <Qr text={url} label={text('file.take.qr')} />
      <div className="handover__say">
        <h2>
          <Say id="file.take.scan" />
        </h2>
        <p>
          <Say id="file.take.scanSay" />
        </p>
        <div>
          <Button onPress={() => ask('item.leave', {})}>
            <Say id="file.take.close" />
          </Button>
        </div>
      </div>
    </div>
  );
}
