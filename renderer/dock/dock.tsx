import type { DemoLine, DockView } from '../../contract/dock.ts';
import { askDock } from '../api.ts';
import { Button, Switch } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { ArrowCounterClockwiseIcon, CheckIcon, FlaskIcon, GaugeIcon, LightningIcon, type Pictogram, PlugsIcon } from '../ui/icons.ts';
import { CardSlot } from './card-slot.tsx';
import { DockSay } from './dock-say.tsx';
import { Faults } from './faults.tsx';
import { Messages } from './messages.tsx';
import { Pinpad } from './readers.tsx';
import { Received } from './received.tsx';

/** Cards to put in, faults to make, and what arrived. Dashed in the colour of care: nobody takes it for the product. */
export function Dock({ view }: { view: DockView }) {
  return (
    <div className="dock">
      <header className="dock__top">
        <Icon of={FlaskIcon} />
        <div>
          <h1>
            <DockSay id="dock.title" />
          </h1>
          <p>
            <DockSay id={view.virtualCard ? 'dock.lead' : 'dock.leadReal'} />
          </p>
        </div>
      </header>
      <main className="dock__main">
        <CardSlot view={view} />
        {view.virtualCard && (
          <>
            <Pinpad pinpad={view.pinpad} />
            <Faults fault={view.fault} />
          </>
        )}
        <Line line={view.line} />
        <OperatorCode code={view.operatorCode} />
        <Messages messages={view.messages} />
        <Received view={view} />
      </main>
      <footer className="dock__end">
        <Button before={ArrowCounterClockwiseIcon} onPress={() => askDock('dock.reset', {})}>
          <DockSay id="dock.reset" />
        </Button>
        <p>
          <DockSay id="dock.foot" />
        </p>
      </footer>
    </div>
  );
}

/** In place of an operator's phone. */
function OperatorCode({ code: shown }: { code: DockView['operatorCode'] }) {
  return (
    <section aria-labelledby="operator">
      <h2 id="operator">
        <DockSay id="dock.operator" />
      </h2>
      <p className="dock__note">
        {shown === null ? (
          <DockSay id="dock.operatorNone" />
        ) : (
          <DockSay id="dock.operatorCode" values={{ code: shown.code.replace(/^.../, '$& '), seconds: shown.seconds }} />
        )}
      </p>
    </section>
  );
}

const lines: readonly { line: DemoLine; icon: Pictogram }[] = [
  { line: 'up', icon: LightningIcon },
  { line: 'down', icon: PlugsIcon },
  { line: 'slow', icon: GaugeIcon },
  { line: 'nonsense', icon: FlaskIcon },
];

function Line({ line: now }: { line: DemoLine }) {
  return (
    <section aria-labelledby="line">
      <h2 id="line">
        <DockSay id="dock.line" />
      </h2>
      <div className="dock__pairs">
        {lines.map(({ line, icon }) => (
          <Switch
            key={line}
            before={line === now ? CheckIcon : icon}
            isSelected={line === now}
            onChange={() => askDock('dock.line', { line })}
          >
            <DockSay id={`dock.line.${line}`} />
          </Switch>
        ))}
      </div>
    </section>
  );
}
