import type { CardAnswer, CardProblem } from '../../contract/card.ts';
import type { Clock } from '../clock.ts';
import type { Root } from '../eid/roots.ts';
import type { Failure } from '../pkcs11/codes.ts';
import type { CardSession, SigningFailure } from '../pkcs11/session.ts';
import { type Pause, settle } from '../settle.ts';
import { type CardKnowledge, knowTries } from './card-knowledge.ts';

export type QuestionParts = {
  session: CardSession;
  knowledge: CardKnowledge;
  roots: readonly Root[];
  clock: Clock;
  /** Whether the library's own PIN dialog may appear on this screen. */
  allowDialog: boolean;
  log(event: string, detail: string): void;
};

/** Whoever drives it lets messages in at each pause; nothing that involves a PIN is ever begun again after one. */
export type Answering = Generator<Pause, CardAnswer>;

export function problem(cause: CardProblem, triesLeft: number | null = null): CardAnswer {
  return { answer: 'problem', problem: cause, triesLeft };
}

/** Why a file or a certificate could not be had. */
export function* explainReading(parts: QuestionParts, failure: Failure): Answering {
  parts.log('question_failed', failure.name);
  if (failure.fault === 'gone') return problem('card_gone');
  return problem((yield* settle(parts)) === 'gone' ? 'card_gone' : 'failed');
}

/**
 * Why there is no signature. `pinGivenAt`: the call that hands the PIN to the card, or has the library ask for it: when
 * that one ends without a clear answer, nobody knows whether the card counted a try.
 */
export function* explainSigning(parts: QuestionParts, failure: SigningFailure, pinGivenAt: 'login' | 'signing' | null): Answering {
  parts.log('question_failed', `${failure.at} ${failure.name}`);
  const { knowledge, session } = parts;
  const { fault } = failure;
  switch (fault) {
    case 'gone':
    case 'not_recognised':
    case 'no_such_slot':
      return problem('card_gone');
    case 'pin_wrong': {
      const before = knowTries(knowledge, session);
      knowledge.tries = { left: before === null ? null : Math.max(0, before - 1) };
      return problem('wrong_pin', knowledge.tries.left);
    }
    case 'pin_locked':
      knowledge.tries = { left: 0 };
      return problem('pin_blocked', 0);
    case 'cancelled':
      return problem('cancelled', knowTries(knowledge, session));
    case 'unsupported':
      return problem('unsupported');
    case 'not_logged_in':
      return problem('not_verified');
    case 'function_failed':
    case 'pin_refused':
      // Refused before the card was asked (P:cal.cpp cal_translate_error: EIDMW_ERR_PIN_FORMAT, no dialog in this build).
      return problem('failed', knowTries(knowledge, session));
    default: {
      const lost = pinGivenAt === failure.at;
      if (lost) knowledge.tries = { left: null };
      if ((yield* settle(parts)) === 'gone') return problem('card_gone');
      return problem(lost ? 'answer_lost' : 'failed');
    }
  }
}
