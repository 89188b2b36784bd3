import { ok, type Result, refuse } from '../contract/result.ts';
import type { Clock } from './clock.ts';
import type { Failure, Fault } from './pkcs11/codes.ts';
import type { Library, Slot } from './pkcs11/library.ts';
import type { CardFile, CardSession, CertificateLabel, SigningFailure, SigningOrder, Token } from './pkcs11/session.ts';

/** A clock that stands still until a test moves it, and runs what is due on the way. */
export type FakeClock = Clock & { advance(ms: number): void; spend(ms: number): void };

export function makeFakeClock(): FakeClock {
  let time = 1000;
  let planned: { at: number; run: () => void }[] = [];
  return {
    now: () => new Date(Date.parse('2026-06-15T10:00:00Z') + time),
    elapsed: () => time,
    after(ms, run) {
      const entry = { at: time + ms, run };
      planned.push(entry);
      return () => {
        planned = planned.filter((each) => each !== entry);
      };
    },
    advance(ms) {
      const until = time + ms;
      for (;;) {
        const next = planned.filter((each) => each.at <= Math.max(until, time)).sort((one, other) => one.at - other.at)[0];
        if (next === undefined) break;
        planned = planned.filter((each) => each !== next);
        time = Math.max(time, next.at);
        next.run();
      }
      time = Math.max(time, until);
    },
    /** A call that blocks for so long. */
    spend(ms) {
      time += ms;
    },
  };
}

export type FakeKeys = {
  certificates: Partial<Record<CertificateLabel, Buffer>>;
  token: Omit<Token, 'serial'>;
  sign(order: SigningOrder): Result<Buffer, SigningFailure>;
};
export type FakeCard =
  | { kind: 'eid'; files: Partial<Record<CardFile, Buffer>>; serial?: string; keys?: FakeKeys }
  | { kind: 'foreign' | 'mute' };

export type FakeWorld = {
  library: Library;
  readers: (FakeCard | null)[];
  /** Called before each file is read; may pull the card or answer with a fault. */
  onRead: (file: CardFile, reads: number) => Fault | undefined;
  restarts: number;
  openSessions: number;
  looks: number;
  restartFails: boolean;
};

/**
 * The traps of the real library that a poll loop can step into, in memory: the slot table that only C_GetSlotList renews,
 * sessions bound to one insertion, DEVICE_ERROR for 400 ms after a pull in mid-read, 230 ms and a leaked handle for every
 * look at a foreign card, TOKEN_NOT_RECOGNIZED only five times, and everything failing after 200 handles.
 */
export function makeFakeWorld(clock: FakeClock): FakeWorld {
  let table: { reader: number }[] = [];
  let handles = 0;
  let foreignLooks = 0;
  let reads = 0;
  const fail = (fault: Fault): { ok: false; error: Failure } => refuse({ fault, name: `FAKE_${fault}` });
  const cardIn = (slot: Slot) => world.readers[table[slot.id[0] ?? 0]?.reader ?? -1];

  function look(slot: Slot): Result<FakeCard | null, Failure> {
    world.looks += 1;
    if (handles > 200) return fail('device_error');
    if (table[slot.id[0] ?? 0] === undefined) return fail('no_such_slot');
    const card = cardIn(slot);
    if (card === undefined) return fail('device_error');
    if (card?.kind === 'mute') return fail('device_error');
    if (card?.kind !== 'foreign') return ok(card);
    clock.spend(230);
    foreignLooks += 1;
    if (foreignLooks > 5) handles += 1;
    return ok(card);
  }

  const world: FakeWorld = {
    readers: [],
    onRead: () => undefined,
    restarts: 0,
    openSessions: 0,
    looks: 0,
    restartFails: false,
    library: {
      description: 'Fake library 1.0',
      isVirtualCard: false,
      listSlots() {
        table = world.readers.map((_, reader) => ({ reader }));
        return ok(table.map((_, index) => ({ id: Buffer.of(index), key: String(index) })));
      },
      lookAtSlot(slot) {
        const seen = look(slot);
        return seen.ok ? ok(seen.value?.kind === 'eid') : seen;
      },
      askToken(slot) {
        const seen = look(slot);
        if (!seen.ok) return seen;
        if (seen.value === null) return fail('gone');
        return seen.value.kind === 'eid' ? ok(null) : fail(foreignLooks > 5 ? 'gone' : 'not_recognised');
      },
      openSession(slot) {
        const card = cardIn(slot);
        if (card?.kind !== 'eid') return fail('gone');
        world.openSessions += 1;
        return ok(makeSession(slot, card));
      },
      restart() {
        world.restarts += 1;
        handles = 0;
        return world.restartFails ? fail('device_error') : ok(null);
      },
      finish() {},
    },
  };

  function makeSession(slot: Slot, card: FakeCard & { kind: 'eid' }): CardSession {
    let open = true;
    let gone = false;
    let countsAsInUntil: number | null = null;
    const isIn = () => {
      if (gone || (cardIn(slot) !== card && clock.elapsed() >= (countsAsInUntil ?? 0))) gone = true;
      return !gone;
    };
    return {
      readFile(file) {
        clock.spend(20);
        reads += 1;
        if (!isIn()) return fail('gone');
        const fault = world.onRead(file, reads);
        if (fault === 'gone') gone = true;
        if (gone) return fail('gone');
        if (cardIn(slot) !== card) {
          countsAsInUntil ??= clock.elapsed() + 400;
          return fail('device_error');
        }
        if (fault !== undefined) return fail(fault);
        // A copy, as pkcs11js gives one: the reader overwrites what it was given.
        const bytes = card.files[file];
        return ok(bytes === undefined ? null : Buffer.from(bytes));
      },
      readCertificate(label) {
        if (!isIn()) return fail('gone');
        const bytes = card.keys?.certificates[label];
        return ok(bytes === undefined ? null : Buffer.from(bytes));
      },
      readToken: () =>
        isIn() ? ok({ ...(card.keys?.token ?? { applet: 0x18, pinpad: false, dialogs: false }), serial: card.serial ?? '' }) : fail('gone'),
      sign(order) {
        if (!isIn()) return refuse({ fault: 'gone', name: 'FAKE_gone', at: 'before' });
        return card.keys?.sign(order) ?? refuse({ fault: 'unsupported', name: 'no_such_key', at: 'before' });
      },
      checkPresence: () => (isIn() ? ok(null) : fail('gone')),
      close() {
        if (!open) return;
        open = false;
        world.openSessions -= 1;
      },
    };
  }

  return world;
}
