import { v7 as uuidv7 } from 'uuid';
import type { StreetFinder } from '../../contract/address.ts';
import type { CameraProblem } from '../../contract/camera.ts';
import type { CardState } from '../../contract/card.ts';
import type { FilePush } from '../../contract/file-view.ts';
import type { CardAddress } from '../../contract/identity.ts';
import type { KioskCommand, KioskInput } from '../../contract/ipc.ts';
import type { TownMap } from '../../contract/map.ts';
import type { PinCommand, PinInput, PinView } from '../../contract/pin.ts';
import { writeReceipt } from '../../contract/receipt-code.ts';
import { refuse } from '../../contract/result.ts';
import type { TerminalConfig } from '../../contract/terminal-config.ts';
import type { KioskView } from '../../contract/view.ts';
import type { Audit, AuditEvent } from '../audit/audit.ts';
import type { Catalogue } from '../catalogue/load-catalogue.ts';
import type { CataloguePush } from '../catalogue/push-catalogue.ts';
import { findElsewhere } from '../catalogue/residence.ts';
import type { Clock } from '../clock.ts';
import type { FileAsker } from '../file/ask-file.ts';
import type { SeenFile } from '../file/seen-file.ts';
import type { Form } from '../forms/load-forms.ts';
import type { CardSupervisor } from '../identity/card-supervisor.ts';
import type { Log } from '../log.ts';
import type { MapPush } from '../map/push-map.ts';
import type { Attachments } from '../outbox/attachments/attachments.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { RecentCards } from '../outbox/recent-card.ts';
import { makeReference } from '../outbox/reference.ts';
import type { ProfileAsker } from '../profile/ask-profile.ts';
import type { Counter } from '../sync/counter.ts';
import type { LineState, Sync } from '../sync/sync.ts';
import { errandsBetween, visitOf } from './errands/errands-between.ts';
import type { TakeAlong } from './errands/hand-over.ts';
import { createPhotos } from './errands/photos.ts';
import { createPinEntry } from './errands/pin-entry.ts';
import { createErrandRunner } from './errands/run-errands.ts';
import { makeIds } from './errands/run-profile.ts';
import { pushFile, shownFile } from './show/show-file.ts';
import { showKiosk } from './show/show-kiosk.ts';
import { showPinView } from './show/show-pin.ts';
import type { Draft, KioskState, VisitEvent } from './state.ts';
import { insertionOf } from './steps/card-facts.ts';
import { noteChanges } from './steps/note-changes.ts';
import type { ProfileAct } from './steps/see-profile.ts';
import { createVisitStep, waitingState } from './steps/step-visit.ts';

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

export type KioskParts = {
  config: TerminalConfig;
  forms: ReadonlyMap<string, Form>;
  catalogue: Catalogue;
  /** The local copy of the register of addresses; null or absent: streets are typed as they are. */
  streets?: () => StreetFinder | null;
  /** The drawing of this town; null or absent: a place is said in words alone. */
  map?: () => TownMap | null;
  /** Null when its file could not be opened: then nothing can be kept, and the page says so. */
  outbox: Pick<Outbox, 'keep' | 'probe' | 'look' | 'receiptOf'> | null;
  /** Photos of papers. Null: none can be taken. */
  attachments: Pick<Attachments, 'prepare' | 'discard'> | null;
  /** False: this terminal has no identity yet, and without one there is nobody to keep for. */
  enrolled: boolean;
  recentCards: Pick<RecentCards, 'remember' | 'recall' | 'forgetOld' | 'forgetTold'>;
  sync: Pick<Sync, 'wake' | 'lineState'> | null;
  counter: Counter;
  /** Null without an identity. */
  fileAsker: FileAsker | null;
  profileAsker: ProfileAsker | null;
  /** Absent: nothing of the file can be taken along. */
  takeAlong?: TakeAlong | undefined;
  card: Pick<CardSupervisor, 'forget' | 'readAgain' | 'prepare' | 'signIn' | 'sign' | 'proveChip'>;
  audit: Pick<Audit, 'write'> | null;
  clock: Clock;
  log: Log;
  freshId: () => string;
  publish: (view: KioskView) => void;
  /** What is new of the file, beside the view. */
  /** Brings the catalogue to the page, which searches in it. */
  cataloguePush?: CataloguePush | undefined;
  mapPush?: MapPush | undefined;
  publishFile: (push: FilePush) => void;
  /** The PIN view over the page, or null to take it away. */
  publishPin: (view: PinView | null) => void;
  /** The operator's page over this one. */
  openOperator: () => void;
  /** Nobody stands here: the time to take up a newer catalogue. */
  betweenVisits: () => void;
  /** Everything outside this process's variables that may still hold something of the visit. */
  wipe: () => Promise<void>;
};

