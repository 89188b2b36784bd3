import { createPacing as createTerminalPacing, type Pace, type Pacing as TerminalPacing } from '../../../electron/sync/pacing.ts';
import { createPacing as createServerPacing, type Pacing as ServerPacing, usualPacing } from '../../../middleware/ingest/pacing.ts';

/** Who decides at both ends. */
export type Policy = {
  terminal(pace: Pace, random: () => number): TerminalPacing;
  server(): ServerPacing;
};

/** The project's own, as `sync.ts` and `routes.ts` make them. */
export const ourPolicy: Policy = { terminal: createTerminalPacing, server: () => createServerPacing(usualPacing) };
