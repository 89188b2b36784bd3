import type { CameraProblem } from '../../contract/camera.ts';
import type { CardState } from '../../contract/card.ts';
import type { KioskCommand, KioskInput } from '../../contract/ipc.ts';
import type { PinCommand, PinInput } from '../../contract/pin.ts';
import { writeReceipt } from '../../contract/receipt-code.ts';
import type { AuditEvent } from '../audit/audit.ts';
import type { LineState } from '../sync/sync.ts';
import { errandsBetween, visitOf } from './errands/errands-between.ts';
import { createPhotos } from './errands/photos.ts';
import { createPinEntry } from './errands/pin-entry.ts';
import { createErrandRunner } from './errands/run-errands.ts';
import { createGlass } from './glass.ts';
import type { KioskParts } from './kiosk-parts.ts';
import { hearPresses } from './presses.ts';
import { readProducts } from './products.ts';
import type { KioskState, VisitEvent } from './state.ts';
import { insertionOf } from './steps/card-facts.ts';
import { noteChanges } from './steps/note-changes.ts';
import { createVisitStep, waitingState } from './steps/step-visit.ts';
import { createStorageWatch } from './storage-watch.ts';

/** The conductor: turns commands and news into events, and carries out what a new state asks for. It decides nothing. */
export type Kiosk = {
  start(): void;
  take<C extends KioskCommand>(command: C, input: KioskInput<C>): void;
  takePin<C extends PinCommand>(command: C, input: PinInput<C>): void;
  /** The PIN view's page broke: nobody can type or go back there. */
  pinPageGone(): void;
  cardChanged(state: CardState): void;
  received(txId: string, receivedAt: string): void;
  refused(txId: string): void;
  redraw(): void;
  /** Why the camera did not come on when it was last asked for. */
  cameraProblem(): CameraProblem | null;
  /** A newer catalogue is here: used at once when nobody stands here, else after the visit. */
  contentsReady(): void;
  stop(): void;
};

const tickMs = 250;

export function createKiosk(parts: KioskParts): Kiosk {
  const { config, forms, outbox, card, clock, log } = parts;
  const restLanguage = config.languages[0] ?? 'nl';
  const streets = {
    // A newer copy comes with a newer bundle, between visits.
    get finder() {
      return parts.streets?.() ?? null;
    },
    get map() {
      return parts.map?.() ?? null;
    },
    near: config.municipality.code,
  };
  const products = readProducts(parts);
  const step = createVisitStep({
    forms,
    isElsewhere: products.isElsewhere,
    streets,
    restLanguage,
    idleMs: config.visit.idleSeconds * 1000,
    warningMs: config.visit.warningSeconds * 1000,
    cardOutMs: config.visit.cardOutSeconds * 1000,
    goodbyeMs: config.visit.goodbyeSeconds * 1000,
  });
  const storage = createStorageWatch({ ...parts, state: () => state, dispatch });
  let state: KioskState = waitingState({ reader: { state: 'empty' }, spent: null, storage: storage.probe() }, { restLanguage });
  let cardSeenAt: number | null = null;
  let cameraProblem: CameraProblem | null = null;
  let timer: NodeJS.Timeout | undefined;

  const line = (): LineState => parts.sync?.lineState() ?? { state: 'unknown', since: null };
  const pinEntry = createPinEntry(() => glass.draw());
  const glass = createGlass({ ...parts, streets, products, pinEntry, line, state: () => state });
  const photos = createPhotos({ ...parts, state: () => state, dispatch });
  const runErrand = createErrandRunner({ ...parts, pinEntry, photos, record, state: () => state, dispatch });
  const presses = hearPresses({
    ...parts,
    products,
    glass,
    line,
    state: () => state,
    dispatch,
    takePhoto: photos.take,
    noteCamera(problem) {
      if (problem !== null) log('camera_failed', { problem });
      cameraProblem = problem;
    },
    identityShown() {
      if (cardSeenAt !== null) log('identity_shown', { ms: clock.ticks() - cardSeenAt });
      cardSeenAt = null;
    },
  });

  function dispatch(event: VisitEvent): void {
    storage.meet(event);
    const before = state;
    state = step(state, event, { at: clock.ticks(), freshId: parts.freshId() });
    for (const note of noteChanges(before, state)) record(note.visit, note.event);
    const ended = visitOf(before) !== null && visitOf(before)?.id !== visitOf(state)?.id;
    if (ended) wipe(before);
    if (ended && !visitOf(state)) parts.betweenVisits();
    for (const errand of errandsBetween(before, state)) runErrand(errand);
    if (event.type === 'file_line') glass.drawSoon();
    else glass.draw();
  }

  /** Forgets in the card's process and in the page, then writes down that it did. */
  function wipe(before: KioskState): void {
    card.forget();
    pinEntry.clear();
    parts.recentCards.forgetTold();
    // Two cards can change places between two looks: the one that is in now belongs to nobody's ended visit.
    // A card that was refused is read again when somebody asks for it.
    const inReader = insertionOf(state.reader);
    const refused = visitOf(state)?.place.at === 'card_refused' && inReader === visitOf(before)?.card?.insertion;
    if (inReader !== null && state.spent === null && !refused) card.readAgain();
    parts.wipe().then(
      () => {
        log('wiped');
        record(null, { event: 'wiped' });
      },
      () => log('renderer_gone', { where: 'wipe' }),
    );
  }

  function record(visit: string | null, event: AuditEvent): void {
    try {
      parts.audit?.write(visit, event);
    } catch {
      log('audit_failed');
    }
  }

  /** Null where the disk does not give it back: the ticket goes on saying what it said. */
  function receiptOf(txId: string): string | null {
    try {
      const receipt = outbox?.receiptOf(txId) ?? null;
      return receipt && writeReceipt(receipt);
    } catch {
      log('storage_failed', { where: 'receipt' });
      return null;
    }
  }

  return {
    start() {
      timer = setInterval(() => dispatch({ type: 'tick' }), tickMs);
      storage.start();
      glass.draw();
    },
    take: (command, input) => presses[command](input),
    takePin(command, input) {
      // The page underneath hears nothing of it: each key is a sign of life.
      dispatch({ type: 'active' });
      if (command === 'pin.cancel') dispatch({ type: 'sign_in_leave' });
      else if (command === 'pin.ready') glass.drawPinAnew();
      else pinEntry.take(command, input);
    },
    pinPageGone: () => pinEntry.clear(),
    cardChanged(reader) {
      if (reader.state === 'reading') cardSeenAt = null;
      // The card's process counts from the first look that saw the card; the drawing of it comes on top.
      if (reader.state === 'identity' && cardSeenAt === null) cardSeenAt = clock.ticks() - (reader.times.identityMs ?? 0);
      if (reader.state === 'complete') log('card_read', { ...reader.times, ...reader.proof });
      dispatch({ type: 'card', state: reader });
    },
    received(txId, receivedAt) {
      record(null, { event: 'transaction_received', txId });
      dispatch({ type: 'received', txId, receivedAt, receipt: receiptOf(txId) });
    },
    refused: (txId) => dispatch({ type: 'needs_attention', txId }),
    redraw: glass.draw,
    cameraProblem: () => cameraProblem,
    contentsReady() {
      if (visitOf(state)) return;
      parts.betweenVisits();
      glass.draw();
    },
    stop() {
      clearInterval(timer);
      storage.stop();
      glass.stop();
    },
  };
}
