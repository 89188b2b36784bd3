import * as z from 'zod';
import { Theme } from './file.ts';
import { ContactChannel, MissedWhy, PostWay } from './profile.ts';

/** How a thing of the profile stands, and what this visit changed about it. */
export const ThingState = z.object({
  /** When the person said so; null: nobody did yet. */
  saidAt: z.iso.datetime().nullable(),
  /** The newest change of this visit, until the middleware shows its outcome. */
  change: z
    .object({
      reference: z.string(),
      keptAt: z.iso.datetime().nullable(),
      stage: z.enum(['keeping', 'kept', 'received', 'done', 'missed', 'needs_attention', 'not_kept']),
      why: MissedWhy.nullable(),
      undo: z.boolean(),
    })
    .nullable(),
});
export type ThingState = z.infer<typeof ThingState>;

export const ContactView = ThingState.extend({
  channel: ContactChannel,
  /** As it is written: `0470 12 34 56`. */
  value: z.string().nullable(),
  verifiedAt: z.iso.datetime().nullable(),
  /** A code can be sent there now. */
  reachable: z.boolean(),
});
export type ContactView = z.infer<typeof ContactView>;

export const PurposeView = ThingState.extend({
  id: z.string(),
  kind: z.enum(['newsletter', 'use']),
  title: z.string(),
  text: z.string(),
  version: z.int().positive(),
  given: z.boolean(),
  /** Agreed to in other words than these. */
  former: z.boolean(),
});
export type PurposeView = z.infer<typeof PurposeView>;

/** Asking for an address or number, and the code that was sent there. */
export const ContactStepView = z.object({
  channel: ContactChannel,
  stage: z.enum(['typing', 'sending', 'code', 'checking', 'problem']),
  value: z.string(),
  error: z.enum(['missing', 'wrong', 'same', 'code_missing', 'code_wrong']).nullable(),
  triesLeft: z.int().positive().nullable(),
  problem: z.enum(['no_line', 'grant_ended', 'too_many', 'not_sent', 'not_connected', 'over']).nullable(),
});
export type ContactStepView = z.infer<typeof ContactStepView>;

export const ProfileScreenView = z.object({
  name: z.literal('profile'),
  stage: z.enum(['asking', 'known', 'none']),
  why: z.enum(['no_line', 'grant_ended', 'not_recorded']).nullable(),
  asOf: z.iso.datetime().nullable(),
  contacts: z.array(ContactView),
  post: ThingState.extend({ value: PostWay.nullable() }),
  interests: ThingState.extend({ value: z.array(Theme) }),
  purposes: z.array(PurposeView),
  /** Which language the law lets letters be in where this person lives. */
  letters: z.enum(['dutch', 'french_on_request']),
  step: ContactStepView.nullable(),
});
export type ProfileScreenView = z.infer<typeof ProfileScreenView>;
