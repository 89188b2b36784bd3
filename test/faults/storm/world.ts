import { TerminalConfig } from '../../../contract/terminal-config.ts';

/**
 * What is not ours in the storm: how long things take. Milliseconds, and records.
 *
 * The server's times are what the middleware and PostgreSQL 15 together took of a processor for a look, for deliveries of 1,
 * 20 and 100 records of 2 KB, and for a new connection, on two shared virtual processors: 6,600 records a second in full
 * deliveries, if it did nothing else.
 */
export type World = {
  terminals: number;
  recordsEach: number;
  server: { deliveryMs: number; recordMs: number; lookMs: number; refusalMs: number; handshakeMs: number };
  /** One way. */
  lineMs: number;
  /** Until an attempt without a line is given up. */
  noLineMs: number;
  /** A connection without traffic is closed by the terminal (`line.ts`), and the next request needs a handshake. */
  keepAliveMs: number;
  /** All terminals together: 40 a day each, in eight hours. */
  livePerSecond: number;
  /** As terminals are configured. */
  pace: { retryBaseMs: number; retryCapMs: number; healthMs: number };
  /** How long before the line comes back the story begins: long enough for every wait to have reached its limit. */
  outageMs: number;
};

export const measured = { deliveryMs: 3.6, recordMs: 0.115, lookMs: 1.3, refusalMs: 0.4, handshakeMs: 1.8 } as const;

export function makeWorld({ terminals, slower = 1 }: { terminals: number; slower?: number }): World {
  return {
    terminals,
    recordsEach: 120,
    server: {
      deliveryMs: measured.deliveryMs * slower,
      recordMs: measured.recordMs * slower,
      lookMs: measured.lookMs * slower,
      refusalMs: measured.refusalMs * slower,
      handshakeMs: measured.handshakeMs * slower,
    },
    lineMs: 10,
    noLineMs: 1_000,
    keepAliveMs: 20_000,
    livePerSecond: (terminals * 40) / (8 * 3_600),
    pace: TerminalConfig.shape.sync.parse({}),
    outageMs: 3_600_000,
  };
}
