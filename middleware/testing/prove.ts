import { type LogReport, type ProveOptions, proveLog } from '../evidence/prove-log.ts';
import { findKeys } from '../terminals/terminals.ts';
import { receiptKeysOf } from './check-reply.ts';
import type { TestBench } from './harness.ts';

/** The evidence command's walk, over a bench's database. */
export async function prove(bench: Pick<TestBench, 'database' | 'keys'>, changes: Partial<ProveOptions> = {}): Promise<LogReport> {
  const isTerminalKey: ProveOptions['isTerminalKey'] = async (terminal, spki) => {
    const keys = await findKeys(bench.database, terminal, new Date());
    return keys.some(({ publicKey }) => publicKey.export({ format: 'der', type: 'spki' }).equals(spki));
  };
  return await proveLog(bench.database, { receiptKeys: receiptKeysOf(bench.keys), isTerminalKey, ...changes });
}

/** The log from its beginning, for tests that look at all of it. */
export async function emptyLog({ database }: Pick<TestBench, 'database'>): Promise<void> {
  await database.query('UPDATE log_head SET sequence = 0, receipt_sha256 = NULL');
}
