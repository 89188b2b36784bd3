import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { TransactionContent } from '../../../contract/transaction.ts';

/** A record as it is before it is sealed: 2 KB of JSON, which is what a form with the evidence of no card comes to. */
export const recordBytes = 2048;

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function makeRecord(): TransactionContent {
  const signs = [...randomBytes(8)].map((byte) => letters[byte % 32]).join('');
  const record: TransactionContent = {
    txId: v7(),
    reference: `KTR-${signs.slice(0, 4)}-${signs.slice(4)}`,
    product: 'street-defect',
    form: { id: 'street-defect', version: 1 },
    municipalityCode: '34022',
    language: 'nl',
    trust: 'anonymous',
    provisional: true,
    person: null,
    answers: { what: '' },
    proof: null,
    evidence: null,
    attachments: [],
    openedAt: '2026-11-20T08:58:00.000Z',
    submittedAt: '2026-11-20T09:00:00.000Z',
  };
  const missing = recordBytes - JSON.stringify(record).length;
  // By chance, so that nobody gains by packing it.
  return { ...record, answers: { what: randomBytes(missing).toString('base64').slice(0, missing) } };
}

/** Records in one request. */
export const perRequest = 100;

/** As it goes over the line and into a table unsealed. */
export const writeRecord = (record: TransactionContent): string => JSON.stringify(record);
