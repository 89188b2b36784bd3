import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ProfileWish } from '../../contract/ipc.ts';
import {
  type CodeReply,
  type ContactChannel,
  type ProfileChange,
  type ProfileReply,
  type ProfileValue,
  purposeBytes,
  thingOf,
} from '../../contract/profile.ts';

/** A profile as this visit knows it: what the middleware said, and what was changed since. Memory of this visit only. */
export type SeenProfile = {
  /** Which asking for it is heard. */
  reading: string;
  stage: 'asking' | 'known' | 'none';
  why: 'no_line' | 'grant_ended' | 'not_recorded' | null;
  reply: ProfileReply | null;
  /** Oldest first. */
  changes: readonly MadeChange[];
  step: ContactStep | null;
  /** By chance: this visit's changes are carried out in their order. */
  lane: string;
};

/** `isUndo`: it puts back what another change of this visit had taken away. */
export type MadeChange = {
  txId: string;
  reference: string;
  change: ProfileChange;
  before: Known | null;
  isUndo: boolean;
  stage: 'keeping' | 'kept' | 'received' | 'needs_attention' | 'not_kept';
  /** When, and the terminal's word for it. */
  kept: { keptAt: string; proof: string } | null;
  /** The middleware's word that it was received. */
  receipt: string | null;
};

/** A value, and the change that made it so. */
export type Known = { set: ProfileValue; version: string; saidAt: string | null; verifiedAt: string | null };

export type ContactProblem = 'no_line' | 'grant_ended' | 'over' | Extract<CodeReply, { status: 'refused' }>['why'];

type Contact = { channel: ContactChannel; value: string };
export type ContactStep = Contact &
  (
    | { stage: 'typing'; error: 'missing' | 'wrong' | 'same' | null }
    | { stage: 'sending'; attempt: string }
    | { stage: 'code'; verification: string; error: 'code_missing' | 'code_wrong' | null; triesLeft: number | null }
    | { stage: 'checking'; verification: string; code: string; attempt: string; triesLeft: number | null }
    | { stage: 'problem'; why: ContactProblem }
  );

export function beginProfile(reading: string): SeenProfile {
  const lane = Buffer.from(reading.replaceAll('-', ''), 'hex').toString('base64url');
  return { reading, stage: 'asking', why: null, reply: null, changes: [], step: null, lane };
}

export function askProfileAgain(profile: SeenProfile, reading: string): SeenProfile {
  return { ...profile, reading, stage: 'asking', why: null };
}

/** The newest change of a thing; undefined: this visit changed nothing of it. */
export function lastChange({ changes }: SeenProfile, thing: string): MadeChange | undefined {
  return changes.findLast(({ change }) => thingOf(change.set) === thing);
}

/** What came of a change, as the middleware said; undefined: it has not said it yet. */
export function outcomeOf({ reply }: Pick<SeenProfile, 'reply'>, txId: string): ProfileReply['outcomes'][number] | undefined {
  return reply?.outcomes.find((outcome) => outcome.txId === txId);
}

/** What holds: a change of this visit until the middleware has said what came of it, then what it says. */
export function findKnown(profile: SeenProfile, thing: string): Known | null {
  const last = profile.changes.findLast(({ change, stage }) => thingOf(change.set) === thing && stage !== 'not_kept');
  if (last && !outcomeOf(profile, last.txId)) {
    const { change, txId } = last;
    const keptAt = last.kept?.keptAt ?? null;
    // A code was answered for it, or it was when it was there.
    return {
      set: change.set,
      version: txId,
      saidAt: keptAt,
      verifiedAt: isContact(change.set) && change.set.value !== null ? keptAt : null,
    };
  }
  const entry = profile.reply?.entries.find(({ set }) => thingOf(set) === thing);
  return entry ? { set: entry.set, version: entry.version, saidAt: entry.changedAt, verifiedAt: entry.verifiedAt } : null;
}

function isContact({ field }: ProfileValue): boolean {
  return field === 'email' || field === 'phone';
}

export function contactOf(profile: SeenProfile | null, channel: ContactChannel): string | null {
  const set = profile && findKnown(profile, channel)?.set;
  return set?.field === channel ? set.value : null;
}

export type Ids = { txId: string; reference: string };

/** What a press asks for, as a change; null: there is nothing to change, or it may not be. */
export function makeChange(profile: SeenProfile, wish: ProfileWish): ProfileChange | null {
  const set = readWish(profile, wish);
  const before = set && findKnown(profile, thingOf(set));
  if (!set || isDeepStrictEqual(before?.set.value ?? null, set.value)) return null;
  return { set, basedOn: before?.version ?? null };
}

function readWish(profile: SeenProfile, wish: ProfileWish): ProfileValue | null {
  if (wish.field !== 'consent') return wish.field === 'interests' ? { ...wish, value: [...new Set(wish.value)].sort() } : wish;
  const { purpose: id, given, version } = wish;
  if (!given) return { field: 'consent', purpose: id, value: null };
  const purpose = profile.reply?.purposes.find((one) => one.id === id);
  // Agreed to other words than those that are here, or to letters that have nowhere to go.
  if (purpose?.version !== version || (purpose.kind === 'newsletter' && contactOf(profile, 'email') === null)) return null;
  return {
    field: 'consent',
    purpose: id,
    value: { version, sha256: createHash('sha256').update(purposeBytes(purpose)).digest('base64url') },
  };
}

/** Puts back what the newest change of a thing took away; null: there is nothing to put back. */
export function makeUndo(profile: SeenProfile, thing: string): ProfileChange | null {
  const last = lastChange(profile, thing);
  if (!last || !canUndo(profile, last)) return null;
  const { set } = last.change;
  const restored = last.before?.set ?? { ...set, value: null };
  return { set: restored, basedOn: last.txId, restores: last.before?.version ?? null };
}

/** What had no effect, and what was put back, has nothing to undo. */
export function canUndo(profile: SeenProfile, { txId, isUndo, stage }: MadeChange): boolean {
  return !isUndo && stage !== 'keeping' && stage !== 'not_kept' && !outcomeOf(profile, txId)?.missed;
}

export function addChange(profile: SeenProfile, change: ProfileChange | null, { txId, reference }: Ids, isUndo = false): SeenProfile {
  if (!change) return profile;
  const before = findKnown(profile, thingOf(change.set));
  const made: MadeChange = { txId, reference, change, before, isUndo, stage: 'keeping', kept: null, receipt: null };
  return { ...profile, changes: [...profile.changes, made] };
}

export function markChange(profile: SeenProfile, txId: string, mark: Partial<Pick<MadeChange, 'stage' | 'kept' | 'receipt'>>): SeenProfile {
  if (!profile.changes.some((made) => made.txId === txId)) return profile;
  return { ...profile, changes: profile.changes.map((made) => (made.txId === txId ? { ...made, ...mark } : made)) };
}
