import type { Chance } from '../yank/chance.ts';
import type { Death, LineMood } from './terminal.ts';

/** What happens at one moment. `at`: milliseconds since the first midnight. */
export type Happening = { at: number; terminal: number } & What;

export type What =
  /** `sameCase`: one of a few to which one thing after the other belongs; null: a case of its own. */
  | { what: 'keep'; number: number; sameCase: number | null; photos: readonly number[]; dies: boolean }
  /** Whoever was not told sends it again, and it is the same transaction. */
  | { what: 'keep_again' }
  | { what: 'line'; mood: LineMood }
  | { what: 'clock'; offMs: number }
  | { what: 'die' }
  | { what: 'die_at_request'; death: Death }
  | { what: 'restart' }
  /** Switched on again. `offMs`: what the clock on its board makes of the time; null: as before. */
  | { what: 'start'; offMs: number | null }
  | { what: 'middleware'; how: 'stopped' | 'killed' }
  | { what: 'rotate' }
  | { what: 'backup'; endsWell: boolean }
  | { what: 'restore' };

export const hour = 3_600_000;
export const day = 24 * hour;
const year = 365 * day;
const minute = 60_000;
/** Off by what a wrong zone, summer time, a dead battery, or a hand at the settings makes of it. */
const clockSteps = [hour, -hour, 10 * year, -10 * year, 3 * minute, -20 * minute] as const;

/** Of those terminals everything that happens in so many days, in order, by the seed alone. */
export function planDays(chance: Chance, { days, terminals }: { days: number; terminals: number }): Happening[] {
  const all: Happening[] = [];
  const at = (share: number): number => Math.floor(days * day * share);
  const add = (when: number, terminal: number, what: What): void => void all.push({ at: Math.floor(when), terminal, ...what });

  for (let terminal = 0; terminal < terminals; terminal += 1) {
    let number = 0;
    for (let today = 0; today < days; today += 1) {
      const opens = today * day + 8 * hour;
      for (let more = chance.int(32, 48); more > 0; more -= 1) {
        number += 1;
        const photos = chance.next() < 0.08 ? Array.from({ length: chance.int(1, 2) }, () => chance.pick([20_000, 60_000, 300_000])) : [];
        const when = opens + chance.int(0, 9 * hour);
        const dies = chance.next() < 0.01;
        add(when, terminal, { what: 'keep', number, sameCase: chance.next() < 0.5 ? chance.int(1, 4) : null, photos, dies });
        if (!dies) continue;
        add(when + 2 * minute, terminal, { what: 'start', offMs: null });
        if (chance.next() < 0.7) add(when + 4 * minute, terminal, { what: 'keep_again' });
      }
      addTroubles(today, terminal);
    }
  }

  /** In one day of one terminal. */
  function addTroubles(today: number, terminal: number): void {
    const moment = () => today * day + chance.int(6 * hour, 20 * hour);
    for (let times = chance.int(0, 2); times > 0; times -= 1) {
      const from = moment();
      add(from, terminal, { what: 'line', mood: chance.pick(['down', 'bad', 'bad']) });
      add(from + chance.pick([5 * minute, hour, 5 * hour]), terminal, { what: 'line', mood: 'up' });
    }
    if (chance.next() < 0.25) {
      const from = moment();
      add(from, terminal, { what: 'clock', offMs: chance.pick(clockSteps) });
      add(from + chance.int(hour, 30 * hour), terminal, { what: 'clock', offMs: 0 });
    }
    if (chance.next() < 0.5) {
      const from = moment();
      add(from, terminal, chance.pick([{ what: 'die' }, { what: 'die_at_request', death: chance.pick(['before', 'after']) }]));
      add(from + chance.int(minute, 3 * hour), terminal, { what: 'start', offMs: null });
    }
    if (chance.next() < 0.2) add(moment(), terminal, { what: 'restart' });
  }

  for (let today = 1; today <= days; today += 1) {
    // Never the first one: there must be something to put back. In a long run the one before the restore, whose certificate is new.
    const badNight = today > 1 && (chance.next() < 0.1 || today === Math.round(days * 0.55));
    if (today < days) add(today * day + 2 * hour, 0, { what: 'backup', endsWell: !badNight });
    if (chance.next() < 0.4)
      add((today - 1) * day + chance.int(0, day), 0, { what: 'middleware', how: chance.pick(['stopped', 'killed', 'killed']) });
  }
  // What each run has once: an RTC without its battery, days away over the first rotation, yesterday's backup put back.
  const last = terminals - 1;
  add(at(0.3), last, { what: 'line', mood: 'down' });
  for (const share of [0.34, 0.38, 0.42, 0.46]) add(at(share) + 1, last, { what: 'line', mood: 'down' });
  add(at(0.3 + 1 / 6), last, { what: 'line', mood: 'up' });
  add(at(0.4), 0, { what: 'rotate' });
  add(at(0.57) + 13 * hour, 0, { what: 'restore' });
  add(at(0.8), 0, { what: 'rotate' });
  add(at(0.65) + 7 * hour, 0, { what: 'die' });
  add(at(0.65) + 7 * hour + 5 * minute, 0, { what: 'start', offMs: -26 * year });
  add(at(0.65) + 12 * hour, 0, { what: 'clock', offMs: 0 });
  return all.sort((one, other) => one.at - other.at);
}
