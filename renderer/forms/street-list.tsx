import type { StreetsView } from '../../contract/view.ts';
import { useDates } from '../i18n/dates.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { MapPinIcon } from '../ui/icons.ts';

export type FoundStreet = StreetsView['found'][number];
type StreetListProps = { streets: StreetsView | null; typed: string; onChoose: (street: FoundStreet) => void };

/** Streets that begin as what was typed, each to be pressed. What nobody chooses stays as it was typed. */
export function StreetList({ streets, typed, onChoose }: StreetListProps) {
  const text = useText();
  const dates = useDates();
  const isAnswer = streets !== null && streets.typed === typed && typed.trim().length > 1;
  const found = isAnswer ? streets.found : [];
  return (
    <div className="streets">
      <p className="unseen" role="status">
        {isAnswer && <Say id="address.found" values={{ count: found.length }} />}
      </p>
      {found.length > 0 && (
        <ul className="streets__list" aria-label={text('address.streets')}>
          {found.slice(0, shownAtOnce).map((street) => (
            <li key={street.id}>
              <Button before={MapPinIcon} onPress={() => onChoose(street)}>
                {writeStreet(street)}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {isAnswer && found.length === 0 && streets.asOf !== '' && (
        <p className="field__hint">
          <Say id="address.notFound" values={{ day: dates.day(streets.asOf) }} />
        </p>
      )}
    </div>
  );
}

/** More would push the other boxes off the glass. */
const shownAtOnce = 3;

function writeStreet({ name, postalCode, municipality }: { name: string; postalCode: string; municipality: string }): string {
  return `${name}, ${postalCode} ${municipality}`;
}
