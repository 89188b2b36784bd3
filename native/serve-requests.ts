import { type CardMessage, type CardProcessStart, CardRequest, type LeftCard } from '../contract/card.ts';
import { unreachable } from '../contract/result.ts';
import type { CardReader } from './card-reader.ts';
import { collectGarbage } from './collect-garbage.ts';

const aliveMs = 2_000;

/** What main asks of the card's process, whatever carries the messages. */
export function serveRequests(parts: {
  tell(message: CardMessage): void;
  start(start: CardProcessStart, left: LeftCard | null): CardReader;
}): (data: unknown) => void {
  const { tell } = parts;
  let reader: CardReader | null = null;
  const refuse = (detail: string) => tell({ tell: 'log', event: 'request_refused', detail });

  // From a timer: a call that blocks this process blocks this too, which is how main learns of it.
  setInterval(() => tell({ tell: 'alive' }), aliveMs);

  return (data) => {
    const parsed = CardRequest.safeParse(data);
    if (!parsed.success) return refuse('not_of_the_contract');
    const request = parsed.data;
    switch (request.ask) {
      case 'start':
        // One library per process (P:general.c): a second start would share it, so it is refused.
        if (reader !== null) return refuse('started_already');
        reader = parts.start(request.start, request.left ?? null);
        return;
      case 'forget':
        reader?.forget(request.insertion);
        collectGarbage();
        return;
      case 'read':
        reader?.read();
        return;
      case 'prepare':
      case 'sign_in':
      case 'sign':
      case 'prove_chip':
        if (reader === null) return refuse('not_started');
        reader.ask(request);
        return;
      default:
        unreachable(request);
    }
  };
}
