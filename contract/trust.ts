import * as z from 'zod';

/**
 * How sure we are who is here. A ladder: each rung includes the ones before it.
 * `card_read` says that a card was there and says nothing of who held it.
 */
export const trustLadder = ['anonymous', 'card_read', 'desk_verified', 'authenticated', 'signed'] as const;
export const Trust = z.enum(trustLadder);
export type Trust = z.infer<typeof Trust>;

export function reaches(trust: Trust, needed: Trust): boolean {
  return trustLadder.indexOf(trust) >= trustLadder.indexOf(needed);
}
