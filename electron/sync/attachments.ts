import { createHash } from 'node:crypto';
import { tus } from '../../contract/attachment.ts';
import { unreachable } from '../../contract/result.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Attachments, StoredAttachment } from '../outbox/attachments/attachments.ts';
import type { Line } from './line.ts';
import { makeRounds } from './rounds.ts';
import { begin, bring, end, lookAt, type Step } from './send-attachment.ts';

export type Uploads = {
  start(): void;
  /** A record was received, or the line is back. */
  wake(): void;
  /** How many the middleware is not known to have whole. Without a line since the start: all that are here. */
  countWaiting(): number;
  /** Ends what is under way. */
  stop(): Promise<void>;
};

export type UploadParts = {
  line: Pick<Line, 'request'>;
  attachments: Pick<Attachments, 'list' | 'read' | 'remove'>;
  /** Whether a record may go: then this waits. */
  recordsGo: () => boolean;
  clock: Clock;
  log: Log;
  pace: { retryBaseMs: number; retryCapMs: number };
  random?: () => number;
};

/** How often the middleware is asked whether a backup has what it has. */
const coverMs = 30 * 60_000;
/** What the middleware will not have, tried again without standing in the way. */
const refusedMs = 24 * 3_600_000;
/** What this disk does not let be read now, which may be another matter later. */
const unreadMs = 30 * 60_000;
/** While records go first. */
const recordsMs = 2_000;
const smallestPiece = 16 * 1024;
/** In a row, before a line that was too slow is tried with more at once. */
const goodPieces = 8;

/**
 * Brings the attachments of received records to the middleware, one piece at a time, after everything else: never before a
 * record is kept and received, never beside a record that may go. Where it stands is the middleware's word, asked anew after
 * each failure, so that at most one piece goes twice.
 */
