import type { CardRequest } from '../../contract/card.ts';
import { unreachable } from '../../contract/result.ts';
import type { Answering, QuestionParts } from './answer.ts';
import { prepare } from './prepare.ts';
import { proveChip } from './prove-chip.ts';
import { signDocument } from './sign-document.ts';
import { signIn } from './sign-in.ts';

/** A request about the card that is in, which gets one answer. */
export type Question = Extract<CardRequest, { id: string }>;

export function answerQuestion(parts: QuestionParts, question: Question): Answering {
  switch (question.ask) {
    case 'prepare':
      return prepare(parts, question.use);
    case 'sign_in':
      return signIn(parts, question);
    case 'sign':
      return signDocument(parts, { digest: Buffer.from(question.digest, 'base64'), way: question.way });
    case 'prove_chip':
      return proveChip(parts, question);
    default:
      return unreachable(question);
  }
}
