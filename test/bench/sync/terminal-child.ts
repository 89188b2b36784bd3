import { createPublicKey } from 'node:crypto';
import { mediaType } from '../../../contract/wire.ts';
import { systemClock } from '../../../electron/clock.ts';
import { toBatch } from '../../../electron/sync/batch.ts';
import { createLine, type LineTls } from '../../../electron/sync/line.ts';
import { createSync } from '../../../electron/sync/sync.ts';
import { answerErrands } from './errands.ts';
import { openQueue, type TerminalParts } from './open-queue.ts';
import { makeRecord, perRequest, writeRecord } from './records.ts';
import { type Watched, watchWork } from './watch.ts';

/** What a terminal's main process does with its queue, with the project's own outbox and sync. */
answerErrands({
  async fill({ parts, records }: { parts: TerminalParts; records: number }) {
    const outbox = openQueue(parts);
    for (let number = 0; number < records; number += 1) if (!outbox.keep(makeRecord(), {}).ok) throw new Error('not kept');
    outbox.close();
  },

  async catchUp({ parts, url, tls, records }: { parts: TerminalParts; url: string; tls: LineTls; records: number }) {
    const outbox = openQueue(parts);
    // It looks at all rows once after it is opened, in slices: that is no part of a catch-up.
    outbox.finishChecks();
    const line = createLine({ url, tls: () => tls });
    const figures = await deliverAll({ parts, outbox, line, records });
    const waiting = outbox.countWaiting();
    outbox.close();
    if (waiting > 0) throw new Error(`${waiting} records still wait`);
    return figures;
  },

  /** The same events with the bytes unsealed, and without what sealing, chain and receipts add, over the same line. */
  async sendUnsealed({ url, tls, records }: { url: string; tls: LineTls; records: number }) {
    const line = createLine({ url, tls: () => tls });
    for (let sent = 0; sent < records; sent += perRequest) {
      const body = JSON.stringify(Array.from({ length: perRequest }, (_, at) => unsealedEvent(sent + at + 1)));
      const answer = await line.request('POST', '/v1/transactions', { 'content-type': mediaType.batch, priority: 'u=6' }, body);
      if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    }
    await line.close();
  },
});

/** From the first look at the line to the last verified receipt on disk. */
function deliverAll(all: {
  parts: TerminalParts;
  outbox: ReturnType<typeof openQueue>;
  line: ReturnType<typeof createLine>;
  records: number;
}): Promise<Watched> {
  const { parts, outbox, line, records } = all;
  const { kty, crv, x, y } = parts.receiptKey.jwk;
  const receiptKeys = new Map([[parts.receiptKey.id, createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })]]);
  let received = 0;
  return watchWork(
    () =>
      new Promise<void>((resolve, reject) => {
        const sync = createSync({
          outbox,
          line,
          receiptKeys: () => receiptKeys,
          terminal: parts.terminal,
          clock: systemClock,
          log: (event) => {
            if (event === 'receipt_refused' || event === 'item_refused') reject(new Error(event));
          },
          pace: { retryBaseMs: 2_000, retryCapMs: 300_000, healthMs: 300_000 },
          onLine: () => undefined,
          onReceived() {
            received += 1;
            if (received === records) setImmediate(() => sync.stop().then(resolve, reject));
          },
          onStuck: () => reject(new Error('a record is stuck')),
          onNews: () => undefined,
        });
        sync.start();
      }),
  );
}

const hash = new Uint8Array(32);

function unsealedEvent(sequence: number): object {
  const record = makeRecord();
  const { txId, reference, submittedAt: keptAt } = record;
  const ciphertext = Buffer.from(writeRecord(record));
  const place = { generation: 'A'.repeat(11), sequence, lane: 'A'.repeat(22), keyId: '' };
  const sealed = { encapsulated: new Uint8Array(0), ciphertext, record: hash, previous: hash, signature: new Uint8Array(64) };
  const [event] = toBatch({ records: [{ txId, reference, keptAt, ...place, ...sealed }] }, 'kiosk-1');
  const { keyid: _key, encapsulated: _encapsulated, previous: _previous, signature: _signature, ...plain } = event ?? {};
  return plain;
}
