import type { KioskCommand, KioskInput } from '../../../contract/ipc.ts';
import type { PinCommand, PinInput } from '../../../contract/pin.ts';
import { unreachable } from '../../../contract/result.ts';
import type { FieldView, KioskView, ScreenView } from '../../../contract/view.ts';
import type { Chance } from './chance.ts';

/** What somebody before the glass can press. */
export type Glass = {
  view(): KioskView | null;
  /** Whether digits are asked for on the glass. */
  asksPin(): boolean;
  press<C extends KioskCommand>(command: C, input: KioskInput<C>): void;
  pressPin<C extends PinCommand>(command: C, input: PinInput<C>): void;
};

type Press = { [C in KioskCommand]: { command: C; input: KioskInput<C> } }[KioskCommand];

const rightPin = '1234';

/** Presses one thing that makes sense on the page that is there, or something hasty. Never a button that is not there. */
export function pressSomething(glass: Glass, chance: Chance): void {
  const view = glass.view();
  if (view === null) return;
  if (view.cover === null && glass.asksPin()) {
    typePin(glass, chance);
    return;
  }
  const press = choosePress(view, chance);
  if (press !== null) glass.press(press.command, press.input);
}

function choosePress(view: KioskView, chance: Chance): Press | null {
  if (view.cover !== null) return view.cover.kind === 'idle' || chance.next() < 0.1 ? { command: 'visit.stay', input: {} } : null;
  if (view.visit !== null && chance.next() < 0.08) return { command: 'visit.stop', input: { why: 'stopped' } };
  return chooseOn(view.screen, chance);
}

function chooseOn(screen: ScreenView, chance: Chance): Press | null {
  const maybe = (share: number, press: Press) => (chance.next() < share ? press : null);
  switch (screen.name) {
    case 'attract':
    case 'goodbye':
      return maybe(0.2, { command: 'visit.begin', input: {} });
    case 'identity':
      return maybe(0.9, { command: 'visit.continue', input: {} }) ?? { command: 'visit.stop', input: { why: 'not_me' } };
    case 'card_refused':
      return maybe(0.5, { command: 'card.again', input: {} }) ?? { command: 'visit.catalogue', input: {} };
    case 'catalogue': {
      const open = screen.products.filter(({ state }) => !['broken', 'cannot_sign', 'elsewhere', 'desk', 'phone'].includes(state));
      return { command: 'form.open', input: { product: chance.pick(open).id } };
    }
    case 'product':
      return { command: 'form.back', input: {} };
    case 'insert_card':
      return maybe(0.3, { command: 'form.back', input: {} });
    case 'question':
      return { command: 'form.answer', input: { page: screen.page, answers: answer(screen, chance) } };
    case 'check': {
      const send: Press = { command: 'form.send', input: {} };
      return screen.pin === 'offered' ? (maybe(0.5, { command: 'sign_in.start', input: {} }) ?? send) : send;
    }
    case 'sign_in':
      if (screen.stage !== 'problem') return maybe(0.1, { command: 'sign_in.leave', input: {} });
      return maybe(0.4, { command: 'sign_in.again', input: {} }) ?? { command: 'sign_in.leave', input: {} };
    case 'sign':
      if (screen.stage === 'read') return maybe(0.7, { command: 'sign.start', input: {} }) ?? { command: 'sign.leave', input: {} };
      return maybe(screen.stage === 'problem' ? 1 : 0.1, { command: 'sign.leave', input: {} });
    case 'kept':
    case 'file':
    case 'roles':
    case 'profile':
      return { command: 'visit.catalogue', input: {} };
    case 'reading':
    case 'keeping':
    case 'broken':
      return null;
    default:
      return unreachable(screen);
  }
}

function answer({ fields }: Extract<ScreenView, { name: 'question' }>, chance: Chance): Record<string, string> {
  return Object.assign({}, ...fields.map((field) => answerField(field, chance)));
}

function answerField({ name, control, options }: FieldView, chance: Chance): Record<string, string> {
  if (control === 'address') {
    const parts = { street: 'Vlasmarkt', number: '3', postalCode: '8500', municipality: 'Kortrijk' };
    return Object.fromEntries(Object.entries(parts).map(([part, text]) => [`${name}.${part}`, text]));
  }
  // A list needs a page of its own, which nobody in a hurry finds.
  if (control === 'repeat') return {};
  const value = options ? chance.pick(options).value : typed[control];
  return { [name]: value ?? 'Vlasmarkt 3' };
}

const typed: Partial<Record<FieldView['control'], string>> = {
  date: '2027-03-01',
  number: '25',
  amount: '250',
  iban: 'BE68 5390 0754 7034',
  plate: '1-ABC-123',
  enterprise: '0207.494.678',
  phone: '0470 12 34 56',
  email: 'mila.toets@voorbeeld.be',
  photo: 'to-desk',
};

/** Once in a while only half of it, and now and then a wrong one: never so often that a card blocks in all rounds. */
function typePin(glass: Glass, chance: Chance): void {
  const way = chance.weigh({ right: 80, wrong: 5, half: 5, stop: 10 });
  if (way === 'stop') {
    glass.pressPin('pin.cancel', {});
    return;
  }
  const pin = way === 'wrong' ? '9876' : rightPin;
  for (const digit of way === 'half' ? pin.slice(0, 2) : pin) glass.pressPin('pin.digit', { digit });
  if (way !== 'half') glass.pressPin('pin.done', {});
}
