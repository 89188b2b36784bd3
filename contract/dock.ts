import * as z from 'zod';

/** The demo dock: demo and test builds only. A file of its own, so that the product's bundle holds nothing of it. */

export const DemoLine = z.enum(['up', 'down', 'slow', 'nonsense']);
export type DemoLine = z.infer<typeof DemoLine>;

/** `pulled`: taken out during the next read. `swapped`: another card in its place between two looks. */
export const DemoFault = z.enum(['none', 'hang', 'crash', 'device_error', 'pulled', 'swapped']);
export type DemoFault = z.infer<typeof DemoFault>;

/** What somebody types on the virtual pinpad or in the module's dialog: digits and OK, or stop. */
export const DemoKeys = z.enum(['right', 'wrong', 'cancel']);
export type DemoKeys = z.infer<typeof DemoKeys>;

/** What the dock shows. */
export const DockView = z.object({
  cards: z.array(
    z.object({ id: z.string(), label: z.string(), about: z.string(), kind: z.enum(['eid', 'foreigner', 'tampered', 'other']) }),
  ),
  inserted: z.string().nullable(),
  /** The card in the second reader. */
  second: z.string().nullable(),
  readers: z.int().min(0).max(2),
  pinpad: z.boolean(),
  /** What the virtual card does wrong from now on, or `none`. */
  fault: DemoFault,
  /** False when a module of the developer's own choice is used: then the cards are real and nobody clicks them. */
  virtualCard: z.boolean(),
  line: DemoLine,
  waiting: z.int().min(0),
  /** What an operator's phone would show now, and for how many seconds more; null: this terminal is not enrolled. */
  operatorCode: z.object({ code: z.string().regex(/^\d{6}$/), seconds: z.int().positive() }).nullable(),
  received: z.array(z.object({ at: z.iso.datetime(), reference: z.string(), product: z.string(), copies: z.int() })),
  /** What a person's telephone and letter box would hold now, newest first. */
  messages: z.array(z.object({ at: z.iso.datetime(), channel: z.enum(['email', 'phone']), to: z.string(), text: z.string() })),
});
export type DockView = z.infer<typeof DockView>;

const nothing = z.strictObject({});

/** Only in demo and test builds; the product build knows none of these. */
export const dockCommands = {
  'dock.ready': nothing,
  'dock.insert': z.strictObject({ card: z.string().max(64) }),
  'dock.remove': nothing,
  'dock.reader': z.strictObject({ readers: z.int().min(0).max(2) }),
  'dock.second': z.strictObject({ card: z.string().max(64).nullable() }),
  'dock.pinpad': z.strictObject({ pinpad: z.boolean() }),
  'dock.keys': z.strictObject({ keys: DemoKeys }),
  'dock.fault': z.strictObject({ fault: DemoFault }),
  'dock.line': z.strictObject({ line: DemoLine }),
  'dock.reset': nothing,
} as const;

export type DockCommand = keyof typeof dockCommands;
export type DockInput<C extends DockCommand> = z.infer<(typeof dockCommands)[C]>;
