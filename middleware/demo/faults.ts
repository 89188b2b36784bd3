import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Leaf } from '../../contract/receipt.ts';
import { type BatchReply, mediaType, TransactionEvent } from '../../contract/wire.ts';
import type { App } from '../http/app.ts';
import { Refusal, type Reply } from '../http/problem.ts';
import { buildTree, hashLeaves } from '../receipts/merkle.ts';
import type { SignReceipt } from '../receipts/receipt-log.ts';

export const FaultMode = z.enum(['none', 'nonsense', 'error', 'wrong_ids', 'slow']);
export type FaultMode = z.infer<typeof FaultMode>;

export type Faults = { set(mode: FaultMode): void };

export const slowMs = 8000;

const portal = `<!doctype html><html><head><title>Gratis wifi</title></head><body><h1>Welkom op onze gratis wifi</h1><p>Aanvaard de voorwaarden om verder te gaan.</p></body></html>\n`;

/** Switches of the demo: what a line does to a terminal. The ingest knows nothing of them. Must be added before the routes. */
export function addFaults(app: App, parts: { signReceipt: SignReceipt; wait: (ms: number) => Promise<void>; now: () => Date }): Faults {
  let mode: FaultMode = 'none';

  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/v1/')) return;
    if (mode === 'slow') await parts.wait(slowMs);
    if (mode === 'error') throw new Refusal('unavailable', 503);
    if (mode === 'nonsense') return reply.code(200).type('text/html; charset=utf-8').send(portal);
  });
  app.addHook('preHandler', async (request, reply) => {
    if (mode === 'wrong_ids' && request.url === '/v1/transactions' && Array.isArray(request.body))
      return await answerWithOthers(reply, request.body, parts);
  });
  return {
    set(next) {
      mode = next;
    },
  };
}

/**
 * Stores nothing and answers with receipts that are well signed and about other transactions: the first under the id that
 * was sent, the rest under ids that nobody sent.
 */
async function answerWithOthers(reply: Reply, body: unknown[], parts: { signReceipt: SignReceipt; now: () => Date }): Promise<Reply> {
  const events = body.flatMap((entry) => {
    const read = TransactionEvent.safeParse(entry);
    return read.success ? [read.data] : [];
  });
  if (events.length === 0) throw new Refusal('notADelivery', 422);
  const leaves = events.map(({ generation, sequence }): Leaf => {
    const record = randomBytes(32).toString('base64url');
    return { txId: makeTxId(), reference: 'ZZZ-0000-0000', terminal: 'another-terminal', generation, sequence, record, held: false };
  });
  const tree = buildTree(hashLeaves(leaves));
  const at = parts.now().toISOString();
  const receipt = parts.signReceipt({
    terminal: 'another-terminal',
    root: tree.root.toString('base64url'),
    size: leaves.length,
    receivedAt: at,
    epoch: 'demo',
    log: { sequence: 1, previous: null },
  });
  const answer: BatchReply = {
    results: leaves.map((leaf, index) => ({
      txId: index === 0 ? (events[0]?.id ?? leaf.txId) : leaf.txId,
      status: 'received',
      receipt: { head: 0, proof: { index, path: tree.pathOf(index) } },
      held: false,
    })),
    receipts: [receipt],
    news: { at, epoch: 'demo', standing: 'active', generations: [], keySetSerial: 1, cursor: 'none', slot: null },
  };
  return reply.type(mediaType.json).send(answer);
}

/** A well-formed UUIDv7 that no terminal made. */
function makeTxId(): string {
  const hex = randomBytes(16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
