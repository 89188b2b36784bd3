import type { DemoFault } from '../../contract/dock.ts';
import { askDock } from '../api.ts';
import { Switch } from '../ui/button.tsx';
import { ArrowsLeftRightIcon, BugIcon, EjectIcon, HourglassMediumIcon, type Pictogram, WarningCircleIcon } from '../ui/icons.ts';
import { DockSay } from './dock-say.tsx';

const faults: readonly { fault: Exclude<DemoFault, 'none'>; icon: Pictogram }[] = [
  { fault: 'pulled', icon: EjectIcon },
  { fault: 'swapped', icon: ArrowsLeftRightIcon },
  { fault: 'hang', icon: HourglassMediumIcon },
  { fault: 'crash', icon: BugIcon },
  { fault: 'device_error', icon: WarningCircleIcon },
];

/** What the virtual card does wrong from now on. Pressed again, it does nothing wrong any more. */
export function Faults({ fault: now }: { fault: DemoFault }) {
  return (
    <section aria-labelledby="faults">
      <h2 id="faults">
        <DockSay id="dock.faults" />
      </h2>
      <div className="dock__pairs">
        {faults.map(({ fault, icon }) => (
          <Switch
            key={fault}
            before={icon}
            isSelected={fault === now}
            onChange={(on) => askDock('dock.fault', { fault: on ? fault : 'none' })}
          >
            <DockSay id={`dock.fault.${fault}`} />
          </Switch>
        ))}
      </div>
    </section>
  );
}
