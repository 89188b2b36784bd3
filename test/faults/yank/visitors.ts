import { type Lane, noticeMs } from './lane.ts';
import { pressSomething } from './person.ts';

/** The promise: from the next good card to its identity, beyond the hung call's own deadline. */
const recoveryMs = 2_000;
/** When to give up waiting, to look at what else comes. */
const patienceMs = 30_000;
/** The longest deadline that the supervisor has for a call without a pinpad or dialog, and something for a busy machine. */
const longestDeadlineMs = 16_000;

export function isFree({ stand }: Lane): boolean {
  const state = stand.card()?.state;
  return state === 'empty' || state === 'no_reader';
}

export async function waitForKiosk(lane: Lane): Promise<void> {
  if (!(await lane.until(() => isFree(lane), patienceMs))) lane.stuck('the card process never starts');
}

/** A card that may be the one of a visit that is over. One that is taken for it for sure is another matter. */
function mayBeLeftIn({ stand }: Lane): boolean {
  const state = stand.card();
  return state?.state === 'left_in' && !state.sure;
}

/** Who was there is gone, nothing is broken any more, and the next person puts a good card in. */
export async function nextPerson(lane: Lane): Promise<string> {
  const { world, chance, holds, figures } = lane;
  world.fault(null);
  world.plug(chance.int(1, 2));
  world.remove(1);
  const persona = lane.somebodyHonest();
  if (chance.next() < 0.6) {
    world.remove();
    await lane.wait(chance.int(0, 200));
    world.insert(persona);
  } else world.swap(persona);
  let inserted = lane.now();
  const waited = () => lane.now() - holds.over(inserted);
  const untilRead = () => lane.until(() => lane.has(persona) || mayBeLeftIn(lane) || waited() > patienceMs, patienceMs + longestDeadlineMs);
  await untilRead();
  if (mayBeLeftIn(lane)) {
    // The page says so: nobody knows whether this is the card of the visit before.
    lane.note(`${persona} takes the card out and puts it in again`);
    world.remove();
    if (!(await lane.until(() => isFree(lane), recoveryMs))) lane.stuck('the reader is never seen empty');
    world.insert(persona);
    inserted = lane.now();
    await untilRead();
  }
  const took = Math.round(waited());
  figures.slowestRecoveryMs = Math.max(figures.slowestRecoveryMs, took);
  if (!lane.has(persona)) lane.stuck(`${persona} is never read`);
  else if (took > recoveryMs) lane.stuck(`${persona} is read only after ${took} ms`);
  if (holds.longest() > longestDeadlineMs) lane.stuck(`a call was let hang for ${Math.round(holds.longest())} ms`);
  return persona;
}

/** Their data comes on the glass: at the latest when they do what a person would, and put the card in once more. */
export async function comeOnGlass(lane: Lane, persona: string): Promise<void> {
  const isComplete = () => lane.stand.card()?.state === 'complete' && lane.has(persona);
  if (!(await lane.until(isComplete, recoveryMs))) {
    lane.stuck(`${persona} is never read to the end`);
    return;
  }
  if (await lane.until(() => lane.shows(persona), 100)) return;
  // Somebody else's visit is still open, or this card's is over.
  if (!(await takeCardOut(lane))) return;
  lane.world.insert(persona);
  if (!(await lane.until(() => lane.shows(persona), recoveryMs)))
    lane.stuck(`${persona} stands before a kiosk that shows nothing of the card`);
}

export async function leave(lane: Lane, persona: string): Promise<void> {
  const { chance, hands, stand } = lane;
  for (let presses = hands.int(0, 12); presses > 0; presses -= 1) {
    pressSomething(stand.glass, hands);
    await lane.wait(hands.int(0, 15));
  }
  if (chance.next() < 0.15) lane.note(`${persona} leaves the card behind`);
  else await takeCardOut(lane);
}

/** And minutes pass. Somebody ends what was left open, or all of it runs out by itself. */
async function takeCardOut(lane: Lane): Promise<boolean> {
  const { world, stand, chance } = lane;
  world.remove();
  if (!(await lane.until(() => isFree(lane), recoveryMs))) {
    lane.stuck('the reader is never seen empty');
    return false;
  }
  // Now and then nobody touches anything for longer than a page of somebody who has gone may stay open.
  if (chance.next() < 0.1) await lane.wait(1.2 * noticeMs);
  if (chance.next() < 0.6) {
    stand.glass.press('visit.stop', { why: 'stopped' });
    lane.pass(chance.int(60_000, 600_000));
    return true;
  }
  // The warning, the end and the goodbye each have their time.
  for (let times = 0; times < 6; times += 1) {
    lane.pass(chance.int(60_000, 240_000));
    if (await lane.until(() => stand.glass.view()?.screen.name === 'attract', 400)) return true;
  }
  lane.stuck('the kiosk never invites anybody again');
  return false;
}
