import * as z from 'zod';
import { TerminalId } from './ids.ts';
import { PublicJwk } from './key-set.ts';

/**
 * What anybody needs to check printed codes without asking anybody: `GET /v1/check-keys`. Everything hangs on one key, the
 * one that terminals pin at enrolment: it signs the key set, and a receipt key of that set signs the list of terminals' keys.
 */
export const CheckKeys = z.object({
  keySetKey: PublicJwk,
  /** Compact JWS over `KeySet`. */
  keySet: z.string().max(40_000),
  /** Compact JWS over `TerminalKeys`. */
  terminalKeys: z.string().max(8_000_000),
});
export type CheckKeys = z.infer<typeof CheckKeys>;

/** Payload of a compact JWS with `typ` `loket-terminal-keys`. Every key that a terminal ever had: tickets stay as long as paper does. */
export const TerminalKeys = z.object({
  issuedAt: z.iso.datetime(),
  terminals: z
    .array(
      z.object({
        terminal: TerminalId,
        keys: z.array(z.object({ jwk: PublicJwk, /** Not used any more since then. */ withdrawnAt: z.iso.datetime().nullable() })),
      }),
    )
    .max(50_000),
});
export type TerminalKeys = z.infer<typeof TerminalKeys>;
export const terminalKeysType = 'loket-terminal-keys';
