import type { LossStatement } from '../../contract/kept-record.ts';
import { lossType } from '../../contract/kept-record.ts';
import { sha256 } from './chain.ts';
import type { Signer } from './room.ts';
import type { Loss, Lost, Statement } from './set-aside.ts';

type Ranges = LossStatement['missing'];
export const mostRanges = 10_000;

/** What is not there of `from`..`to`. Where that is more ranges than a statement holds, the last one reaches to the end. */
export function findMissing(present: Iterable<number>, from: number, to: number): Ranges {
  const missing: Ranges = [];
  let next = from;
  for (const sequence of [...present, to + 1]) {
    if (sequence > next) missing.push([next, Math.min(sequence - 1, to)]);
    next = Math.max(next, sequence + 1);
    if (missing.length === mostRanges) return [...missing.slice(0, -1), [missing.at(-1)?.[0] ?? from, to]];
  }
  return missing.filter(([first, last]) => first <= last);
}

/** How many of them had no receipt yet, as far as the terminal knows: the others are with the middleware. */
export function countLost(missing: Ranges, settled: number): number {
  return missing.reduce((sum, [first, last]) => sum + Math.max(0, last - Math.max(first - 1, settled)), 0);
}

/** Whether any of them says that this place is not there. */
export function isStated(statements: readonly Statement[], generation: string, sequence: number): boolean {
  const has = ([first, last]: Ranges[number]) => first <= sequence && sequence <= last;
  return statements.some(({ claims }) => claims.generation === generation && claims.missing.some(has));
}

/** Signed by the terminal as it is now, also about a queue from before it was enrolled anew. */
export function stateLoss(identity: Signer, { queue, missing, loss }: { queue: Lost; missing: Ranges; loss: Loss }): Statement {
  const { generation, sequence, chain, headKnown, settled } = queue;
  const head = headKnown && sequence > 0 ? { sequence, chain } : null;
  const claims = { terminal: identity.terminal, generation, head, missing, successor: loss.successor.generation, statedAt: loss.at };
  return { statement: sign(identity, claims), claims, lost: countLost(missing, settled), read: false, heardIn: null };
}

/** Compact JWS (RFC 7515) by the terminal's key; `kid` is that key's thumbprint (RFC 7638). */
function sign({ publicJwk, sign }: Signer, claims: LossStatement): string {
  const { x, y } = publicJwk;
  const kid = sha256(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y })).toString('base64url');
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: 'ES256', typ: lossType, kid })}.${encode(claims)}`;
  return `${signed}.${Buffer.from(sign(new TextEncoder().encode(signed))).toString('base64url')}`;
}
