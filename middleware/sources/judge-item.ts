import { isSameSubject, type Subject } from '../../contract/file.ts';
import type { TransactionContent } from '../../contract/transaction.ts';

/**
 * Whether the thing of a file that a record says it answers is about whom the record is for: the holder of the card that its
 * evidence proves, or in whose name they act. A terminal that was tampered with could send one's request on another's thing.
 * @param holder the national number that the evidence proves; null: it proves nobody's
 */
export function judgeItem(
  { answersItem, actingAs }: Pick<TransactionContent, 'answersItem' | 'actingAs'>,
  holder: string | null,
): 'theirs' | 'not_theirs' {
  if (answersItem === undefined) return 'theirs';
  const whose = subjectFor(actingAs, holder);
  return whose !== null && isSameSubject(answersItem.subject, whose) ? 'theirs' : 'not_theirs';
}

function subjectFor(actingAs: TransactionContent['actingAs'], holder: string | null): Subject | null {
  switch (actingAs?.kind) {
    case 'person':
      return { kind: 'person', ssin: actingAs.ssin };
    case 'enterprise':
      return { kind: 'enterprise', enterpriseNumber: actingAs.enterpriseNumber };
    default:
      return holder === null ? null : { kind: 'person', ssin: holder };
  }
}
