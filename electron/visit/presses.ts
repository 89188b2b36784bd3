import { v7 as uuidv7 } from 'uuid';
import type { CameraProblem } from '../../contract/camera.ts';
import type { KioskCommand, KioskInput } from '../../contract/ipc.ts';
import { makeReference } from '../outbox/reference.ts';
import type { LineState } from '../sync/sync.ts';
import { visitOf } from './errands/errands-between.ts';
import { makeIds } from './errands/run-profile.ts';
import type { Glass } from './glass.ts';
import type { KioskParts } from './kiosk-parts.ts';
import type { Products } from './products.ts';
import type { Draft, KioskState, VisitEvent } from './state.ts';
import type { ProfileAct } from './steps/see-profile.ts';

export type Presses = { [C in KioskCommand]: (input: KioskInput<C>) => void };

type Parts = Pick<KioskParts, 'config' | 'forms' | 'cataloguePush' | 'mapPush' | 'card' | 'clock' | 'log' | 'openOperator'> & {
  products: Pick<Products, 'find'>;
  glass: Pick<Glass, 'drawAnew'>;
  takePhoto: (photo: KioskInput<'form.photo'>) => void;
  noteCamera: (problem: CameraProblem | null) => void;
  /** The page of the identity is on the glass. */
  identityShown: () => void;
  line: () => LineState;
  state: () => KioskState;
  dispatch: (event: VisitEvent) => void;
};

/** What each command of the page means for the visit. */
export function hearPresses(parts: Parts): Presses {
  const { config, forms, products, glass, cataloguePush, mapPush, card, clock, log, line, state, dispatch } = parts;
  let drawn = false;

  function open({ product: productId, item }: KioskInput<'form.open'>): void {
    const product = products.find(productId);
    const form = product?.form === undefined ? undefined : forms.get(product.form);
    // Where an item leads to what cannot be begun here, its page says what there is instead.
    if (product && !form && item !== undefined) dispatch({ type: 'product', product: product.id });
    if (!product || !form?.languages.has(state().language)) return;
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
    dispatch({ type: 'open', draft, line: line().state, answers });
  }

  const onProfile = (act: ProfileAct) => dispatch({ type: 'profile', act });

  return {
    'screen.ready': () => {
      cataloguePush?.pageReady();
      mapPush?.pageReady();
      glass.drawAnew();
    },
    'screen.active': () => dispatch({ type: 'active' }),
    'screen.shown': ({ screen }) => {
      if (!drawn) log('first_screen_drawn');
      drawn = true;
      cataloguePush?.pageDrawn();
      cataloguePush?.show(state().language);
      if (screen === 'identity') parts.identityShown();
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
      const before = visitOf(state())?.place.at;
      dispatch({ type: 'card_again' });
      // Only a step that began a read: a second tap must not make the card look like another one.
      if (before === 'card_refused' && visitOf(state())?.place.at === 'reading') card.readAgain();
    },
    'operator.open': () => {
      if (!visitOf(state())) parts.openOperator();
    },
    'file.open': () => dispatch({ type: 'file', line: line().state }),
    'file.again': ({ sources }) => dispatch({ type: 'file_again', sources }),
    'file.renew': () => dispatch({ type: 'renew' }),
    'profile.open': () => onProfile({ act: 'open', line: line().state }),
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
      if (products.find(product)) dispatch({ type: 'product', product });
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
    'form.photo': parts.takePhoto,
    'form.camera': ({ problem }) => parts.noteCamera(problem),
    'form.photo_remove': (target) => dispatch({ type: 'photo_remove', ...target }),
    'sign_in.start': () => dispatch({ type: 'sign_in' }),
    'sign_in.again': () => dispatch({ type: 'sign_in_again' }),
    'sign_in.leave': () => dispatch({ type: 'sign_in_leave' }),
    'sign.start': () => dispatch({ type: 'sign' }),
    'sign.again': () => dispatch({ type: 'sign_again' }),
    'sign.leave': () => dispatch({ type: 'sign_leave' }),
  };
}
