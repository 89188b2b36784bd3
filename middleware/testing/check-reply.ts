import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { Response } from 'undici';
import { expect } from 'vitest';
import { recordBytes } from '../../contract/kept-record.ts';
import { leafBytes } from '../../contract/receipt.ts';
import { BatchReply, mediaType, Problem, type TransactionEvent } from '../../contract/wire.ts';
import type { DemoKeys } from '../demo-keys.ts';
import { type ReadReceipt, readReceipt } from '../receipts/receipt-log.ts';
import { hashLeaf, rootFrom } from './inclusion.ts';

export async function replyOf(response: Response): Promise<BatchReply> {
  expect(response.status).toBe(200);
  return BatchReply.parse(await response.json());
}

/** Status and kind of a problem. */
export async function problemOf(response: Response): Promise<[number, string]> {
  expect(response.headers.get('content-type')).toContain(mediaType.problem);
  const problem = Problem.parse(await response.json());
  expect(problem.status).toBe(response.status);
  return [response.status, problem.type.replace('urn:loket:problem:', '')];
}

export function receiptKeysOf(keys: DemoKeys): Map<string, KeyObject> {
  return new Map(
    keys.keys.receipt.map(({ id, privateJwk }) => {
      const { kty, crv, x, y } = privateJwk;
      return [id, createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' })];
    }),
  );
}

/** As a terminal does it: from its own records. @returns each item's receipt; null where it was refused */
export function verifyReply(keys: DemoKeys, events: readonly TransactionEvent[], reply: BatchReply): (ReadReceipt | null)[] {
  expect(reply.results.map(({ txId }) => txId)).toEqual(events.map(({ id }) => id));
  return reply.results.map((result, at) => {
    const event = events[at];
    if (result.status === 'refused' || event === undefined) return null;
    const { head, proof } = result.receipt;
    if (proof === undefined) throw new Error('a receipt without its proof');
    const receipt = readReceipt(reply.receipts[head] ?? '', receiptKeysOf(keys));
    if (receipt === null) throw new Error('a receipt that does not verify');
    const leaf = hashLeaf(leafBytes({ ...leafOf(event), held: result.held }));
    expect(rootFrom(leaf, { ...proof, size: receipt.head.size })?.toString('base64url')).toBe(receipt.head.root);
    return receipt;
  });
}

export function recordHashOf(event: TransactionEvent): string {
  const { id: txId, reference, generation, sequence, lane, keyid: keyId, time: keptAt } = event;
  const [encapsulated, ciphertext] = [Buffer.from(event.encapsulated, 'base64'), Buffer.from(event.data_base64, 'base64')];
  const terminal = terminalOf(event);
  const bytes = recordBytes({ terminal, generation, sequence, txId, reference, lane, keyId, keptAt, encapsulated, ciphertext });
  return createHash('sha256').update(bytes).digest('base64url');
}

function leafOf(event: TransactionEvent) {
  const { id: txId, reference, generation, sequence } = event;
  return { txId, reference, terminal: terminalOf(event), generation, sequence, record: recordHashOf(event) };
}

function terminalOf({ source }: TransactionEvent): string {
  return source.replace('urn:loket:terminal:', '');
}
