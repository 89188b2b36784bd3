import type { Chance } from './chance.ts';
import type { Lane } from './lane.ts';
import { pressSomething } from './person.ts';
import { pinpadMs } from './world.ts';

const foreign = ['bank', 'library'] as const;
const unreadable = ['upside-down', 'worn', 'garbled'] as const;
/** A full read makes some forty calls; polls come on top. */
const callsOfARead = 60;
/** Longer than any deadline: the process has to be ended. */
export const forEver = 3_600_000;

const weights = {
  plain: 12,
  yanked_at_call: 17,
  yanked_in_time: 9,
  swapped_at_call: 10,
  swapped_in_time: 7,
  foreign: 10,
  unreadable: 6,
  device_error: 7,
  short_hang: 6,
  crash: 4,
  unplugged: 4,
  second_reader: 5,
  sign_in: 8,
  long_hang: 1,
} as const;
export type Kind = keyof typeof weights;

export function chooseKind(chance: Chance): Kind {
  return chance.weigh(weights);
}

/** Somebody stands there for a while and presses things, or does not. */
async function linger({ stand, chance, hands, wait }: Lane, ms: number): Promise<void> {
  for (let left = ms; left > 0; ) {
    const pause = Math.min(left, chance.int(5, 40));
    await wait(pause);
    left -= pause;
    if (hands.next() < 0.5) pressSomething(stand.glass, hands);
  }
}

const kinds: Record<Kind, (lane: Lane) => Promise<void>> = {
  async plain(lane) {
    lane.world.insert(lane.somebody());
    await linger(lane, lane.chance.int(60, 400));
  },
  async yanked_at_call(lane) {
    const { world, chance } = lane;
    world.fault({ kind: 'remove', atCall: chance.int(1, callsOfARead) });
    world.insert(lane.somebody());
    await linger(lane, chance.int(40, 250));
  },
  async yanked_in_time(lane) {
    const { world, chance } = lane;
    for (let times = chance.int(1, 3); times > 0; times -= 1) {
      world.insert(lane.somebody());
      await linger(lane, chance.int(0, 200));
      world.remove();
      await linger(lane, chance.int(0, 80));
    }
  },
  async swapped_at_call(lane) {
    const { world, chance } = lane;
    world.fault({ kind: 'swap', atCall: chance.int(1, callsOfARead), persona: lane.somebody() });
    world.insert(lane.somebody());
    await linger(lane, chance.int(40, 280));
  },
  async swapped_in_time(lane) {
    const { world, chance } = lane;
    world.insert(lane.somebody());
    for (let times = chance.int(1, 3); times > 0; times -= 1) {
      await linger(lane, chance.int(0, 250));
      world.swap(chance.next() < 0.2 ? chance.pick(foreign) : lane.somebody());
    }
    await linger(lane, chance.int(0, 200));
  },
  async foreign(lane) {
    const { world, chance } = lane;
    world.insert(chance.pick(foreign));
    await linger(lane, chance.int(250, 700));
    if (chance.next() < 0.5) world.remove();
  },
  async unreadable(lane) {
    lane.world.muteFails(lane.chance.next() < 0.5);
    lane.world.insert(lane.chance.pick(unreadable));
    await linger(lane, lane.chance.int(60, 400));
  },
  async device_error(lane) {
    const { world, chance } = lane;
    world.insert(lane.somebody());
    for (let times = chance.int(1, 4); times > 0; times -= 1) {
      world.fault({ kind: 'device_error', atCall: chance.int(1, 30) });
      await linger(lane, chance.int(10, 100));
    }
  },
  async short_hang(lane) {
    const { world, chance } = lane;
    const ms = chance.int(50, 1_500);
    lane.holds.expect(ms);
    world.fault({ kind: 'hang', atCall: chance.int(1, callsOfARead), ms });
    world.insert(lane.somebody());
    await linger(lane, chance.int(0, 400));
    const way = chance.weigh({ remove: 2, swap: 1, nothing: 1 });
    if (way === 'remove') world.remove();
    if (way === 'swap') world.swap(lane.somebody());
    await linger(lane, chance.int(0, 200));
  },
  async crash(lane) {
    const { world, chance } = lane;
    world.fault({ kind: 'crash', atCall: chance.int(1, callsOfARead) });
    world.insert(lane.somebody());
    await linger(lane, chance.int(40, 250));
    if (chance.next() < 0.3) world.swap(lane.somebody());
  },
  async unplugged(lane) {
    const { world, chance } = lane;
    world.insert(lane.somebody());
    await linger(lane, chance.int(0, 300));
    world.plug(0);
    await linger(lane, chance.int(0, 250));
    if (chance.next() < 0.5) world.insert(lane.somebody());
    world.plug(chance.int(1, 2));
    await linger(lane, chance.int(0, 300));
  },
  async second_reader(lane) {
    const { world, chance } = lane;
    world.plug(2);
    world.insert(chance.next() < 0.3 ? chance.pick(foreign) : lane.somebody(), 1);
    await linger(lane, chance.int(0, 200));
    world.insert(lane.somebody(), 0);
    await linger(lane, chance.int(0, 300));
    world.remove(chance.int(0, 1));
    await linger(lane, chance.int(0, 300));
    if (chance.next() < 0.5) world.plug(1);
  },
  /** As far as the PIN, and then something happens. */
  async sign_in(lane) {
    const { world, stand, chance, hands } = lane;
    const pinpad = chance.next() < 0.3;
    world.pinpad(pinpad);
    if (pinpad) lane.holds.expect(pinpadMs);
    world.insert(lane.somebody());
    const asked = () =>
      stand.glass.asksPin() || stand.glass.view()?.screen.name === 'sign_in' || stand.glass.view()?.screen.name === 'sign';
    for (let presses = 0; presses < 60 && !asked(); presses += 1) {
      await lane.wait(hands.int(5, 20));
      pressSomething(stand.glass, hands);
    }
    lane.note(asked() ? 'asks for the PIN' : 'never asks for the PIN');
    const way = chance.weigh({ remove: 3, swap: 2, hang: 1, crash: 1, device_error: 1, nothing: 2 });
    const atCall = chance.int(1, 12);
    if (way === 'remove') world.fault({ kind: 'remove', atCall });
    if (way === 'swap') world.fault({ kind: 'swap', atCall, persona: lane.somebody() });
    if (way === 'crash' || way === 'device_error') world.fault({ kind: way, atCall });
    if (way === 'hang') {
      const ms = chance.int(100, 1_000);
      lane.holds.expect(ms);
      world.fault({ kind: 'hang', atCall, ms });
    }
    if (pinpad) world.keys(chance.pick(['right', 'right', 'wrong', 'cancel']));
    await linger(lane, chance.int(80, 350));
    world.pinpad(false);
  },
  async long_hang(lane) {
    const { world, chance } = lane;
    lane.holds.expect(forEver);
    world.fault({ kind: 'hang', atCall: chance.int(1, callsOfARead), ms: forEver });
    world.insert(lane.somebody());
    await linger(lane, chance.int(100, 1_000));
    if (chance.next() < 0.5) world.swap(lane.somebody());
  },
};

export async function playRound(kind: Kind, lane: Lane): Promise<void> {
  await kinds[kind](lane);
}
