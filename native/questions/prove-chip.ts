import type { CardAnswer } from '../../contract/card.ts';
import type { ChipEvidence } from '../../contract/evidence.ts';
import type { Outcome } from '../../contract/identity.ts';
import { hashChallenge, makeSalt, verifyChip } from '../eid/chip.ts';
import { parseIdentityFile } from '../eid/identity-file.ts';
import { proveBasicKey } from '../eid/prove.ts';
import { type Answering, explainReading, explainSigning, type QuestionParts } from './answer.ts';
import { knowToken } from './card-knowledge.ts';

/** Applet 1.8 brought the chip's own key. */
const firstAppletWithKey = 0x18;

/**
 * Whether the chip is the one whose public key the National Register signed into the identity file: a copy of the files
 * on another chip cannot answer. A card answers 5,000 challenges in its life, so it is challenged once for a transaction,
 * and never when its key is not the one of a proven identity file.
 */
export function* proveChip(parts: QuestionParts, { txId }: { txId: string }): Answering {
  const { session, knowledge } = parts;
  if (knowledge.chip?.txId === txId) return knowledge.chip.answer;
  if (knowledge.identity !== 'proven') return keep(knowledge.identity, null);
  const identity = session.readFile('identity');
  if (!identity.ok) return yield* explainReading(parts, identity.error);
  const hash = readBasicKeyHash(identity.value);
  // Made before chips had a key of their own: nothing to ask, and nothing known against it.
  if (hash.length === 0) return keep('unchecked', null);

  const token = knowToken(knowledge, session);
  if (!token.ok) return yield* explainReading(parts, token.error);
  const basicKey = session.readFile('basicKey');
  if (!basicKey.ok) return yield* explainReading(parts, basicKey.error);
  const key = proveBasicKey({ basicKey: basicKey.value, hash, identity: knowledge.identity });
  // The files name a key that this chip does not have, however it explains that: they were made for another.
  if (token.value.applet < firstAppletWithKey || basicKey.value === null || key !== 'proven') return keep('not_proven', null);
  const salt = makeSalt();
  const signed = session.sign({ key: 'Card', kind: 'ec', data: hashChallenge({ txId, salt }), pin: null });
  if (!signed.ok) return yield* explainSigning(parts, signed.error, null);
  const evidence: ChipEvidence = {
    basicKey: basicKey.value.toString('base64'),
    salt,
    signature: signed.value.toString('base64'),
  };
  return keep(verifyChip(evidence, { basicKeyHash: hash, txId }) ? 'proven' : 'not_proven', evidence);

  function keep(outcome: Outcome, found: ChipEvidence | null): CardAnswer {
    const answer: CardAnswer = { answer: 'chip', outcome, evidence: found };
    knowledge.chip = { txId, answer };
    return answer;
  }
}

/** Empty when the file tells none. */
function readBasicKeyHash(file: Buffer | null): Uint8Array {
  const parsed = parseIdentityFile(file ?? new Uint8Array(0));
  // A copy: the file is overwritten.
  const hash = parsed.ok ? Uint8Array.from(parsed.value.basicKeyHash) : new Uint8Array(0);
  file?.fill(0);
  return hash;
}
