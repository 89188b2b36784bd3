import { tus, writeUploadMetadata } from '../../contract/attachment.ts';
import type { LineProblem } from '../../contract/operator.ts';
import { priority } from '../../contract/wire.ts';
import type { StoredAttachment } from '../outbox/attachments/attachments.ts';
import type { Line, LineAnswer } from './line.ts';
import { problemOf, toLineError } from './line-problem.ts';
import { readPatience } from './read-answer.ts';

/** What one request of tus came to. */
export type Step =
  /** Up to where it is there. `inMs`: when the next piece may come. */
  | { came: 'at'; offset: number; backedUp: boolean; inMs: number }
  /** Never begun, or not there any more. */
  | { came: 'nothing' }
  /** Not where we thought, or not what was announced: look again. */
  | { came: 'elsewhere' }
  /** This terminal said once that it will not come. */
  | { came: 'ended' }
  | { came: 'not_now'; inMs: number }
  /** Saying it again would not help. */
  | { came: 'refused'; status: number }
  | { came: 'failed'; problem: LineProblem; inMs: number | null; timedOut: boolean };

type Ask = Pick<Line, 'request'>;
type Headers = Record<string, string>;
const { headers: names } = tus;
const version: Headers = { [names.resumable]: tus.version };
const pathOf = (id: string) => `/v1/attachments/${id}`;

export function lookAt(line: Ask, { id, length }: StoredAttachment): Promise<Step> {
  return step(line, ['HEAD', pathOf(id), version], (answer) => {
    if (answer.status !== 200 || answer.headers[names.length] !== String(length)) return null;
    return { came: 'at', offset: readNumber(answer, names.offset), backedUp: answer.headers[names.backedUp] === '?1', inMs: 0 };
  });
}

export function begin(line: Ask, stored: StoredAttachment): Promise<Step> {
  const headers = { ...version, [names.length]: String(stored.length), [names.metadata]: writeUploadMetadata(stored) };
  return step(line, ['POST', '/v1/attachments', headers], ({ status }) => {
    if (status === 201) return { came: 'at', offset: 0, backedUp: false, inMs: 0 };
    // That name is another upload's there.
    return status === 409 ? { came: 'refused', status } : null;
  });
}

export function bring(line: Ask, { id }: StoredAttachment, offset: number, piece: Uint8Array): Promise<Step> {
  const headers = { ...version, 'content-type': tus.piece, [names.offset]: String(offset), [priority.header]: priority.backlog };
  return step(line, ['PATCH', pathOf(id), headers, piece], (answer) => {
    if (answer.status !== 204 || readNumber(answer, names.offset) !== offset + piece.length) return null;
    return { came: 'at', offset: offset + piece.length, backedUp: false, inMs: readNumber(answer, names.slot) };
  });
}

/** It is damaged here and will not come. */
export function end(line: Ask, { id }: StoredAttachment): Promise<Step> {
  return step(line, ['DELETE', pathOf(id), version], ({ status }) => (status === 204 ? { came: 'ended' } : null));
}

async function step(line: Ask, request: Parameters<Line['request']>, read: (answer: LineAnswer) => Step | null): Promise<Step> {
  let answer: LineAnswer;
  try {
    answer = await line.request(...request);
  } catch (error) {
    const { problem, timedOut } = toLineError(error);
    return { came: 'failed', problem, inMs: null, timedOut };
  }
  // Whoever does not speak tus is not the middleware, whatever it says.
  if (answer.headers[names.resumable] !== tus.version)
    return { came: 'failed', problem: problemOf(answer), inMs: readPatience(answer), timedOut: false };
  return read(answer) ?? readRefusal(answer);
}

function readRefusal(answer: LineAnswer): Step {
  switch (answer.status) {
    case 404:
      return { came: 'nothing' };
    case 409:
    case 460:
      return { came: 'elsewhere' };
    case 410:
      return { came: 'ended' };
    case 429:
      return { came: 'not_now', inMs: readPatience(answer) ?? 0 };
    case 400:
    case 403:
    case 412:
    case 413:
    case 415:
      return { came: 'refused', status: answer.status };
    default:
      return { came: 'failed', problem: problemOf(answer), inMs: readPatience(answer), timedOut: false };
  }
}

/** At most a day, where it is a time; an offset is never more than 20 MiB. What is no number is 0: then it is not what was hoped for. */
function readNumber({ headers }: LineAnswer, name: string): number {
  const text = headers[name] ?? '';
  return /^\d{1,8}$/.test(text) ? Number(text) : 0;
}
