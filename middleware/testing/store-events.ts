import type { TransactionEvent } from '../../contract/wire.ts';
import { readDelivery } from '../ingest/read-delivery.ts';
import { type Taken, takeDelivery } from '../ingest/take-delivery.ts';
import { prepareReceipts } from '../receipts/receipt-log.ts';
import { asDelivery, type FakeTerminal } from './fake-terminal.ts';
import type { TestBench } from './harness.ts';

/** Past HTTP: what the ingest does with a delivery of a terminal in good standing. Consecutive events of one queue. */
export async function storeEvents(
  bench: Pick<TestBench, 'database' | 'keys' | 'terminal'>,
  events: readonly TransactionEvent[],
  options: { terminal?: FakeTerminal; knownKeys?: readonly string[]; standing?: 'active' | 'held_revoked' } = {},
): Promise<Taken> {
  const { terminal = bench.terminal, standing = 'active' } = options;
  const delivery = readDelivery(asDelivery(events), terminal.id);
  if (!delivery.ok) throw new Error(`a test made a delivery that is none: ${delivery.error}`);
  return await takeDelivery(
    {
      database: bench.database,
      signReceipt: prepareReceipts(bench.keys.receiptKey),
      knownKeys: new Set(options.knownKeys ?? [bench.keys.sealKey.id]),
      now: () => new Date(),
    },
    { standing, signer: terminal.keys.publicKey, isBelieved: standing === 'active', epoch: null, minimal: false },
    delivery.value,
  );
}
