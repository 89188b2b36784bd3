import type { KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { KeySet, keySetType, type PublicJwk } from '../../../contract/key-set.ts';
import { type LineNews, mediaType } from '../../../contract/wire.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { SealKey } from '../../outbox/seal.ts';
import { writeWhole } from '../../store/write-whole.ts';
import type { Line } from '../line.ts';
import { readPublicKey, readSigned } from './signed.ts';

export type KeySets = {
  current(): KeySet;
  /** What is sealed to from now on. */
  sealKey(): SealKey;
  /** By `kid`. */
  receiptKeys(): ReadonlyMap<string, KeyObject>;
  bundleKeys(): ReadonlyMap<string, KeyObject>;
  /** `late`: the next set is overdue. That is warned about and hinders nothing. */
  status(): { serial: number; nextUpdate: string; late: boolean };
  /** Fetches the set that the middleware has, when that is a newer one. Settles when it is here, or not to be had now. */
  hear(news: Pick<LineNews, 'keySetSerial'>): Promise<void>;
};

export type KeySetParts = {
  /** Holds the newest set that was fetched. */
  file: string;
  /** Pinned by enrolment, and the set that came with it. */
  identity: { keySetKey: PublicJwk; keySet: string };
  line: Pick<Line, 'get'>;
  clock: Pick<Clock, 'wall'>;
  log: Log;
};

type Opened = { set: KeySet; receipt: ReadonlyMap<string, KeyObject>; bundle: ReadonlyMap<string, KeyObject> };

const largestSet = 40_000;

/** Throws when not even the set that enrolment gave can be read: then the terminal is not enrolled. */
export function openKeySets({ file, identity, line, clock, log }: KeySetParts): KeySets {
  const pinned = readPublicKey(identity.keySetKey);
  const given = open(identity.keySet, pinned);
  if (given === null) throw new Error('no_key_set');
  const stored = open(readIfThere(file), pinned);
  let current = stored && stored.set.serial >= given.set.serial ? stored : given;
  let fetching: Promise<void> | null = null;

  async function fetchNewer(): Promise<void> {
    let jws: string;
    try {
      const answer = await line.get('/v1/keys');
      if (answer.status !== 200 || answer.mediaType !== mediaType.jose) return log('key_set_refused', { why: 'not_a_set' });
      jws = answer.body.trim();
    } catch {
      return;
    }
    const fetched = open(jws, pinned);
    if (fetched === null) return log('key_set_refused', { why: 'bad_signature' });
    if (fetched.set.serial <= current.set.serial) return log('key_set_refused', { why: 'not_newer' });
    current = fetched;
    log('key_set_taken', { serial: fetched.set.serial });
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeWhole(file, jws);
    } catch {
      // It is used until the next start, and fetched again then.
      log('storage_failed', { where: 'key_set' });
    }
  }

  return {
    current: () => current.set,
    sealKey: () => chooseSealKey(current.set, clock.wall()),
    receiptKeys: () => current.receipt,
    bundleKeys: () => current.bundle,
    status() {
      const { serial, nextUpdate } = current.set;
      return { serial, nextUpdate, late: clock.wall().getTime() > Date.parse(nextUpdate) };
    },
    async hear({ keySetSerial }) {
      if (keySetSerial <= current.set.serial) return;
      fetching ??= fetchNewer().finally(() => {
        fetching = null;
      });
      await fetching;
    },
  };
}

/**
 * The latest that has begun. This clock may be years off, so the set's own date counts too: what had begun by then has begun.
 * Where even that leaves none, the newest: a terminal without a key could keep nothing.
 */
export function chooseSealKey({ seal, issuedAt }: KeySet, now: Date): SealKey {
  const byStart = seal.toSorted((one, other) => Date.parse(one.from) - Date.parse(other.from));
  const latest = Math.max(now.getTime(), Date.parse(issuedAt));
  const chosen = byStart.findLast(({ from }) => Date.parse(from) <= latest) ?? byStart.at(-1);
  if (chosen === undefined) throw new Error('a key set without a seal key');
  return { id: chosen.id, jwk: chosen.jwk };
}

/** Null: not a set of the pinned key, or one with a key that is none. */
function open(jws: string | null, pinned: KeyObject): Opened | null {
  if (jws === null || jws.length > largestSet) return null;
  const signed = readSigned(jws, { type: keySetType, keys: pinned });
  const set = KeySet.safeParse(signed.ok ? signed.value : null);
  if (!set.success) return null;
  try {
    for (const { jwk } of set.data.seal) readPublicKey(jwk);
    return { set: set.data, receipt: byId(set.data.receipt), bundle: byId(set.data.bundle) };
  } catch {
    return null;
  }
}

function byId(keys: KeySet['receipt']): ReadonlyMap<string, KeyObject> {
  return new Map(keys.map(({ id, jwk }) => [id, readPublicKey(jwk)]));
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