export function createUploads(parts: UploadParts): Uploads {
  const { line, attachments, recordsGo, clock, log, pace, random = Math.random } = parts;
  /** Of this program's time: when to look at it again. */
  const later = new Map<string, number>();
  /** There, and not yet in a backup. */
  const whole = new Set<string>();
  let current: { stored: StoredAttachment; offset: number | null; checked: boolean } | null = null;
  let piece: number = tus.pieceBytes;
  let inARow = 0;
  let failures = 0;
  let restUntil = Number.NEGATIVE_INFINITY;
  let slotAt = Number.NEGATIVE_INFINITY;
  const { run, stop } = makeRounds(round, () => {
    log('storage_failed', { where: 'attachments' });
    fail(null);
  });

  function leave(ms: number): void {
    if (current) later.set(current.stored.id, clock.ticks() + ms);
    current = null;
  }

  /** It is there, or can never be: nothing more is to be done for it here. */
  function finish(): void {
    if (current) {
      attachments.remove(current.stored.id);
      later.delete(current.stored.id);
      whole.delete(current.stored.id);
    }
    current = null;
  }

  function fail(inMs: number | null): void {
    if (current) current.offset = null;
    // Full jitter, as for records.
    const wait = random() * Math.min(pace.retryCapMs, pace.retryBaseMs * 2 ** Math.min(failures, 30));
    restUntil = clock.ticks() + Math.min(inMs ?? 0, pace.retryCapMs) + wait;
    failures += 1;
  }

  function slowDown(): void {
    inARow = 0;
    piece = Math.max(smallestPiece, piece >> 1);
  }

  function take(step: Step): void {
    switch (step.came) {
      case 'at':
        stand(step);
        break;
      case 'nothing':
      case 'elsewhere':
        fail(null);
        break;
      case 'ended':
        finish();
        break;
      case 'not_now':
        slotAt = clock.ticks() + step.inMs;
        break;
      case 'refused':
        log('attachment_refused', { status: step.status });
        leave(refusedMs);
        break;
      case 'failed':
        if (step.timedOut) slowDown();
        fail(step.inMs);
        break;
      default:
        unreachable(step);
    }
  }

  function stand({ offset, backedUp, inMs }: Extract<Step, { came: 'at' }>): void {
    if (!current) return;
    failures = 0;
    slotAt = Math.max(slotAt, clock.ticks() + inMs);
    if (offset < current.stored.length) {
      whole.delete(current.stored.id);
      current.offset = offset;
      return;
    }
    whole.add(current.stored.id);
    if (backedUp) finish();
    else leave(coverMs * (0.75 + 0.5 * random()));
  }

  /** Null: the disk refuses, and nobody knows yet what it has. None at all where there is no file. */
  async function readPiece(id: string, at: number, count: number): Promise<Uint8Array | null> {
    try {
      return await attachments.read(id, at, count);
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? new Uint8Array() : null;
    }
  }

  /** What this disk changed cannot be opened by anybody: the middleware hears that it will not come. */
  async function check({ id, length, sha256 }: StoredAttachment): Promise<'whole' | 'damaged' | 'unread'> {
    const hash = createHash('sha256');
    for (let at = 0; at < length; at += tus.pieceBytes) {
      const bytes = await readPiece(id, at, tus.pieceBytes);
      if (bytes === null) return 'unread';
      hash.update(bytes);
    }
    return hash.digest('base64url') === sha256 ? 'whole' : 'damaged';
  }

  function putOff(): void {
    log('storage_failed', { where: 'attachments' });
    leave(unreadMs);
  }

  async function giveUp(stored: StoredAttachment): Promise<void> {
    log('attachment_damaged');
    const begun = await begin(line, stored);
    take(begun.came === 'at' ? await end(line, stored) : begun);
  }

  async function send(one: NonNullable<typeof current>): Promise<void> {
    const { stored, offset } = one;
    if (offset === null) {
      const step = await lookAt(line, stored);
      const whole = step.came === 'at' && step.offset >= stored.length;
      if (!whole && (step.came === 'at' || step.came === 'nothing') && !one.checked) {
        const found = await check(stored);
        if (found === 'unread') return putOff();
        if (found === 'damaged') return giveUp(stored);
        one.checked = true;
      }
      take(step.came === 'nothing' ? await begin(line, stored) : step);
      return;
    }
    const bytes = await readPiece(stored.id, offset, Math.min(piece, stored.length - offset));
    if (bytes === null) return putOff();
    // Cut short since it was checked.
    if (bytes.length === 0) {
      one.checked = false;
      one.offset = null;
      return;
    }
    const step = await bring(line, stored, offset, bytes);
    if (step.came === 'at') {
      inARow += 1;
      if (inARow % goodPieces === 0) piece = Math.min(tus.pieceBytes, piece * 2);
      if (step.offset === stored.length) log('attachment_sent', { bytes: stored.length });
    }
    // Its last piece, and the whole is another: look here too.
    if (step.came === 'elsewhere') one.checked = false;
    take(step);
  }

  function choose(at: number): typeof current {
    const due = attachments.list().find(({ id, state }) => (state === 'received' || state === null) && (later.get(id) ?? at) <= at);
    return due ? { stored: due, offset: null, checked: false } : null;
  }

  /** One step at most. Answers how long to wait before the next, in milliseconds; null: until something happens. */
  async function round(): Promise<number | null> {
    const at = clock.ticks();
    const rest = Math.max(restUntil, slotAt) - at;
    if (rest > 0) return rest;
    current ??= choose(at);
    if (!current) return later.size === 0 ? null : Math.max(0, Math.min(...later.values()) - at);
    if (recordsGo()) return recordsMs;
    await send(current);
    return 0;
  }

  return {
    start: run,
    wake() {
      restUntil = Number.NEGATIVE_INFINITY;
      run();
    },
    countWaiting: () => attachments.list().filter(({ id }) => !whole.has(id)).length,
    stop: () => stop(),
  };
}
