import { useState } from 'react';
import type { Point } from '../../contract/lambert.ts';
import type { FieldView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { boxOfPart } from '../forms/address-parts.ts';
import { Say } from '../i18n/words.tsx';
import type { Answering } from '../state/use-answers.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { MapPinIcon, MapTrifoldIcon, TrashIcon } from '../ui/icons.ts';
import { MapDialog } from './map-dialog.tsx';

type PlaceOnMapProps = { field: FieldView; answering: Answering };

/** Beside the words for a place, never instead of them: opens the map, and says that a point is there. */
export function PlaceOnMap({ field, answering }: PlaceOnMapProps) {
  const [open, setOpen] = useState(false);
  const box = (part: string) => boxOfPart(field.name, part);
  const textOf = (part: string) => answering.answerTo(box(part));
  const point = readPoint(textOf('x'), textOf('y'));
  const put = (to: Point | null) => {
    answering.change(box('x'), to ? String(to.x) : '');
    answering.change(box('y'), to ? String(to.y) : '');
  };
  return (
    <div className="days">
      {point && (
        <p className="map__chosen">
          <Icon of={MapPinIcon} /> <Say id="map.chosen" />
        </p>
      )}
      <Button
        className="place__map"
        before={MapTrifoldIcon}
        onPress={() => {
          ask('form.map', {});
          setOpen(true);
        }}
      >
        <Say id="map.open" />
      </Button>
      {point && (
        <Button before={TrashIcon} onPress={() => put(null)}>
          <Say id="map.remove" />
        </Button>
      )}
      {open && (
        <MapDialog
          begin={{ pin: point, street: textOf('street') }}
          onClose={() => setOpen(false)}
          onUse={(pin, street) => {
            put(pin);
            // Words are needed as well: for who hears them, and for where there is no map.
            if (textOf('description').trim() === '' && street !== null) answering.change(box('description'), street);
            setOpen(false);
          }}
        />
      )}
    </div>
  );
}

function readPoint(x: string, y: string): Point | null {
  return x === '' || y === '' ? null : { x: Number(x), y: Number(y) };
}
