/**
 * The child's end of child.ts. Plain JavaScript, because a peer's process runs in a folder of its own.
 * @param {Record<string, (what: any) => Promise<unknown>>} errands
 */
export function answerErrands(errands) {
  process.on('message', async ({ number, errand, what }) => {
    try {
      process.send?.({ number, value: (await errands[errand]?.(what)) ?? null });
    } catch (error) {
      process.send?.({ number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit(0));process.on('SIGTERM', () => process.exit(0));
}
