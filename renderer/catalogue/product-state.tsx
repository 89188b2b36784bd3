import type { ProductRow } from '../../contract/view.ts';
import { Say } from '../i18n/words.tsx';
import { Icon } from '../ui/icon.tsx';
import {
  DeviceMobileIcon,
  IdentificationCardIcon,
  MapPinIcon,
  PasswordIcon,
  type Pictogram,
  PlugsIcon,
  UserFocusIcon,
  WrenchIcon,
} from '../ui/icons.ts';

type State = ProductRow['state'];

const marks: Record<Exclude<State, 'open'>, Pictogram> = {
  needs_card: IdentificationCardIcon,
  needs_proven_card: UserFocusIcon,
  needs_pin: PasswordIcon,
  needs_line: PlugsIcon,
  cannot_sign: UserFocusIcon,
  broken: WrenchIcon,
  elsewhere: MapPinIcon,
  desk: UserFocusIcon,
  phone: DeviceMobileIcon,
};

/** A product that does not open is no button: it says why, and who helps. */
export const opens: Record<State, boolean> = {
  open: true,
  needs_card: true,
  needs_pin: true,
  needs_proven_card: false,
  needs_line: false,
  cannot_sign: false,
  broken: false,
  elsewhere: false,
  desk: false,
  phone: false,
};

/** Why it does not simply begin, before anybody tries. */
export function ProductState({ state }: { state: State }) {
  if (state === 'open') return null;
  return (
    <span className="src">
      <Icon of={marks[state]} />
      <Say id={`catalogue.${state}`} />
    </span>
  );
}
