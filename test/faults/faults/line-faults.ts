import type { Chance } from '../yank/chance.ts';

/** What the line does to one exchange. */
export type LineFault =
  | { kind: 'none' }
  /** The connection ends before the request reached anybody. */
  | { kind: 'reset' }
  /** The connection ends within the request. */
  | { kind: 'torn'; at: number }
  /** Carried out, and the answer never comes. */
  | { kind: 'lost' }
  /** The connection ends within the answer. */
  | { kind: 'cut'; at: number }
  /** Something in between cut the answer and repaired its length. */
  | { kind: 'shortened'; at: number }
  | { kind: 'delayed'; ms: number }
  /** The connection ends; the request arrives all the same, after later ones. */
  | { kind: 'late'; ms: number }
  /** It arrives twice at once, and either answer may win. */
  | { kind: 'twice' }
  /** Answered, and its copy arrives again later. */
  | { kind: 'again'; ms: number }
  /** The answer to an earlier request of the same kind comes in its place. */
  | { kind: 'former' }
  /** Somebody else answers: receipts for all that was sent, well made, by a key that is not the middleware's. */
  | { kind: 'forged' }
  | { kind: 'portal' }
  | { kind: 'failing' };

export const usualWeights = {
  none: 52,
  reset: 6,
  torn: 3,
  lost: 9,
  cut: 6,
  shortened: 3,
  delayed: 6,
  late: 4,
  twice: 5,
  again: 4,
  former: 3,
  forged: 4,
  portal: 1,
  failing: 1,
} as const satisfies Record<LineFault['kind'], number>;

export type CountsByFault = Record<LineFault['kind'], number>;

export function noFaults(): CountsByFault {
  return Object.fromEntries(Object.keys(usualWeights).map((kind) => [kind, 0])) as CountsByFault;
}

export function chooseFault(chance: Chance, forged: number = usualWeights.forged): LineFault {
  const kind = chance.weigh({ ...usualWeights, forged });
  switch (kind) {
    case 'torn':
    case 'cut':
    case 'shortened':
      return { kind, at: chance.next() };
    case 'delayed':
      // Now and then longer than the terminal waits.
      return { kind, ms: chance.next() < 0.15 ? 2_000 : chance.int(20, 500) };
    case 'late':
    case 'again':
      return { kind, ms: chance.int(50, 1_500) };
    default:
      return { kind };
  }
}
