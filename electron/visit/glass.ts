import { belgianDayOf } from '../../contract/belgian-day.ts';
import type { PinView } from '../../contract/pin.ts';
import type { SeenFile } from '../file/seen-file.ts';
import type { LineState } from '../sync/sync.ts';
import type { PinEntry } from './errands/pin-entry.ts';
import type { KioskParts } from './kiosk-parts.ts';
import type { Products } from './products.ts';
import { pushFile, shownFile } from './show/show-file.ts';
import { showKiosk } from './show/show-kiosk.ts';
import { showPinView } from './show/show-pin.ts';
import type { KioskState, VisitRules } from './state.ts';

/** What goes out to the pages. Sends what is new of a state, and nothing twice. */
export type Glass = {
  draw(): void;
  /** The first at once, what follows within a moment together: for what comes in a hundred parts. */
  drawSoon(): void;
  /** The page has begun anew: what was sent before reached nobody. */
  drawAnew(): void;
  /** The same, for the page that takes the PIN. */
  drawPinAnew(): void;
  stop(): void;
};

/** A view for each of a hundred and fifty answers would keep this process and the page from hearing the next. */
const apartMs = 8;

type Parts = Pick<
  KioskParts,
  'config' | 'forms' | 'catalogue' | 'cataloguePush' | 'takeAlong' | 'clock' | 'publish' | 'publishFile' | 'publishPin'
> & {
  streets: NonNullable<VisitRules['streets']>;
  products: Pick<Products, 'idOf'>;
  pinEntry: Pick<PinEntry, 'typed' | 'clear'>;
  line: () => LineState;
  state: () => KioskState;
};

export function createGlass(parts: Parts): Glass {
  const { config, forms, catalogue, streets, clock, pinEntry, state } = parts;
  let revision = 0;
  let published = '';
  let sent: SeenFile | null = null;
  let pinShown: Omit<PinView, 'revision'> | null = null;
  let waits = false;
  let timer: NodeJS.Timeout | undefined;

  function draw(): void {
    waits = false;
    sendFile();
    sendPin();
    parts.cataloguePush?.show(state().language);
    sendView();
  }

  function sendFile(): void {
    const now = shownFile(state());
    const push = pushFile(sent, now, parts.products.idOf);
    sent = now;
    if (push) parts.publishFile(push);
  }

  /** Digits that nobody is asked for any more are forgotten: the page was covered, left, or its time is over. */
  function sendPin(): void {
    const view = showPinView(state(), pinEntry.typed(), { config, forms });
    if (JSON.stringify(view) === JSON.stringify(pinShown)) return;
    pinShown = view;
    revision += 1;
    parts.publishPin(view && { revision, ...view });
    if (view === null) pinEntry.clear();
  }

  function sendView(): void {
    const around = { line: parts.line(), at: clock.ticks(), today: belgianDayOf(clock.wall()) };
    const view = showKiosk(state(), around, { config, forms, catalogue, streets, prints: Boolean(parts.takeAlong?.printer) });
    const text = JSON.stringify(view);
    if (text === published) return;
    published = text;
    revision += 1;
    parts.publish({ revision, ...view });
  }

  function drawSoon(): void {
    if (timer !== undefined) {
      waits = true;
      return;
    }
    draw();
    timer = setTimeout(() => {
      timer = undefined;
      if (waits) drawSoon();
    }, apartMs);
  }

  return {
    draw,
    drawSoon,
    drawAnew() {
      published = '';
      sent = null;
      draw();
    },
    drawPinAnew() {
      pinShown = null;
      sendPin();
    },
    stop: () => clearTimeout(timer),
  };
}
