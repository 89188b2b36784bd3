import type { Services } from './assemble-status.ts';
import { type ExportParts, type ExportState, runExport, shutPort } from './run-export.ts';

export type Exporting = {
  state(): ExportState;
  /** `left`: aborts when the page is gone. One at a time. */
  start(left: AbortSignal): void;
  /** The page is gone: what ended was seen. */
  leave(): void;
  /** Settles when what is under way has shut the port again. */
  stop(): Promise<void>;
};

export type ExportingParts = Omit<ExportParts, 'outbox' | 'attachments' | 'left' | 'stopping'> & {
  services: () => Pick<Services, 'outbox' | 'attachments'>;
  publish(): void;
  onDone(written: { records: number; bytes: number }): void;
};

const idle: ExportState = { state: 'idle' };

/** An export as an operator sees it. The port is shut at each start too: the last one may have ended with it open. */
export function createExporting({ services, publish, onDone, ...parts }: ExportingParts): Exporting {
  const stopping = new AbortController();
  let state = idle;
  let underWay: Promise<unknown> = shutPort(parts.config.storage, parts.log);

  async function run(before: Promise<unknown>, left: AbortSignal): Promise<void> {
    const { outbox, attachments } = services();
    if (state.state === 'working' || !outbox) return;
    state = { state: 'working' };
    publish();
    // Not before the port was shut at the start: that would shut it under this one.
    await before;
    const exported = await runExport({ ...parts, outbox, attachments, left, stopping: stopping.signal });
    state = exported;
    if (exported.state === 'done') onDone(exported);
    publish();
  }

  return {
    state: () => state,
    start(left) {
      // All of them: one that is pressed twice ends at once, and the first goes on.
      underWay = Promise.allSettled([underWay, run(underWay, left)]);
    },
    leave() {
      if (state.state !== 'working') state = idle;
    },
    async stop() {
      stopping.abort();
      await underWay;
    },
  };
}
