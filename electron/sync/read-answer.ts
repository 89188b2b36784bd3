import type * as z from 'zod';
import { mediaType, Problem } from '../../contract/wire.ts';
import type { LineAnswer } from './line.ts';

/** JSON of this shape with status 200, or null: a portal's page, a cut answer, another shape. */
export function readJson<T>(answer: Pick<LineAnswer, 'status' | 'mediaType' | 'body'>, shape: z.ZodType<T>): T | null {
  return answer.status === 200 && answer.mediaType === mediaType.json ? parse(answer.body, shape) : null;
}

/**
 * How long the middleware asks to wait, in milliseconds: to the millisecond where it says so, else the header's whole
 * seconds (RFC 9110, 10.2.3; its date form is not used between us). At most a day. Null: it does not say.
 */
export function readPatience({ headers, mediaType: type, body }: LineAnswer): number | null {
  const inMs = type === mediaType.problem ? parse(body, Problem)?.inMs : undefined;
  const seconds = /^\d{1,6}$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) : null;
  const said = inMs ?? (seconds === null ? null : seconds * 1000);
  return said === null ? null : Math.min(said, 86_400_000);
}

function parse<T>(body: Uint8Array, shape: z.ZodType<T>): T | null {
  try {
    const read = shape.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
