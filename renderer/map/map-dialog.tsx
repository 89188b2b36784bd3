import { useState } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { Point } from '../../contract/lambert.ts';
import type { TownMap } from '../../contract/map.ts';
import { readSourceText } from '../../contract/source-text.ts';
import { useDates } from '../i18n/dates.ts';
import { Say } from '../i18n/words.tsx';
import { useKiosk } from '../state/kiosk-store.ts';
import { Button } from '../ui/button.tsx';
import { ArrowLeftIcon, CheckIcon } from '../ui/icons.ts';
import { Scroll } from '../ui/scroll.tsx';
import { middleOf, nearestName } from './geometry.ts';
import { MapGround } from './map-ground.tsx';
import { useTownMap } from './map-store.ts';

type MapDialogProps = {
  /** The pin from before, and the street that was chosen by its name. */
  begin: { pin: Point | null; street: string };
  onClose: () => void;
  /** `street`: the nearest with a name, in the language of the page. */
  onUse: (pin: Point, street: string | null) => void;
};

export function MapDialog({ begin, onClose, onUse }: MapDialogProps) {
  const map = useTownMap((state) => state.map);
  const language = useKiosk((state) => state.view?.language) ?? 'nl';
  const [pin, setPin] = useState(begin.pin);
  const nameOf = (name: number) => readSourceText(map?.names[name] ?? {}, language).words;
  const near = map && pin ? nearestName(map, pin) : null;
  const street = near === null ? null : nameOf(near);
  return (
    <ModalOverlay className="overlay" isOpen isDismissable={false} onOpenChange={(open) => !open && onClose()}>
      <Modal className="overlay__box">
        <AriaDialog className="dialog">
          <Scroll>
            <Heading slot="title" level={2} className="dialog__title">
              <Say id="map.title" />
            </Heading>
            <p>{map ? <Say id="map.how" /> : <Say id="map.loading" />}</p>
            {map && (
              <MapGround map={map} begin={begin.pin ?? placeOf(map, begin.street)} pin={pin} onPin={setPin} nameOf={nameOf}>
                <p className="map__said" role="status">
                  {pin === null ? (
                    <Say id="map.none" />
                  ) : street === null ? (
                    <Say id="map.nowhere" />
                  ) : (
                    <Say id="map.at" values={{ street }} />
                  )}
                </p>
              </MapGround>
            )}
            {map && <MapSource map={map} />}
          </Scroll>
          <div className="dialog__feet map__feet">
            <Button size="big" before={ArrowLeftIcon} onPress={onClose}>
              <Say id="button.back" />
            </Button>
            <Button size="big" kind="go" after={CheckIcon} isDisabled={pin === null} onPress={() => pin && onUse(pin, street)}>
              <Say id="map.use" />
            </Button>
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

function MapSource({ map }: { map: TownMap }) {
  const dates = useDates();
  const language = useKiosk((state) => state.view?.language) ?? 'nl';
  return (
    <p className="field__hint">
      <Say id="map.source" values={{ source: readSourceText(map.source, language).words, day: dates.date(map.asOf) }} />
    </p>
  );
}

/** The street that was chosen by its name, in whatever language; else the middle of the town. */
function placeOf(map: TownMap, street: string): Point {
  const name = street === '' ? -1 : map.names.findIndex((names) => Object.values(names).includes(street));
  const [x, y] = map.centre;
  return (name < 0 ? null : middleOf(map, name)) ?? { x, y };
}
