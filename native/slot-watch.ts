import type { Clock } from './clock.ts';
import type { Failure } from './pkcs11/codes.ts';
import type { Library, Slot } from './pkcs11/library.ts';
import type { CardSession } from './pkcs11/session.ts';

export type Sight =
  | { kind: 'no_reader' | 'empty' | 'foreign' | 'mute' }
  /** A fault that may pass by itself: nothing new is known. */
  | { kind: 'unsure' }
  /** The library would not start again. */
  | { kind: 'lost' }
  /** More readers than the library has room for: by now it has overwritten memory that is not its own. */
  | { kind: 'too_many' }
  /** An eID, with a session just opened on it. `since`: when the look that saw it began, in the clock's milliseconds. */
  | { kind: 'card'; session: CardSession; since: number };

type Log = (event: string, detail: string) => void;
type SlotMemory = { kind: 'foreign' | 'mute' | 'other'; faults: number; nextLook: number };

/** A slot that says "no card" after more than this had to connect to one: an empty slot answers in 25 µs, a card takes 200 ms. */
const connectMs = 100;
/** Each look at a card that is no eID blocks 230 ms; meanwhile the other readers are looked at as often as ever. */
const backOffMs = 750;
/** It leaks a PC/SC handle too, and at 200 handles every card fails, real eIDs included, until C_Finalize. */
const spoiledLooksBeforeRestart = 100;
const faultsBeforeRestart = 2;
const faultsBetweenRestarts = 20;
/** C_GetSlotInfo does not see readers come; only C_GetSlotList does (P:general.c C_GetSlotList). */
const refreshMs = 1000;
/** The library's table of slots (P:p11.h MAX_SLOTS); it writes past its end for every reader more (P:cal.cpp cal_init_slots). */
const mostReaders = 10;

/**
 * Looks for an eID in all readers. Only for use while no session is open: a changed list of readers breaks sessions, and
 * the library may be restarted here, which ends them.
 */
export function watchSlots({ library, clock, log }: { library: Library; clock: Clock; log: Log }): () => Sight {
  const memories = new Map<string, SlotMemory>();
  let slots: readonly Slot[] = [];
  let refreshAt = 0;
  let listFaults = 0;
  let spoiledLooks = 0;

  function look(): Sight {
    if (clock.elapsed() >= refreshAt || slots.length === 0) {
      const listed = library.listSlots();
      if (!listed.ok) return listFailed(listed.error);
      listFaults = 0;
      refreshAt = clock.elapsed() + refreshMs;
      noteSlots(listed.value);
    }
    if (slots.length > mostReaders) return { kind: 'too_many' };
    if (slots.length === 0) return { kind: 'no_reader' };

    const kinds = new Set<Sight['kind']>();
    // Readers without a known foreign card first: an eID must not wait for another reader's 230 ms.
    for (const slot of [...slots].sort((one, other) => Number(isBackedOff(one)) - Number(isBackedOff(other)))) {
      const sight = lookAt(slot);
      if (sight.kind === 'card' || sight.kind === 'lost') return sight;
      kinds.add(sight.kind);
    }
    if (spoiledLooks >= spoiledLooksBeforeRestart && !restart('spoiled_looks')) return { kind: 'lost' };
    const telling = (['foreign', 'mute', 'unsure'] as const).find((kind) => kinds.has(kind));
    return { kind: telling ?? 'empty' };
  }

  function lookAt(slot: Slot): Sight {
    const memory = remember(slot);
    if (memory.kind !== 'other' && clock.elapsed() < memory.nextLook) return { kind: memory.kind };
    const since = clock.elapsed();
    const sight = judge(slot, memory, since);
    if (sight.kind !== 'unsure' && sight.kind !== 'mute' && sight.kind !== 'lost') memory.faults = 0;
    memory.kind = sight.kind === 'foreign' || sight.kind === 'mute' ? sight.kind : 'other';
    memory.nextLook = clock.elapsed() + backOffMs;
    return sight;
  }

  function judge(slot: Slot, memory: SlotMemory, since: number): Sight {
    const seen = library.lookAtSlot(slot);
    if (!seen.ok) return slotFailed(memory, seen.error);
    if (seen.value) {
      const opened = library.openSession(slot);
      if (opened.ok) return { kind: 'card', session: opened.value, since };
      // Pulled out again at once, or no eID after all: the next look tells.
      return opened.error.fault === 'gone' ? { kind: 'empty' } : slotFailed(memory, opened.error);
    }
    const slow = clock.elapsed() - since > connectMs;
    if (slow) spoiledLooks += 1;
    if (slow && memory.kind === 'foreign') return { kind: 'foreign' };
    return judgeUnseen(slot, memory, slow);
  }

  /** "No card" is what the library says of foreign cards too; the token's own answer tells, and after five of them only the time. */
  function judgeUnseen(slot: Slot, memory: SlotMemory, slow: boolean): Sight {
    const before = clock.elapsed();
    const asked = library.askToken(slot);
    const slowAgain = clock.elapsed() - before > connectMs;
    if (slowAgain || (!asked.ok && asked.error.fault === 'not_recognised')) spoiledLooks += 1;
    if (asked.ok) return { kind: 'unsure' };
    if (asked.error.fault === 'not_recognised') return { kind: 'foreign' };
    if (asked.error.fault === 'gone') return { kind: slow && slowAgain ? 'foreign' : 'empty' };
    return slotFailed(memory, asked.error);
  }

  /**
   * DEVICE_ERROR is a card pulled this moment, a library that ran out of handles, or a card that does not answer. The
   * first passes, the second is cured by a restart, and what is left is the card.
   */
  function slotFailed(memory: SlotMemory, failure: Failure): Sight {
    memory.faults += 1;
    refreshAt = 0;
    if (failure.fault === 'no_such_slot') return { kind: 'unsure' };
    const due = memory.faults === faultsBeforeRestart || memory.faults % faultsBetweenRestarts === 0;
    if ((due || failure.fault === 'not_initialised') && !restart(failure.name)) return { kind: 'lost' };
    return { kind: memory.faults > faultsBeforeRestart ? 'mute' : 'unsure' };
  }

  /** Without a PC/SC service there is no reader to speak of (Windows stops it when the last reader is unplugged). */
  function listFailed(failure: Failure): Sight {
    listFaults += 1;
    const due = listFaults === faultsBeforeRestart || listFaults % faultsBetweenRestarts === 0;
    if ((due || failure.fault === 'not_initialised') && !restart(failure.name)) return { kind: 'lost' };
    return { kind: listFaults > faultsBeforeRestart ? 'no_reader' : 'unsure' };
  }

  function restart(reason: string): boolean {
    spoiledLooks = 0;
    refreshAt = 0;
    const restarted = library.restart();
    log('library_restarted', restarted.ok ? reason : `${reason} ${restarted.error.name}`);
    return restarted.ok;
  }

  function noteSlots(found: readonly Slot[]): void {
    const keys = new Set(found.map((slot) => slot.key));
    if (keys.size !== slots.length || slots.some((slot) => !keys.has(slot.key))) {
      // Slot numbers are positions in the list of readers: after a change the same number may be another reader.
      memories.clear();
      log('readers_changed', `${found.length}`);
    }
    slots = found;
  }

  function remember(slot: Slot): SlotMemory {
    const memory = memories.get(slot.key) ?? { kind: 'other', faults: 0, nextLook: 0 };
    memories.set(slot.key, memory);
    return memory;
  }

  function isBackedOff(slot: Slot): boolean {
    return memories.get(slot.key)?.kind === 'foreign' || memories.get(slot.key)?.kind === 'mute';
  }

  return look;
}
