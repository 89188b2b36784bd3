import * as z from 'zod';

/** The demo dock: demo and test builds only. A file of its own, so that the product's bundle holds nothing of it. */

export const DemoLine = z.enum(['up', 'down', 'slow', 'nonsense']);
export type DemoLine = z.infer<typeof DemoLine>;

/** What the dock shows. */
export const DockView = z.object({
  cards: z.array(
    z.object({ id: z.string(), label: z.string(), about: z.string(), kind: z.enum(['eid', 'foreigner', 'tampered', 'other']) }),
  ),
  inserted: z.string().nullable(),
  /** False when a module of the developer's own choice is used: then the cards are real and nobody clicks them. */
  virtualCard: z.boolean(),
  readerPlugged: z.boolean(),
  line: DemoLine,
  waiting: z.int().min(0),
  received: z.array(z.object({ at: z.iso.datetime(), reference: z.string(), product: z.string(), copies: z.int() })),
});
export type DockView = z.infer<typeof DockView>;

const nothing = z.strictObject({});

/** Only in demo and test builds; the product build knows none of these. */
export const dockCommands = {
  'dock.ready': nothing,
  'dock.insert': z.strictObject({ card: z.string().max(64) }),
  'dock.remove': nothing,
  'dock.reader': z.strictObject({ plugged: z.boolean() }),
  'dock.line': z.strictObject({ line: DemoLine }),
  'dock.reset': nothing,
} as const;

export type DockCommand = keyof typeof dockCommands;
export type DockInput<C extends DockCommand> = z.infer<(typeof dockCommands)[C]>;
