import { join } from 'node:path';
import Database from 'better-sqlite3';
import { TransactionContent } from '../../contract/transaction.ts';
import { makeDemoKeys } from '../../middleware/demo-keys.ts';
import { prepareOpening } from '../../middleware/worker/open-sealed.ts';
import { outboxFile } from './read-outbox.ts';

type Row = {
  tx_id: string;
  generation: string;
  sequence: number;
  reference: string;
  key_id: string;
  encapsulated: Buffer;
  ciphertext: Buffer;
};

/** What a terminal sealed, opened with the demo middleware's own key: what the worker there sees. */
export async function openOutboxAs(middlewareDir: string, terminal: string, dataDir: string): Promise<TransactionContent[]> {
  const { sealKey } = await makeDemoKeys(join(middlewareDir, 'keys'));
  const opening = await prepareOpening([{ id: sealKey.id, privateJwk: sealKey.privateJwk as JsonWebKey }]);
  const database = new Database(outboxFile(dataDir), { readonly: true });
  try {
    const rows = database.prepare<[], Row>('select * from entry order by id').all();
    return await Promise.all(
      rows.map(async (row) => {
        const opened = await opening.open({ ...row, txId: row.tx_id, keyId: row.key_id, terminal });
        if (!opened.ok) throw new Error(`a record that cannot be opened: ${opened.error}`);
        return TransactionContent.parse(JSON.parse(opened.value.json));
      }),
    );
  } finally {
    database.close();
  }
}
