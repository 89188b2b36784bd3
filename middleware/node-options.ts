/**
 * What Node is started with for a middleware: room for 32 MiB of what is young. A delivery leaves two behind, and in the room
 * that Node begins with they get old before they are let go. Node reads it at its start only.
 */
export const nodeOptions = ['--min-semi-space-size=32', '--max-semi-space-size=32'] as const;
