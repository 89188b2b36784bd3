import type { CardAnswer, CardState } from '../contract/card.ts';
import type { Proof } from '../contract/identity.ts';
import { type ReadingEnd, type ReadingStep, readCard } from './card-reading.ts';
import type { Clock } from './clock.ts';
import type { Root } from './eid/roots.ts';
import { asSerial } from './left-card.ts';
import type { CardSession } from './pkcs11/session.ts';
import { type Answering, problem } from './questions/answer.ts';
import { answerQuestion, type Question } from './questions/answer-question.ts';
import { type CardKnowledge, knowNothing, knowToken, wipeKnowledge } from './questions/card-knowledge.ts';

export type HeldCardParts = {
  session: CardSession;
  insertion: number;
  /** When the card was first seen, in the clock's milliseconds. */
  since: number;
  roots: readonly Root[];
  clock: Clock;
  pollMs: number;
  allowDialog: boolean;
  log(event: string, detail: string): void;
  tellState(state: CardState): void;
  tellSerial(serial: string): void;
  answer(id: string, answer: CardAnswer): void;
};

/** The one card whose session is open: being read, asked, or watched so that its removal is noticed. */
export type HeldCard = {
  insertion: number;
  /** By the token's own words; null where it says none. */
  serial(): string | null;
  /** One turn. `gone`: this card is out, or another is in its place; the holder closes it. */
  takeTurn(): { again: number } | 'gone';
  ask(question: Question): void;
  /** Drops and overwrites what was read; the session stays, for it alone can tell this card from the next person's. */
  forget(): void;
  close(): void;
};

const faultsBeforeDropping = 3;

export function holdCard(parts: HeldCardParts): HeldCard {
  const { session, insertion, pollMs } = parts;
  const knowledge: CardKnowledge = knowNothing();
  let reading: Generator<ReadingStep, ReadingEnd> | null = readCard({ ...parts, knowledge });
  let asked: { question: Question; steps: Answering } | null = null;
  let forgotten = false;
  let faults = 0;

  function readOn(steps: Generator<ReadingStep, ReadingEnd>): { again: number } | 'gone' {
    const step = steps.next();
    if (!step.done) {
      if (!('state' in step.value)) return { again: step.value.pause ? pollMs : 0 };
      const { state } = step.value;
      parts.tellState(state);
      if (state.state === 'complete') noteComplete(state.proof);
      return { again: 0 };
    }
    reading = null;
    if (step.value === 'gone') return 'gone';
    if (step.value === 'unreadable') parts.tellState({ state: 'upside_down_or_dirty', insertion });
    return { again: pollMs };
  }

  function serial(): string | null {
    const token = knowToken(knowledge, session);
    return token.ok ? asSerial(token.value.serial) : null;
  }

  function noteComplete(proof: Proof): void {
    knowledge.identity = proof.identity;
    const own = serial();
    if (own !== null) parts.tellSerial(own);
  }

  function answerOn({ question, steps }: { question: Question; steps: Answering }): { again: number } | 'gone' {
    const step = steps.next();
    if (!step.done) return { again: step.value.pause ? pollMs : 0 };
    asked = null;
    // Whatever came back counts only if this session's card was in all the while (P:cal.cpp cal_validate_session).
    const still = session.checkPresence();
    const gone = !still.ok && still.error.fault === 'gone';
    parts.answer(question.id, gone && step.value.answer !== 'problem' ? problem('card_gone') : step.value);
    return gone ? 'gone' : { again: reading === null ? pollMs : 0 };
  }

  function keepWatch(): { again: number } | 'gone' {
    const still = session.checkPresence();
    if (still.ok) {
      faults = 0;
      return { again: pollMs };
    }
    faults += 1;
    return still.error.fault === 'gone' || faults >= faultsBeforeDropping ? 'gone' : { again: pollMs };
  }

  function drop(): void {
    reading?.return('gone');
    reading = null;
    if (asked !== null) parts.answer(asked.question.id, problem('card_gone'));
    asked?.steps.return(problem('card_gone'));
    asked = null;
    wipeKnowledge(knowledge);
  }

  return {
    insertion,
    serial,
    takeTurn() {
      // The chip is proven by what the identity file says, so that one is proven first.
      const waits = asked?.question.ask === 'prove_chip' && reading !== null;
      if (asked !== null && !waits) return answerOn(asked);
      return reading === null ? keepWatch() : readOn(reading);
    },
    ask(question) {
      if (forgotten) return parts.answer(question.id, problem('card_gone'));
      // One at a time: main waits for each answer, and a PIN must never wait in line behind another.
      if (asked !== null) return parts.answer(question.id, problem('failed'));
      asked = { question, steps: answerQuestion({ ...parts, knowledge }, question) };
    },
    forget() {
      forgotten = true;
      drop();
    },
    close() {
      drop();
      session.close();
    },
  };
}
