import type { DockView } from '../../contract/dock.ts';
import { askDock } from '../api.ts';
import { Button, Switch } from '../ui/button.tsx';
import {
  CreditCardIcon,
  EjectIcon,
  GlobeIcon,
  IdentificationCardIcon,
  PencilSimpleSlashIcon,
  type Pictogram,
  PlugsConnectedIcon,
  PlugsIcon,
} from '../ui/icons.ts';
import { DockSay } from './dock-say.tsx';

const drawings: Record<DockView['cards'][number]['kind'], Pictogram> = {
  eid: IdentificationCardIcon,
  foreigner: GlobeIcon,
  tampered: PencilSimpleSlashIcon,
  other: CreditCardIcon,
};

export function CardSlot({ view }: { view: DockView }) {
  return (
    <section aria-labelledby="cards">
      <h2 id="cards">
        <DockSay id="dock.cards" />
      </h2>
      {view.virtualCard ? (
        <VirtualCards view={view} />
      ) : (
        <p className="dock__note">
          <DockSay id="dock.noVirtualCard" />
        </p>
      )}
    </section>
  );
}

function VirtualCards({ view }: { view: DockView }) {
  return (
    <>
      <div className="dock__pairs">
        {view.cards.map((card) => (
          <Switch
            key={card.id}
            className="card"
            before={drawings[card.kind]}
            isSelected={card.id === view.inserted}
            onChange={(inserted) => (inserted ? askDock('dock.insert', { card: card.id }) : askDock('dock.remove', {}))}
          >
            {card.label}
            <small>{card.id === view.inserted ? <DockSay id="dock.cardIn" values={{ about: card.about }} /> : card.about}</small>
          </Switch>
        ))}
      </div>
      <Reader view={view} />
    </>
  );
}

function Reader({ view }: { view: DockView }) {
  const inserted = view.cards.find((card) => card.id === view.inserted);
  return (
    <div className="dock__reader">
      <p>
        {inserted ? (
          <DockSay id="dock.reader" values={{ card: inserted.label }} />
        ) : (
          <DockSay id={view.readerPlugged ? 'dock.readerEmpty' : 'dock.readerGone'} />
        )}
      </p>
      <div className="dock__pairs">
        <Button before={EjectIcon} isDisabled={!inserted} onPress={() => askDock('dock.remove', {})}>
          <DockSay id="dock.eject" />
        </Button>
        <Button
          before={view.readerPlugged ? PlugsIcon : PlugsConnectedIcon}
          onPress={() => askDock('dock.reader', { plugged: !view.readerPlugged })}
        >
          <DockSay id={view.readerPlugged ? 'dock.unplug' : 'dock.plug'} />
        </Button>
      </div>
    </div>
  );
}
