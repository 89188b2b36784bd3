import { randomUUID } from 'node:crypto';
import { type CardAnswer, type CardProblem, CardRequest } from '../../contract/card.ts';

/** What is asked about the card that is in. */
export type Question = Extract<CardRequest, { id: string }>;
type WithoutId<Q> = Q extends unknown ? Omit<Q, 'id'> : never;

export type QuestionLine = {
  ask(question: WithoutId<Question>): Promise<CardAnswer>;
  /** False for an answer that nobody waits for. */
  answered(id: string, answer: CardAnswer): boolean;
  /** The visit or the card is over: nobody waits any more. What the card does meanwhile still has its time. */
  drop(): void;
  /** The process is gone. True: a PIN was in play, so the card may be logged in and may have counted a try. */
  lose(): boolean;
  /** The question that the card's process is busy with. */
  current(): Question | null;
};

export type QuestionLineParts = {
  /** False when there is no process that knows this insertion. */
  send(question: Question): boolean;
  /** Its deadline has passed: the library hangs. */
  onOverdue(question: Question): void;
};

/** Each with the time of its slowest card, pinpad (30 s of its own) or person, and some. */
function deadlineOf(question: Question): number {
  switch (question.ask) {
    case 'prepare':
    case 'prove_chip':
      return 10_000;
    case 'sign_in':
      return question.pin === null ? 40_000 : 15_000;
    case 'sign':
      return question.way === 'pinpad' ? 40_000 : 120_000;
  }
}

type Waiting = { question: Question; settle: (answer: CardAnswer) => void };
/** `dropped`: nobody waits for it any more, and the card is still busy with it. */
type Busy = Waiting & { deadline: NodeJS.Timeout; dropped: boolean };

/**
 * One question at a time, in order. A second one of the same visit that takes a PIN is refused at once instead: behind a
 * wrong entry it would be a second try that nobody meant to make. Behind one that an earlier visit left, it waits.
 */
export function createQuestionLine({ send, onOverdue }: QuestionLineParts): QuestionLine {
  const waiting: Waiting[] = [];
  let busy: Busy | null = null;

  function sendNext(): void {
    if (busy !== null) return;
    const next = waiting.shift();
    if (next === undefined) return;
    busy = { ...next, deadline: setTimeout(() => onOverdue(next.question), deadlineOf(next.question)), dropped: false };
    if (!send(next.question)) finish(problem('card_gone'));
  }

  function finish(answer: CardAnswer): void {
    if (busy === null) return;
    clearTimeout(busy.deadline);
    busy.settle(answer);
    busy = null;
    sendNext();
  }

  function settleWaiting(cause: CardProblem): void {
    for (const { settle } of waiting.splice(0)) settle(problem(cause));
  }

  return {
    ask(asked) {
      const parsed = CardRequest.safeParse({ ...asked, id: randomUUID() });
      if (!parsed.success || !('id' in parsed.data)) return Promise.resolve(problem('failed'));
      const question = parsed.data;
      const another = [...waiting, ...(busy === null || busy.dropped ? [] : [busy])].some((each) => takesPin(each.question));
      if (takesPin(question) && another) return Promise.resolve(problem('failed'));
      return new Promise((settle) => {
        waiting.push({ question, settle });
        sendNext();
      });
    },
    answered(id, answer) {
      if (busy?.question.id !== id) return false;
      finish(answer);
      return true;
    },
    drop() {
      settleWaiting('card_gone');
      if (busy === null) return;
      busy.dropped = true;
      busy.settle(problem('card_gone'));
    },
    lose() {
      settleWaiting('failed');
      const pinInPlay = busy !== null && takesPin(busy.question);
      finish(problem(pinInPlay ? 'answer_lost' : 'failed'));
      return pinInPlay;
    },
    current: () => busy?.question ?? null,
  };
}

/** The library does not return before somebody has typed, stopped, or let the time pass. */
export function waitsForPerson(question: Question): boolean {
  return question.ask === 'sign' || (question.ask === 'sign_in' && question.pin === null);
}

function takesPin({ ask }: Question): boolean {
  return ask === 'sign_in' || ask === 'sign';
}

function problem(cause: CardProblem): CardAnswer {
  return { answer: 'problem', problem: cause, triesLeft: null };
}
