import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useRef, useState } from 'react';
import type { Point } from '../../contract/lambert.ts';
import type { TownMap } from '../../contract/map.ts';
import { Say, useText } from '../i18n/words.tsx';
import { useKiosk } from '../state/kiosk-store.ts';
import { Button } from '../ui/button.tsx';
import { ArrowDownIcon, ArrowLeftIcon, ArrowRightIcon, ArrowUpIcon, MinusIcon, PlusIcon } from '../ui/icons.ts';
import { keepOnMap, type Sight } from './geometry.ts';
import { MapDrawing } from './map-drawing.tsx';

type MapGroundProps = {
  map: TownMap;
  begin: Point;
  pin: Point | null;
  onPin: (pin: Point) => void;
  nameOf: (name: number) => string;
  /** What the pin says, in words, under the drawing. */
  children: ReactNode;
};

/** How many metres the map shows from left to right. */
const widths = [4000, 2000, 1000, 500, 250] as const;
/** Height by width, as the stylesheet has it. */
const shape = 0.8;
/** Of the width of the map: a step of an arrow, and one with Shift. */
const step = 1 / 50;
const bigStep = 1 / 8;
/** A line of text by the width of the map, for each size of text. */
const lineByWidth = { 1: 0.03, 2: 0.036, 3: 0.046, 4: 0.058 } as const;
/** A finger that goes further than this drags the map. */
const dragPixels = 12;

/** The map, to touch, to drag, and to walk with keys; the same as buttons, for who has no keys and no steady hand. */
export function MapGround({ map, begin, pin, onPin, nameOf, children }: MapGroundProps) {
  const id = useId();
  const text = useText();
  const size = useKiosk((state) => state.view?.display.text) ?? 2;
  const town = useKiosk((state) => state.view?.town) ?? '';
  const [middle, setMiddle] = useState(begin);
  const [zoom, setZoom] = useState(2);
  const width = widths[zoom] ?? 1000;
  const sight: Sight = { middle, width, height: width * shape };
  const put = (point: Point) => {
    const kept = keepOnMap(map, point);
    onPin(kept);
    setMiddle(kept);
  };
  const walk = (east: number, north: number, by = step) => {
    const from = pin ?? middle;
    put({ x: from.x + east * by * width, y: from.y + north * by * width });
  };
  const closer = (by: 1 | -1) => setZoom((before) => Math.min(widths.length - 1, Math.max(0, before + by)));
  const touch = useTouch(sight, { put, drag: (to) => setMiddle(keepOnMap(map, to)) });
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.shiftKey ? bigStep : step;
    const act = actOf(event.key, { walk: (east, north) => walk(east, north, by), closer, put: () => put(pin ?? middle) });
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <div className="map">
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: an application takes keys of its own (WAI-ARIA 1.2) */}
      <div
        className="map__ground"
        role="application"
        tabIndex={0}
        aria-label={text('map.label', { town })}
        aria-describedby={`${id}-keys`}
        onKeyDown={onKeyDown}
        {...touch}
      >
        <MapDrawing map={map} sight={sight} pin={pin} nameOf={nameOf} textMetres={width * lineByWidth[size]} />
      </div>
      {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: see above */}
      <p id={`${id}-keys`} className="unseen">
        <Say id="map.keys" />
      </p>
      {children}
      <div className="map__tools">
        <Button before={PlusIcon} onPress={() => closer(1)} isDisabled={zoom === widths.length - 1}>
          <Say id="map.closer" />
        </Button>
        <Button before={MinusIcon} onPress={() => closer(-1)} isDisabled={zoom === 0}>
          <Say id="map.wider" />
        </Button>
        <Button before={ArrowUpIcon} onPress={() => walk(0, 1)}>
          <Say id="map.north" />
        </Button>
        <Button before={ArrowDownIcon} onPress={() => walk(0, -1)}>
          <Say id="map.south" />
        </Button>
        <Button before={ArrowLeftIcon} onPress={() => walk(-1, 0)}>
          <Say id="map.west" />
        </Button>
        <Button before={ArrowRightIcon} onPress={() => walk(1, 0)}>
          <Say id="map.east" />
        </Button>
      </div>
    </div>
  );
}

type Acts = { walk: (east: number, north: number) => void; closer: (by: 1 | -1) => void; put: () => void };

function actOf(key: string, { walk, closer, put }: Acts): (() => void) | null {
  switch (key) {
    case 'ArrowUp':
      return () => walk(0, 1);
    case 'ArrowDown':
      return () => walk(0, -1);
    case 'ArrowLeft':
      return () => walk(-1, 0);
    case 'ArrowRight':
      return () => walk(1, 0);
    case 'Enter':
    case ' ':
      return put;
    case '+':
      return () => closer(1);
    case '-':
      return () => closer(-1);
    default:
      return null;
  }
}

/** A touch that stays where it began puts the pin; one that moves drags the map and puts nothing (VVSG 2.0 7.2-H). */
function useTouch({ middle, width, height }: Sight, { put, drag }: { put: (point: Point) => void; drag: (middle: Point) => void }) {
  const held = useRef<{ pointer: number; x: number; y: number; middle: Point; moved: boolean } | null>(null);
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      held.current = { pointer: event.pointerId, x: event.clientX, y: event.clientY, middle, moved: false };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const start = held.current;
      if (start?.pointer !== event.pointerId) return;
      const [right, down] = [event.clientX - start.x, event.clientY - start.y];
      if (Math.hypot(right, down) > dragPixels) start.moved = true;
      const { width: pixels } = event.currentTarget.getBoundingClientRect();
      if (start.moved && pixels > 0) drag({ x: start.middle.x - (right * width) / pixels, y: start.middle.y + (down * width) / pixels });
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const start = held.current;
      held.current = null;
      if (start?.pointer !== event.pointerId || start.moved) return;
      const box = event.currentTarget.getBoundingClientRect();
      if (box.width === 0) return;
      const [along, down] = [(event.clientX - box.left) / box.width - 0.5, (event.clientY - box.top) / box.height - 0.5];
      put({ x: middle.x + along * width, y: middle.y - down * height });
    },
    onPointerCancel: () => {
      held.current = null;
    },
  };
}
