import {
  createPacing as createTerminalPacing,
  type Outcome,
  type Pace,
  type Pacing as TerminalPacing,
} from '../../../electron/sync/pacing.ts';
import { createPacing as createServerPacing, type Pacing as ServerPacing, usualPacing } from '../../../middleware/ingest/pacing.ts';

/** Who decides at both ends. */
export type Policy = {
  terminal(pace: Pace, random: () => number): TerminalPacing;
  server(): ServerPacing;
};

/** The project's own, as `sync.ts` and `routes.ts` make them. */
export const ourPolicy: Policy = { terminal: createTerminalPacing, server: () => createServerPacing(usualPacing) };

/** Comes again after what `waitMs` says, and minds no slot. */
function stubborn(waitMs: (failures: number, random: () => number) => number): Policy['terminal'] {
  return (_pace, random) => {
    let failures = 0;
    let restUntil = Number.NEGATIVE_INFINITY;
    let hurried = false;
    return {
      next({ at, live, backlog }) {
        const goes = hurried || at >= restUntil;
        hurried = false;
        if (live && goes) return { go: 'live' };
        if (goes && backlog) return { go: 'backlog' };
        return { inMs: at < restUntil ? restUntil - at : 3_600_000 };
      },
      came(outcome: Outcome, at) {
        if (outcome.came === 'failure' || outcome.came === 'not_now') {
          restUntil = at + waitMs(failures, random);
          failures += 1;
        } else {
          restUntil = at;
          failures = 0;
        }
      },
      hurry() {
        hurried = true;
      },
    };
  };
}

/** A server without appointments: lets in as many as it works at, and sends all others away. */
function doorOnly(kinds: readonly ('live' | 'backlog')[]): ServerPacing {
  let working = 0;
  return {
    arrive({ kind }) {
      const counts = kinds.includes(kind);
      if (counts && working >= usualPacing.workingAtMost) return { inMs: 0 };
      if (counts) working += 1;
      return { permit: { kind, begin: () => undefined, end: () => void (counts && working--) } };
    },
    goOn: () => 0,
    look: () => () => undefined,
    ask: () => null,
  };
}

const everybody = () => doorOnly(['live', 'backlog']);
const doubling = (failures: number) => Math.min(300_000, 2_000 * 2 ** Math.min(failures, 30));

/** What a storm must tell apart from ours. */
export const otherPolicies: Readonly<Record<'fixed' | 'doubling' | 'jitter' | 'noLiveLane', Policy>> = {
  fixed: { terminal: stubborn(() => 30_000), server: everybody },
  doubling: { terminal: stubborn(doubling), server: everybody },
  jitter: { terminal: stubborn((failures, random) => random() * doubling(failures)), server: everybody },
  noLiveLane: {
    terminal: createTerminalPacing,
    server() {
      const ours = createServerPacing(usualPacing);
      return { ...ours, arrive: (ask) => ours.arrive({ ...ask, kind: 'backlog' }) };
    },
  },
};
