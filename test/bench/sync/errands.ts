/** The child's end of child.ts. What it is asked is what the same bench wrote, so nothing is checked here. */
// biome-ignore lint/suspicious/noExplicitAny: each errand names the shape that its asker gives
export type Errands = Readonly<Record<string, (what: any) => Promise<unknown>>>;

type Asked = { number: number; errand: string; what: unknown };

export function answerErrands(errands: Errands): void {
  process.on('message', ({ number, errand, what }: Asked) => {
    const run = errands[errand];
    if (run === undefined) throw new Error(`no such errand: ${errand}`);
    run(what).then(
      (value) => process.send?.({ number, value: value ?? null }),
      (error: unknown) => process.send?.({ number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  for (const end of ['disconnect', 'SIGTERM'] as const) process.on(end, () => process.exit(0));
}