const tickMs = 250;
/** A look at the room that is left costs nothing. Each write wears the disk: half a gigabyte a day, if it came as often. */
const lookMs = 5_000;
const writeMs = 60_000;

export function createKiosk(parts: KioskParts): Kiosk {
  const { config, forms, catalogue, cataloguePush, mapPush, outbox, sync, card, clock, log } = parts;
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
  /** Sources name products by the number that all towns share. */
  const idOfNumber = (number: string) => catalogue.products.find(({ productNumber }) => productNumber === number)?.id;
  const productOf = (id: string) => catalogue.products.find((candidate) => candidate.id === id);
  const isElsewhere = (id: string, address: CardAddress) => {
    const product = productOf(id);
    return product !== undefined && findElsewhere(product, address, catalogue, config.municipality.code) !== null;
  };
  const step = createVisitStep({
    forms,
    isElsewhere,
    streets,
    restLanguage,
    idleMs: config.visit.idleSeconds * 1000,
    warningMs: config.visit.warningSeconds * 1000,
    cardOutMs: config.visit.cardOutSeconds * 1000,
    goodbyeMs: config.visit.goodbyeSeconds * 1000,
  });
  let wroteAt = Number.NEGATIVE_INFINITY;
  let cardSeenAt: number | null = null;
  let state: KioskState = waitingState({ reader: { state: 'empty' }, spent: null, storage: probe() }, { restLanguage });
  let cameraProblem: CameraProblem | null = null;
  let drawn = false;
  let revision = 0;
  let published = '';
  let pinShown: Omit<PinView, 'revision'> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let probeTimer: NodeJS.Timeout | undefined;

  const pinEntry = createPinEntry(() => publish());
  const photos = createPhotos({ ...parts, state: () => state, dispatch });
  const runErrand = createErrandRunner({ ...parts, pinEntry, photos, record, state: () => state, dispatch });

  function dispatch(event: VisitEvent): void {
    if (isArrival(event)) noteStorage(probe());
    const before = state;
    state = step(state, event, { at: clock.ticks(), freshId: parts.freshId() });
    for (const note of noteChanges(before, state)) record(note.visit, note.event);
    const ended = visitOf(before) !== null && visitOf(before)?.id !== visitOf(state)?.id;
    if (ended) wipe(before);
    if (ended && !visitOf(state)) parts.betweenVisits();
    for (const errand of errandsBetween(before, state)) runErrand(errand);
    publishFile(shownFile(before));
    publish();
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

  /** Tries a write, so that a full or broken disk is known before somebody has typed everything. */
  function probe(): KioskState['storage'] {
    if (!parts.enrolled) return 'not_enrolled';
    wroteAt = clock.ticks();
    const tried = outbox ? outbox.probe() : refuse('storage_failed' as const);
    return tried.ok ? 'ok' : tried.error;
  }

  /** Without a write where the last one is recent and nothing has changed since. */
  function look(): KioskState['storage'] {
    const looked = outbox?.look();
    if (looked && !looked.ok) return looked.error;
    return state.storage === 'ok' && clock.ticks() - wroteAt < writeMs ? 'ok' : probe();
  }

  function noteStorage(storage: KioskState['storage']): void {
    if (storage === state.storage) return;
    log(storage === 'ok' ? 'storage_back' : 'storage_failed', { where: 'probe', storage });
    dispatch({ type: 'storage', state: storage });
    // Nobody was let in with it: what was seen of it is old, and another may lie there.
    if (storage === 'ok' && insertionOf(state.reader) !== null && state.spent === null) card.readAgain();
  }

  function lookAtRest(): void {
    if (visitOf(state)) return;
    parts.recentCards.forgetOld();
    noteStorage(look());
  }

  /** Somebody comes. */
  function isArrival(event: VisitEvent): boolean {
    if (visitOf(state) || state.storage !== 'ok') return false;
    return event.type === 'begin' || (event.type === 'card' && event.state.state === 'reading' && insertionOf(state.reader) === null);
  }

  function noteCamera(problem: CameraProblem | null): void {
    if (problem !== null) log('camera_failed', { problem });
    cameraProblem = problem;
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

  function lineState(): LineState {
    return sync?.lineState() ?? { state: 'unknown', since: null };
  }

  function publish(): void {
    publishPin();
    cataloguePush?.show(state.language);
    const view = showKiosk(
      state,
      { line: lineState(), at: clock.ticks(), today: clock.wall().toISOString().slice(0, 10) },
      { config, forms, catalogue, streets },
    );
    const text = JSON.stringify(view);
    if (text === published) return;
    published = text;
    revision += 1;
    parts.publish({ revision, ...view });
  }

  function publishFile(before: SeenFile | null): void {
    const push = pushFile(before, shownFile(state), idOfNumber);
    if (push) parts.publishFile(push);
  }

  /** The page of the PIN view has just been drawn: what was sent before reached nobody. */
  function showPinAgain(): void {
    pinShown = null;
    publishPin();
  }

  /** Digits that nobody is asked for any more are forgotten: the page was covered, left, or its time is over. */
  function publishPin(): void {
    const view = showPinView(state, pinEntry.typed(), { config, forms });
    if (JSON.stringify(view) === JSON.stringify(pinShown)) return;
    pinShown = view;
    revision += 1;
    parts.publishPin(view && { revision, ...view });
    if (view === null) pinEntry.clear();
  }

  function open({ product: productId, item }: KioskInput<'form.open'>): void {
    const product = productOf(productId);
    const form = product?.form === undefined ? undefined : forms.get(product.form);
    // Where an item leads to what cannot be begun here, its page says what there is instead.
    if (product && !form && item !== undefined) dispatch({ type: 'product', product: product.id });
    if (!product || !form?.languages.has(state.language)) return;
    const draft: Draft = {
      txId: uuidv7(),
      reference: makeReference(config.municipality.prefix),
      openedAt: clock.wall().toISOString(),
      product: product.id,
      form: form.id,
      answers: {},
      attachments: [],
      photo: null,
      problems: {},
      signed: null,
    };
    const answers = item === undefined ? undefined : { item, productNumber: product.productNumber };
    dispatch({ type: 'open', draft, line: lineState().state, answers });
  }

  const onProfile = (act: ProfileAct) => dispatch({ type: 'profile', act });

  const commands: { [C in KioskCommand]: (input: KioskInput<C>) => void } = {
    'screen.ready': () => {
      published = '';
      cataloguePush?.pageReady();
      mapPush?.pageReady();
      publishFile(null);
      publish();
    },
    'screen.active': () => dispatch({ type: 'active' }),
    'screen.shown': ({ screen }) => {
      if (!drawn) log('first_screen_drawn');
      drawn = true;
      cataloguePush?.pageDrawn();
      cataloguePush?.show(state.language);
      if (screen !== 'identity' || cardSeenAt === null) return;
      log('identity_shown', { ms: clock.ticks() - cardSeenAt });
      cardSeenAt = null;
    },
    'visit.begin': () => dispatch({ type: 'begin' }),
    'visit.language': ({ language }) => {
      if (config.languages.some((offered) => offered === language)) dispatch({ type: 'language', language });
    },
    'visit.display': ({ display }) => dispatch({ type: 'display', display }),
    'visit.continue': () => dispatch({ type: 'continue' }),
    'visit.catalogue': () => dispatch({ type: 'catalogue' }),
    'visit.stop': ({ why }) => dispatch({ type: 'stop', why }),
    'visit.stay': () => dispatch({ type: 'stay' }),
    'card.again': () => {
      const before = visitOf(state)?.place.at;
      dispatch({ type: 'card_again' });
      // Only a step that began a read: a second tap must not make the card look like another one.
      if (before === 'card_refused' && visitOf(state)?.place.at === 'reading') card.readAgain();
    },
    'operator.open': () => {
      if (!visitOf(state)) parts.openOperator();
    },
    'file.open': () => dispatch({ type: 'file', line: lineState().state }),
    'file.again': ({ sources }) => dispatch({ type: 'file_again', sources }),
    'file.renew': () => dispatch({ type: 'renew' }),
    'profile.open': () => onProfile({ act: 'open', line: lineState().state }),
    'profile.again': () => onProfile({ act: 'again' }),
    'profile.contact': ({ channel }) => onProfile({ act: 'contact', channel }),
    'profile.contact_value': ({ value }) => onProfile({ act: 'contact_value', value }),
    'profile.contact_code': ({ code }) => onProfile({ act: 'contact_code', code }),
    'profile.contact_again': () => onProfile({ act: 'contact_again' }),
    'profile.contact_leave': () => onProfile({ act: 'contact_leave' }),
    'profile.set': ({ wish }) => onProfile({ act: 'set', wish, ids: makeIds(config) }),
    'profile.undo': ({ thing }) => onProfile({ act: 'undo', thing, ids: makeIds(config) }),
    'item.take': ({ item, way }) => dispatch({ type: 'take_item', item, way }),
    'item.leave': () => dispatch({ type: 'leave_item' }),
    'file.roles': () => dispatch({ type: 'roles' }),
    'suggestions.put_away': ({ id }) => dispatch({ type: 'suggestions', off: false, id }),
    'suggestions.switch': ({ off }) => dispatch({ type: 'suggestions', off, id: null }),
    'file.act_as': ({ role }) => dispatch({ type: 'act_as', role }),
    'product.open': ({ product }) => {
      if (productOf(product)) dispatch({ type: 'product', product });
    },
    'form.open': open,
    'form.answer': ({ page, answers }) => dispatch({ type: 'answer', page, answers }),
    'form.back': () => dispatch({ type: 'back' }),
    'form.change': ({ page }) => dispatch({ type: 'change', page }),
    'form.find_street': ({ page, field, text }) => dispatch({ type: 'find_street', page, field, text }),
    'form.map': () => mapPush?.show(),
    'form.row': ({ page, row }) => dispatch({ type: 'row', page, row }),
    'form.row_remove': ({ page, row }) => dispatch({ type: 'row_remove', page, row }),
    'form.send': () => dispatch({ type: 'send' }),
    'form.photo': photos.take,
    'form.camera': ({ problem }) => noteCamera(problem),
    'form.photo_remove': (target) => dispatch({ type: 'photo_remove', ...target }),
    'sign_in.start': () => dispatch({ type: 'sign_in' }),
    'sign_in.again': () => dispatch({ type: 'sign_in_again' }),
    'sign_in.leave': () => dispatch({ type: 'sign_in_leave' }),
    'sign.start': () => dispatch({ type: 'sign' }),
    'sign.again': () => dispatch({ type: 'sign_again' }),
    'sign.leave': () => dispatch({ type: 'sign_leave' }),
  };

  return {
    start() {
      timer = setInterval(() => dispatch({ type: 'tick' }), tickMs);
      probeTimer = setInterval(lookAtRest, lookMs);
      publish();
    },
    take: (command, input) => commands[command](input),
    takePin(command, input) {
      // The page underneath hears nothing of it: each key is a sign of life.
      dispatch({ type: 'active' });
      if (command === 'pin.cancel') dispatch({ type: 'sign_in_leave' });
      else if (command === 'pin.ready') showPinAgain();
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
    redraw: publish,
    cameraProblem: () => cameraProblem,
    contentsReady() {
      if (visitOf(state)) return;
      parts.betweenVisits();
      publish();
    },
    stop() {
      clearInterval(timer);
      clearInterval(probeTimer);
    },
  };
}
