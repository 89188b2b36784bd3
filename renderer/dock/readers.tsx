import type { DemoKeys, DockView } from '../../contract/dock.ts';
import { askDock } from '../api.ts';
import { Button, Switch } from '../ui/button.tsx';
import { CheckIcon, EjectIcon, NumpadIcon, type Pictogram, PlugsConnectedIcon, PlugsIcon, WarningCircleIcon, XIcon } from '../ui/icons.ts';
import { DockSay } from './dock-say.tsx';

export type Slot = 'first' | 'second';

type ReadersProps = { view: DockView; slot: Slot; onChoose: (slot: Slot) => void };

/** What is plugged in and what is in it; with two readers, the one that the cards go to. */
export function Readers({ view, slot, onChoose }: ReadersProps) {
  const labelOf = (id: string | null) => view.cards.find((card) => card.id === id)?.label ?? null;
  const two = view.readers === 2;
  return (
    <div className="dock__reader">
      <Holds card={labelOf(view.inserted)} plugged={view.readers > 0} onEject={() => askDock('dock.remove', {})} />
      {two && <Holds second card={labelOf(view.second)} plugged onEject={() => askDock('dock.second', { card: null })} />}
      <div className="dock__pairs">
        {two &&
          (['first', 'second'] as const).map((one) => (
            <Switch key={one} isSelected={slot === one} onChange={() => onChoose(one)}>
              <DockSay id={`dock.into.${one}`} />
            </Switch>
          ))}
        <Button
          before={view.readers > 0 ? PlugsIcon : PlugsConnectedIcon}
          onPress={() => askDock('dock.reader', { readers: view.readers > 0 ? 0 : 1 })}
        >
          <DockSay id={view.readers > 0 ? 'dock.unplug' : 'dock.plug'} />
        </Button>
        <Button
          before={two ? PlugsIcon : PlugsConnectedIcon}
          isDisabled={view.readers === 0}
          onPress={() => askDock('dock.reader', { readers: two ? 1 : 2 })}
        >
          <DockSay id={two ? 'dock.unplugSecond' : 'dock.plugSecond'} />
        </Button>
      </div>
    </div>
  );
}

type HoldsProps = { card: string | null; plugged: boolean; second?: boolean; onEject: () => void };

function Holds({ card, plugged, second = false, onEject }: HoldsProps) {
  return (
    <div className="dock__holds">
      <p>
        {card === null ? (
          <DockSay id={plugged ? (second ? 'dock.secondEmpty' : 'dock.readerEmpty') : 'dock.readerGone'} />
        ) : (
          <DockSay id={second ? 'dock.secondHolds' : 'dock.reader'} values={{ card }} />
        )}
      </p>
      <Button before={EjectIcon} isDisabled={card === null} onPress={onEject}>
        <DockSay id={second ? 'dock.ejectSecond' : 'dock.eject'} />
      </Button>
    </div>
  );
}

const keys: readonly { keys: DemoKeys; icon: Pictogram }[] = [
  { keys: 'right', icon: CheckIcon },
  { keys: 'wrong', icon: WarningCircleIcon },
  { keys: 'cancel', icon: XIcon },
];

/** The hand that nobody has here: it types on the virtual reader's keys, or in the module's own dialog. */
export function Pinpad({ pinpad }: { pinpad: boolean }) {
  return (
    <section aria-labelledby="pinpad">
      <h2 id="pinpad">
        <DockSay id="dock.keys" />
      </h2>
      <div className="dock__pairs">
        <Switch before={NumpadIcon} isSelected={pinpad} onChange={(on) => askDock('dock.pinpad', { pinpad: on })}>
          <DockSay id="dock.pinpad" />
        </Switch>
        {keys.map(({ keys: pressed, icon }) => (
          <Button key={pressed} before={icon} onPress={() => askDock('dock.keys', { keys: pressed })}>
            <DockSay id={`dock.keys.${pressed}`} />
          </Button>
        ))}
      </div>
    </section>
  );
}
