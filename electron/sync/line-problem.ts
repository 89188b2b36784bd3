import type { LineProblem } from '../../contract/operator.ts';
import { mediaType } from '../../contract/wire.ts';

/** No answer that can be used. `timedOut`: there may have been too much to carry for this line. */
export class LineError extends Error {
  readonly problem: LineProblem;
  readonly timedOut: boolean;

  constructor(problem: LineProblem, timedOut = false) {
    super(problem);
    this.name = 'LineError';
    this.problem = problem;
    this.timedOut = timedOut;
  }
}

/**
 * Codes of Node, OpenSSL, BoringSSL and undici, the first match counts. A certificate of ours that the other side refused
 * comes as a TLS alert (RFC 8446, 6.2).
 */
const known: readonly [RegExp, LineProblem][] = [
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$|ALERT_CERTIFICATE_EXPIRED/, 'dates'],
  [/ALERT_(CERTIFICATE_|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/, 'refused'],
  [/CERT|VERIFY|_CHAIN|^ERR_TLS_|^ERR_SSL_|^EPROTO$|^INVALID_CA$|^PATH_LENGTH_EXCEEDED$|^HOSTNAME_MISMATCH$/, 'not_the_middleware'],
  [/^HPE_(?!INVALID_EOF)|_MAX_SIZE$|^UND_ERR_HEADERS_OVERFLOW$|CONTENT_LENGTH_MISMATCH$/, 'unreadable'],
];

/** For anything that an HTTP client throws. */
export function toLineError(error: unknown): LineError {
  if (error instanceof LineError) return error;
  const codes = codesOf(error);
  const problem = known.find(([pattern]) => codes.some((code) => pattern.test(code)))?.[1] ?? 'no_connection';
  return new LineError(
    problem,
    codes.some((code) => /^UND_ERR_(HEADERS|BODY)_TIMEOUT$|^TimeoutError$/.test(code)),
  );
}

function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  return [...code, error.name, ...codesOf(error.cause)];
}

/** What an HTTP answer means when it is not the one that was hoped for. */
export function problemOf(answer: { status: number; mediaType: string }): LineProblem {
  const { status } = answer;
  // The middleware speaks in these types only, so whatever comes in another was said by something in between.
  const ours = [mediaType.json, mediaType.problem, mediaType.jose].some((type) => type === answer.mediaType);
  if (status >= 300 && status < 400) return 'not_the_middleware';
  if (status === 429 || status === 503) return 'busy';
  if (status >= 500) return 'failing';
  if (!ours) return 'not_the_middleware';
  return status === 401 || status === 403 ? 'refused' : 'unreadable';
}
