import { createHmac } from 'node:crypto';
import { type FileItem, keyOfSubject } from '../../contract/file.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import { subjectOf } from '../roles/roles.ts';

/**
 * This middleware's word that it read an item of a source about somebody. It goes with the item and comes back with the request
 * that answers it: a terminal that was tampered with can send nobody's request on another's item, and no source has to be asked
 * again when the request is carried out. The same for all instances with these keys.
 */
export type ItemProofs = {
  prove(source: string, item: Pick<FileItem, 'id' | 'subject'>): string;
  /**
   * Whether the item that a record answers is of the file of whom the record is for: the holder of the card that its evidence
   * proves, or in whose name they act.
   * @param holder the national number that the evidence proves; null: it proves nobody's
   */
  judge(content: Pick<TransactionContent, 'answersItem' | 'actingAs'>, holder: string | null): 'theirs' | 'not_theirs';
};

/** 128 bits. */
const letters = 22;

export function createItemProofs(operatorKey: Uint8Array): ItemProofs {
  const key = createHmac('sha256', operatorKey).update('loket/item/1').digest();

  const prove: ItemProofs['prove'] = (source, { id, subject }) =>
    createHmac('sha256', key)
      .update(JSON.stringify([subject.kind, keyOfSubject(subject), source, id]))
      .digest('base64url')
      .slice(0, letters);

  return {
    prove,
    judge({ answersItem: item, actingAs = { kind: 'self' } }, holder) {
      if (item === undefined) return 'theirs';
      if (holder === null && actingAs.kind === 'self') return 'not_theirs';
      const subject = subjectOf(holder ?? '', actingAs);
      return prove(item.source, { id: item.id, subject }) === item.proof ? 'theirs' : 'not_theirs';
    },
  };
}
