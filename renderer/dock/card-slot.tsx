import { useState } from 'react';
import type { DockView } from '../../contract/dock.ts';
import { askDock } from '../api.ts';
import { Switch } from '../ui/button.tsx';
import { CreditCardIcon, GlobeIcon, IdentificationCardIcon, PencilSimpleSlashIcon, type Pictogram } from '../ui/icons.ts';
import { DockSay } from './dock-say.tsx';
import { Readers, type Slot } from './readers.tsx';

type Kind = DockView['cards'][number]['kind'];

const kinds = ['eid', 'foreigner', 'tampered', 'other'] as const;

const drawings: Record<Kind, Pictogram> = {
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

/** One group at a time: thirty cards are too many for a small window. */
function VirtualCards({ view }: { view: DockView }) {
  const [shown, setShown] = useState<Kind>('eid');
  const [chosen, setChosen] = useState<Slot>('first');
  const slot = view.readers === 2 ? chosen : 'first';
  return (
    <>
      <div className="dock__groups">
        {kinds.map((kind) => (
          <Switch key={kind} isSelected={kind === shown} onChange={() => setShown(kind)}>
            <DockSay id={`dock.kind.${kind}`} />
          </Switch>
        ))}
      </div>
      <div className="dock__pairs">
        {view.cards
          .filter(({ kind }) => kind === shown)
          .map((card) => (
            <Card key={card.id} card={card} view={view} slot={slot} />
          ))}
      </div>
      <Readers view={view} slot={slot} onChoose={setChosen} />
    </>
  );
}

function Card({ card, view, slot }: { card: DockView['cards'][number]; view: DockView; slot: Slot }) {
  const isIn = card.id === (slot === 'second' ? view.second : view.inserted);
  const put = (inserted: boolean) => {
    if (slot === 'second') askDock('dock.second', { card: inserted ? card.id : null });
    else if (inserted) askDock('dock.insert', { card: card.id });
    else askDock('dock.remove', {});
  };
  return (
    <Switch className="card" before={drawings[card.kind]} isSelected={isIn} onChange={put}>
      {card.label}
      <small>{isIn ? <DockSay id="dock.cardIn" values={{ about: card.about }} /> : card.about}</small>
    </Switch>
  );
}
