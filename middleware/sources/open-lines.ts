import { PassThrough, type Readable } from 'node:stream';

export type Lines = {
  /** For the reply. */
  readable: Readable;
  /** Aborted when whoever reads is gone, or reads nothing for too long. */
  gone: AbortSignal;
  /** One after the other. Resolves when there is room for the next; says nothing of whether it arrived. */
  write(texts: readonly string[]): Promise<void>;
  /** Bytes that wait for whoever reads. */
  waiting(): number;
  /** The last line: what still waits its turn is dropped. */
  end(text: string): void;
  /** Without an end: it broke off. */
  breakOff(): void;
};

/** A line on its way out to somebody who may read slowly. What waits is held here, so `waiting` has to be looked at. */
export function openLines({ stalledMs, stalled }: { stalledMs: number; stalled(): void }): Lines {
  const stream = new PassThrough({ highWaterMark: 64 * 1024 });
  const leaving = new AbortController();
  let before: Promise<void> = Promise.resolve();
  let queued = 0;
  stream.on('error', () => undefined);
  stream.on('close', () => {
    if (!stream.readableEnded) leaving.abort();
  });

  function room(): Promise<void> {
    if (!stream.writableNeedDrain || stream.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        stream.off('drain', done).off('close', done);
        resolve();
      };
      // Whoever reads nothing holds what others could use.
      const timer = setTimeout(() => {
        stalled();
        stream.destroy();
      }, stalledMs);
      stream.on('drain', done).on('close', done);
    });
  }

  return {
    readable: stream,
    gone: leaving.signal,
    write(texts) {
      const lines = texts.map((text) => `${text}\n`);
      const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
      queued += bytes;
      const turn = before.then(async () => {
        for (const line of lines) {
          if (stream.destroyed || stream.writableEnded) break;
          stream.write(line);
          await room();
        }
        queued -= bytes;
      });
      before = turn;
      return turn;
    },
    waiting: () => queued + stream.writableLength + stream.readableLength,
    end: (text) => stream.end(`${text}\n`),
    breakOff: () => stream.destroy(),
  };
}
