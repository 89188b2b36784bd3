import * as z from 'zod';
import { patterns } from '../../contract/ids.ts';
import { longestTime, type TransactionEvent } from '../../contract/wire.ts';

/**
 * Whether it is a `TransactionEvent`, looked at by hand: a delivery has a hundred, and the schema takes five times as long.
 * What is no usual one, the schema judges. Two differences: what an event has beyond its shape stays on it, and whether base64
 * is any is not looked at here, because whoever decodes it sees it in passing (`decodeBase64`).
 */
export function isUsualEvent(value: unknown): value is TransactionEvent {
  if (typeof value !== 'object' || value === null) return false;
  const event = value as Partial<Record<keyof TransactionEvent, unknown>>;
  return (
    event.specversion === '1.0' &&
    event.type === 'be.loket.transaction.v1' &&
    event.datacontenttype === 'application/octet-stream' &&
    isText(event.id, z.regexes.uuid7) &&
    isText(event.source, patterns.source) &&
    isText(event.time, time) &&
    isLong(event.time, 1, longestTime) &&
    isText(event.generation, patterns.generation) &&
    isText(event.reference, patterns.reference) &&
    isText(event.lane, patterns.lane) &&
    Number.isSafeInteger(event.sequence) &&
    Number(event.sequence) > 0 &&
    isLong(event.keyid, 1, 64) &&
    isLong(event.encapsulated, 0, 400) &&
    isLong(event.data_base64, 0, 200_000) &&
    (event.previous === undefined || isText(event.previous, patterns.hash)) &&
    (event.signature === undefined || isText(event.signature, patterns.signature))
  );
}

/** How many bytes a text stands for, should it be base64. */
export function base64Size(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return Math.max(0, Math.floor((text.length * 3) / 4) - padding);
}

/**
 * Into `bytes` from `at` on, as many as `base64Size` says.
 * @returns false when it is not base64 (RFC 4648, clause 4, with its padding)
 */
export function decodeBase64(text: string, bytes: Buffer, at: number): boolean {
  // Node passes over what is none, takes the alphabet of clause 5 too, and of other letters than ASCII's the lower half.
  const isWhole = text.length % 4 === 0 && bytes.write(text, at, 'base64') === base64Size(text);
  return isWhole && !text.includes('-') && !text.includes('_') && Buffer.byteLength(text) === text.length;
}

const isText = (value: unknown, pattern: RegExp): boolean => typeof value === 'string' && pattern.test(value);
const isLong = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'string' && value.length >= least && value.length <= most;

const time = z.regexes.datetime({});
