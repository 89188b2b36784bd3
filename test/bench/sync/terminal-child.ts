import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { PublicJwk } from '../../../contract/key-set.ts';
import { systemClock } from '../../../electron/clock.ts';
import { openOutbox } from '../../../electron/outbox/open-outbox.ts';
import { createLine, type LineTls } from '../../../electron/sync/line.ts';
import { createSync } from '../../../electron/sync/sync.ts';
import { answerErrands } from './errands.mjs';
import { makeRecord } from './records.ts';
import { watchWork } from './watch.mjs';

/** What a terminal's main process does with its queue, with the project's own outbox and sync. */
export type TerminalParts = {
  folder: string;
  terminal: string;
  privateKey: string;
  sealKey: { id: string; jwk: PublicJwk };
  receiptKey: { id: string; jwk: PublicJwk };
};

function open({ folder, terminal, privateKey, sealKey }: TerminalParts) {
  const key = createPrivateKey(privateKey);
  const publicJwk = createPublicKey(key).export({ format: 'jwk' }) as PublicJwk;
  const identity = { terminal, publicJwk, sign: (bytes: Uint8Array) => sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }) };
  return openOutbox({ folder, identity, sealKey: () => sealKey, clock: systemClock, reserveMebibytes: 0, keepDays: 30 });
}

answerErrands({
  async fill({ parts, records }: { parts: TerminalParts; records: number }) {
    const outbox = open(parts);
    for (let number = 0; number < records; number += 1) if (!outbox.keep(makeRecord(), {}).ok) throw new Error('not kept');
    outbox.close();
  },

  /** From the first look at the line to the last verified receipt on disk. */
  async catchUp({ parts, url, tls, records }: { parts: TerminalParts; url: string; tls: LineTls; records: number }) {
    const outbox = open(parts);
    if (!process.env.NOCHECK) outbox.finishChecks();
    const { kty, crv, x, y } = parts.receiptKey.jwk;
    const receiptKeys = new Map([[parts.receiptKey.id, createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })]]);
    const line = createLine({ url, tls: () => tls });
    let received = 0;
    let refused = 0;
    const figures = await watchWork(
      () =>
        new Promise<void>((resolve) => {
          const sync = createSync({
            outbox,
            line,
            receiptKeys: () => receiptKeys,
            terminal: parts.terminal,
            clock: systemClock,
            log: (event) => {
              if (event === 'receipt_refused' || event === 'item_refused') refused += 1;
            },
            pace: { retryBaseMs: 2_000, retryCapMs: 300_000, healthMs: 30_000 },
            onLine: () => undefined,
            onReceived() {
              received += 1;
              if (received < records) return;
              setImmediate(() => sync.stop().then(resolve));
            },
            onStuck: () => undefined,
            onNews: () => undefined,
          });
          sync.start();
        }),
    );
    const waiting = outbox.countWaiting();
    outbox.close();
    if (waiting > 0 || refused > 0) throw new Error(`${waiting} records wait, ${refused} refusals`);
    return figures;
  },
});
