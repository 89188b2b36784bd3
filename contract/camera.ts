import * as z from 'zod';

/** Why there is no picture: `none` to be found, `refused` to this app, `busy` with another program, `gone` while it was on. */
export const CameraProblem = z.enum(['none', 'refused', 'busy', 'gone', 'failed']);
export type CameraProblem = z.infer<typeof CameraProblem>;
